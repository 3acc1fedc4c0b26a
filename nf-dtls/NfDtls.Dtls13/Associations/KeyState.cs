using System;

namespace NfDtls.Dtls13
{
    /// <summary>What an association keeps of its handshake, so that keys can follow each other: its secrets, and where messages stand.</summary>
    internal sealed class KeyState
    {
        /// <summary>Records that a KeyUpdate was sent in, of which any may be acknowledged.</summary>
        internal const int MostSendings = 8;

        internal readonly byte[] ReadSecret;
        internal readonly byte[] WriteSecret;
        internal readonly byte[] Mask = new byte[MaskContext.SampleLength];

        /// <summary>message_seq of the next message of either end.</summary>
        internal int NextToSend;
        internal int NextToRead;

        /// <summary>What was read with before <see cref="ReadSecret"/>, as long as it is, where the association may be saved; and of which epoch.</summary>
        internal byte[] SecretBefore;
        internal long NumberBefore;

        /// <summary>Where the peer's messages stood when it was saved last, and in what is stored: none beyond is acknowledged by an association whose numbers are promised.</summary>
        internal int SavedToRead;
        internal int StoredToRead;

        /// <summary>The parts of a ticket that comes, or null; and its bytes, where it is not let fall when it is whole.</summary>
        internal RangeSet Parts;
        internal byte[] Body;

        /// <summary>A ticket that was given, until its ACK has come, or null.</summary>
        internal TicketSending Ticket;

        /// <summary>An update is wanted, but was not sent yet.</summary>
        internal bool IsWanted;

        /// <summary>Whether the peer is asked to update its keys as well.</summary>
        internal bool Asks;

        /// <summary>An update was sent, and its ACK has not come.</summary>
        internal bool IsUnderWay;

        /// <summary>Whether it will be sent again.</summary>
        internal bool IsSending
        {
            get { return IsUnderWay && ResendAt != Deadline.Never; }
        }

        /// <summary>When it is sent again, how long that took last, and how often it was.</summary>
        internal long ResendAt = Deadline.Never;
        internal int Timeout;
        internal int Sendings;

        private readonly long[] _sequences = new long[MostSendings];

        /// <param name="size">Bytes of a secret.</param>
        internal KeyState(int size)
        {
            ReadSecret = new byte[size];
            WriteSecret = new byte[size];
        }

        /// <summary>A record with the update was sent.</summary>
        internal void AddSending(long sequence)
        {
            _sequences[Sendings % MostSendings] = sequence;
            Sendings++;
        }

        /// <summary>Whether the update was sent in a record.</summary>
        internal bool WasSentIn(long sequence)
        {
            bool was = false;
            for (int i = 0; i < MostSendings && i < Sendings; i++)
            {
                was |= _sequences[i] == sequence;
            }

            return was;
        }

        /// <summary>Keeps the secret of an epoch that is read beside the one that follows it.</summary>
        internal void KeepBefore(long number, byte[] secret)
        {
            ForgetBefore();
            NumberBefore = number;
            SecretBefore = new byte[ReadSecret.Length];
            Array.Copy(secret, SecretBefore, SecretBefore.Length);
        }

        /// <summary>Wipes it.</summary>
        internal void ForgetBefore()
        {
            if (SecretBefore != null)
            {
                Array.Clear(SecretBefore, 0, SecretBefore.Length);
                SecretBefore = null;
            }
        }

        internal void Clear()
        {
            Array.Clear(ReadSecret, 0, ReadSecret.Length);
            Array.Clear(WriteSecret, 0, WriteSecret.Length);
            Body = null;
            Ticket = null;
            ForgetBefore();
        }
    }
}
