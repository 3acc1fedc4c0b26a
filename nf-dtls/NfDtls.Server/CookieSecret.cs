using System;

namespace NfDtls.Server
{
    /// <summary>
    /// Makes and checks cookies (RFC 6347 section 4.2.1): an HMAC over the peer's address and what stands before the cookie
    /// in a ClientHello, so that a first fragment is enough. The secret changes; the one before it still holds. It is drawn here, or the
    /// application's (<see cref="CookieKeys"/>).
    /// </summary>
    internal sealed class CookieSecret
    {
        internal const int Length = 16;

        /// <summary>The hello proves its address.</summary>
        internal const int Valid = 0;
        /// <summary>It does not; the cookie that it should carry is ready for <see cref="Write"/>.</summary>
        internal const int Invalid = 1;
        /// <summary>The provider failed, for want of entropy most likely, with <see cref="Failure"/>: nothing can be said.</summary>
        internal const int Unknown = 2;

        /// <summary>It is a part of a hello without a cookie, and is kept until the rest has come.</summary>
        internal const int Kept = 3;

        /// <summary>What is added of a version that adds nothing.</summary>
        internal readonly byte[] Nothing = new byte[0];

        /// <summary>The most bytes that a version adds to what is authenticated.</summary>
        internal const int MostAdded = 4 + 48;

        private const int SecretLength = CookieKeys.KeyLength;

        private readonly CryptoProvider _crypto;
        private readonly CookieKeys _keys;
        private readonly int _lifetime;
        private readonly byte[] _mac = new byte[SecretLength];
        private readonly byte[] _other = new byte[SecretLength];

        // Address with its length, version, random, session id with its length, and what a version adds.
        private readonly byte[] _input = new byte[1 + Packet.MaxAddressLength + 2 + ClientHello.RandomLength + 1 + ClientHello.MaxSessionIdLength + MostAdded];
        private HmacContext _current;
        private HmacContext _previous;
        private long _changeAt;
        private long _period;
        private bool _isMade;
        private Exception _failure;

        internal CookieSecret(CryptoProvider crypto, int lifetime, Feature[] features)
        {
            for (int i = 0; i < features.Length && _keys == null; i++)
            {
                _keys = features[i] as CookieKeys;
            }

            _crypto = crypto;
            _lifetime = lifetime;
            _current = crypto.CreateHmac(CryptoAlgorithm.Sha256, SecretLength);
            _previous = crypto.CreateHmac(CryptoAlgorithm.Sha256, SecretLength);
        }

        /// <summary>What the provider threw last.</summary>
        internal Exception Failure
        {
            get { return _failure; }
        }

        /// <summary>Whether a hello carries a cookie made for it under this secret or the one before; two HMACs at most.</summary>
        /// <param name="address">Where the hello came from.</param>
        /// <param name="addressLength">Bytes of that.</param>
        /// <param name="buffer">Holds the hello.</param>
        /// <param name="hello">Where its parts stand there.</param>
        /// <param name="added">What a version has authenticated besides, from its beginning on.</param>
        /// <param name="addedLength">Bytes of that, at most <see cref="MostAdded"/>.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal int Judge(byte[] address, int addressLength, byte[] buffer, ClientHello hello, byte[] added, int addedLength, long now)
        {
            try
            {
                Rotate(now);
                return Compare(address, addressLength, buffer, hello, added, addedLength);
            }
            catch (Exception e)
            {
                // Not for the application to catch in the middle of a datagram; the peer will ask again.
                _failure = e;
                return Unknown;
            }
        }

        /// <summary>Writes the cookie that the hello judged last should have carried.</summary>
        internal void Write(byte[] destination, int offset)
        {
            Array.Copy(_mac, 0, destination, offset, Length);
        }

        private int Compare(byte[] address, int addressLength, byte[] buffer, ClientHello hello, byte[] added, int addedLength)
        {
            int length = WriteInput(address, addressLength, buffer, hello);
            Array.Copy(added, 0, _input, length, addedLength);
            length += addedLength;
            _current.Compute(_input, 0, length, _mac, 0);
            if (hello.CookieLength != Length)
            {
                return Invalid;
            }

            if (ConstantTime.AreEqual(_mac, 0, buffer, hello.Cookie, Length))
            {
                return Valid;
            }

            _previous.Compute(_input, 0, length, _other, 0);
            return ConstantTime.AreEqual(_other, 0, buffer, hello.Cookie, Length) ? Valid : Invalid;
        }

        private void Rotate(long now)
        {
            if (_keys != null)
            {
                Follow(_keys.GetPeriod(now));
                return;
            }

            if (_isMade && now < _changeAt)
            {
                return;
            }

            // Both go where neither has been in use for a whole lifetime.
            bool isLong = !_isMade || now >= Deadline.After(_changeAt, _lifetime);
            try
            {
                SetKeys(isLong);
            }
            finally
            {
                Array.Clear(_mac, 0, SecretLength);
                Array.Clear(_other, 0, SecretLength);
            }

            // Not before all has succeeded: else the one in use would be lost, and one that has had its time hold on.
            HmacContext next = _previous;
            _previous = _current;
            _current = next;
            _isMade = true;
            _changeAt = Deadline.After(now, _lifetime);
        }

        /// <summary>Takes the application's keys of a number and the one before.</summary>
        private void Follow(long period)
        {
            if (_isMade && period == _period)
            {
                return;
            }

            _isMade = false;
            try
            {
                _keys.WriteKey(period, _mac, 0);
                _current.SetKey(_mac, 0, SecretLength);
                _keys.WriteKey(period - 1, _mac, 0);
                _previous.SetKey(_mac, 0, SecretLength);
            }
            finally
            {
                Array.Clear(_mac, 0, SecretLength);
            }

            _isMade = true;
            _period = period;
        }

        private void SetKeys(bool both)
        {
            _crypto.Random(_mac, 0, SecretLength);
            if (both)
            {
                _crypto.Random(_other, 0, SecretLength);
                _current.SetKey(_other, 0, SecretLength);
            }

            _previous.SetKey(_mac, 0, SecretLength);
        }

        private int WriteInput(byte[] address, int addressLength, byte[] buffer, ClientHello hello)
        {
            _input[0] = (byte)addressLength;
            Array.Copy(address, 0, _input, 1, addressLength);
            int at = 1 + addressLength;
            _input[at] = (byte)(hello.Version >> 8);
            _input[at + 1] = (byte)hello.Version;
            Array.Copy(buffer, hello.Random, _input, at + 2, ClientHello.RandomLength);
            at += 2 + ClientHello.RandomLength;
            _input[at] = (byte)hello.SessionIdLength;
            Array.Copy(buffer, hello.SessionId, _input, at + 1, hello.SessionIdLength);
            return at + 1 + hello.SessionIdLength;
        }
    }
}
