using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// What an association keeps of the one check of a path that may run at a time: the address that its peer seems to have moved
    /// to, the cookies sent, the time, and the bytes that this address may still be sent.
    /// </summary>
    internal sealed class PathCheck
    {
        internal const int CookieLength = 8;

        /// <summary>Challenges sent to one address, each with a cookie of its own.</summary>
        internal const int MostChallenges = 3;

        /// <summary>So many times the bytes received from an address that is not proven may be sent to it (RFC 9853 section 2).</summary>
        internal const int Amplification = 3;

        /// <summary>No check runs.</summary>
        internal const int Idle = 0;
        /// <summary>The peer is asked at the address that it had, whether it is still there.</summary>
        internal const int AskingOld = 1;
        /// <summary>It is asked at the new one.</summary>
        internal const int AskingNew = 2;

        internal readonly byte[] Address = new byte[Packet.MaxAddressLength];
        internal int AddressLength;
        internal int Stage;
        internal int Challenges;
        internal long Next = Deadline.Never;

        /// <summary>Whether the peer repeated its Finished from the address: without ours it cannot answer a challenge.</summary>
        internal bool WantsLastFlight;

        private readonly byte[] _cookies = new byte[MostChallenges * CookieLength];
        private long _begin;
        private int _allowance;

        /// <summary>Bytes on nanoFramework's heap.</summary>
        internal static int PlannedBytes
        {
            get { return HeapBytes.OfObject(10) + HeapBytes.OfArray(Packet.MaxAddressLength) + HeapBytes.OfArray(MostChallenges * CookieLength); }
        }

        /// <summary>Begins with an address from which so many bytes came.</summary>
        internal void Begin(byte[] address, int length, int received, int stage, long now)
        {
            Array.Copy(address, 0, Address, 0, length);
            AddressLength = length;
            _allowance = 0;
            Received(received);
            Ask(stage, now);
        }

        /// <summary>Begins to ask at one of the addresses; cookies from before count no longer.</summary>
        internal void Ask(int stage, long now)
        {
            Stage = stage;
            Challenges = 0;
            _begin = now;
            Next = now;
        }

        /// <summary>The check is over.</summary>
        internal void End()
        {
            Stage = Idle;
            Challenges = 0;
            Next = Deadline.Never;
            WantsLastFlight = false;
            Array.Clear(_cookies, 0, _cookies.Length);
        }

        /// <summary>Authentic bytes came from the address.</summary>
        internal void Received(int bytes)
        {
            // No more than is ever used, so that it cannot overflow.
            _allowance += Amplification * bytes;
            _allowance = _allowance > ushort.MaxValue ? ushort.MaxValue : _allowance;
        }

        /// <summary>Whether so many bytes may be sent to it; then they count as sent.</summary>
        internal bool TrySpend(int bytes)
        {
            if (bytes > _allowance)
            {
                return false;
            }

            _allowance -= bytes;
            return true;
        }

        /// <summary>When a stage of a length that is asked three times in it is to be looked at next.</summary>
        internal void Schedule(int timeout)
        {
            Next = Deadline.After(_begin, (long)timeout * Challenges / MostChallenges);
        }

        /// <summary>Keeps a fresh cookie as the next.</summary>
        internal void Keep(byte[] cookie, int offset)
        {
            Array.Copy(cookie, offset, _cookies, Challenges * CookieLength, CookieLength);
            Challenges++;
        }

        /// <summary>Whether a cookie is one of those sent in this stage.</summary>
        internal bool Knows(byte[] buffer, int offset)
        {
            bool isKnown = false;
            for (int i = 0; i < Challenges; i++)
            {
                isKnown |= ConstantTime.AreEqual(buffer, offset, _cookies, i * CookieLength, CookieLength);
            }

            return isKnown;
        }
    }
}
