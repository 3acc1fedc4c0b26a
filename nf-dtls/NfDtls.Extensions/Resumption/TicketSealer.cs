using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Seals sessions into tickets and opens them: the key's name, a random nonce, the sealed session and its tag. A ticket whose
    /// connection failed is remembered for a while, and not taken again.
    /// </summary>
    internal sealed class TicketSealer
    {
        /// <summary>What a ticket has beside the session.</summary>
        internal const int Overhead = TicketKey.NameLength + NonceLength + TicketKey.TagLength;

        /// <summary>Tickets that it remembers so.</summary>
        internal const int Refused = 16;

        private const int NonceLength = 12;

        private readonly WireWriter _writer = new WireWriter();
        private readonly WireReader _reader = new WireReader();
        private readonly long[] _refused = new long[Refused];
        private int _nextRefused;

        /// <summary>A ticket of a session, or null where there is no key, or no entropy.</summary>
        internal byte[] Seal(TicketKeys keys, Endpoint endpoint, SessionState session, int maxLength, long now)
        {
            TicketKey key = keys.GetCurrent(endpoint.Crypto, now);
            byte[] buffer = new byte[maxLength];
            int nonce = TicketKey.NameLength;
            int body = nonce + NonceLength;
            _writer.Reset(buffer, body, maxLength - Overhead);
            session.Write(_writer);
            AeadContext aead = key == null || _writer.Failed || !endpoint.TryRandom(buffer, nonce, NonceLength) ? null : key.CreateAead(endpoint.Crypto);
            if (aead == null)
            {
                Bytes.Clear(buffer);
                return null;
            }

            Array.Copy(key.Name, buffer, TicketKey.NameLength);
            try
            {
                aead.Seal(buffer, nonce, buffer, 0, TicketKey.NameLength, buffer, body, _writer.Length);
            }
            finally
            {
                aead.Clear();
            }

            byte[] ticket = Bytes.Copy(buffer, 0, Overhead + _writer.Length);
            Bytes.Clear(buffer);
            return ticket;
        }

        /// <summary>The session of a ticket of ours, or null.</summary>
        internal SessionState Open(TicketKeys keys, CryptoProvider crypto, byte[] ticket, long now)
        {
            if (ticket.Length <= Overhead || IsRefused(MarkOf(ticket)))
            {
                return null;
            }

            TicketKey key = keys.Find(ticket, 0, now);
            AeadContext aead = key == null ? null : key.CreateAead(crypto);
            if (aead == null)
            {
                return null;
            }

            byte[] opened = Bytes.Copy(ticket);
            int body = TicketKey.NameLength + NonceLength;
            SessionState session = new SessionState();
            bool isRight;
            try
            {
                isRight = aead.Open(opened, TicketKey.NameLength, opened, 0, TicketKey.NameLength, opened, body, ticket.Length - Overhead);
                _reader.Reset(opened, body, ticket.Length - Overhead);
                isRight = isRight && session.Read(_reader) && _reader.IsAtEnd;
            }
            finally
            {
                aead.Clear();
                Bytes.Clear(opened);
            }

            return isRight ? session : null;
        }

        /// <summary>Whether a ticket was sealed with the key that new ones are sealed with.</summary>
        internal static bool IsNew(TicketKeys keys, CryptoProvider crypto, byte[] ticket, long now)
        {
            TicketKey key = keys.GetCurrent(crypto, now);
            return key != null && ConstantTime.AreEqual(key.Name, 0, ticket, 0, TicketKey.NameLength);
        }

        /// <summary>What tells one ticket from the others: the last eight bytes, of its tag.</summary>
        internal static long MarkOf(byte[] ticket)
        {
            long mark = 0;
            for (int i = ticket.Length - 8; i < ticket.Length; i++)
            {
                mark = (mark << 8) | ticket[i];
            }

            return mark;
        }

        /// <summary>A ticket's connection failed: it is not taken again.</summary>
        internal void Refuse(long mark)
        {
            if (!IsRefused(mark))
            {
                _refused[_nextRefused] = mark;
                _nextRefused = (_nextRefused + 1) % Refused;
            }
        }

        private bool IsRefused(long mark)
        {
            for (int i = 0; i < Refused; i++)
            {
                if (_refused[i] == mark && mark != 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
