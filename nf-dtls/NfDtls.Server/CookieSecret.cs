using System;

namespace NfDtls.Server
{
    /// <summary>
    /// Makes and checks cookies (RFC 6347 section 4.2.1): an HMAC over the peer's address and what stands before the cookie
    /// in a ClientHello, so that a first fragment is enough. The secret changes; the one before it still holds.
    /// </summary>
    internal sealed class CookieSecret
    {
        internal const int Length = 16;
        private const int SecretLength = 32;

        private readonly CryptoProvider _crypto;
        private readonly int _lifetime;
        private readonly byte[] _current = new byte[SecretLength];
        private readonly byte[] _previous = new byte[SecretLength];
        private readonly byte[] _mac = new byte[SecretLength];

        // Address with its length, version, random, session id with its length.
        private readonly byte[] _input = new byte[1 + Packet.MaxAddressLength + 2 + ClientHello.RandomLength + 1 + ClientHello.MaxSessionIdLength];
        private long _changeAt;
        private bool _isMade;

        internal CookieSecret(CryptoProvider crypto, int lifetime)
        {
            _crypto = crypto;
            _lifetime = lifetime;
        }

        /// <summary>Writes the cookie for a hello; false where there is no entropy for a secret.</summary>
        internal bool TryMake(byte[] address, int addressLength, byte[] buffer, ClientHello hello, byte[] destination, int offset, long now)
        {
            if (!TryRotate(now))
            {
                return false;
            }

            Compute(_current, WriteInput(address, addressLength, buffer, hello));
            Array.Copy(_mac, 0, destination, offset, Length);
            return true;
        }

        /// <summary>Whether a hello carries a cookie made for it under this secret or the one before.</summary>
        internal bool IsValid(byte[] address, int addressLength, byte[] buffer, ClientHello hello, long now)
        {
            if (hello.CookieLength != Length || !_isMade || !TryRotate(now))
            {
                return false;
            }

            int length = WriteInput(address, addressLength, buffer, hello);
            Compute(_current, length);
            bool current = ConstantTime.AreEqual(_mac, 0, buffer, hello.Cookie, Length);
            Compute(_previous, length);
            bool previous = ConstantTime.AreEqual(_mac, 0, buffer, hello.Cookie, Length);
            return current | previous;
        }

        private bool TryRotate(long now)
        {
            if (_isMade && now < _changeAt)
            {
                return true;
            }

            // Both go where neither has been in use for a whole lifetime.
            bool isLong = !_isMade || now >= Deadline.After(_changeAt, _lifetime);
            try
            {
                _crypto.Random(_mac, 0, SecretLength);
                Array.Copy(_current, _previous, SecretLength);
                Array.Copy(_mac, _current, SecretLength);
                if (isLong)
                {
                    _crypto.Random(_previous, 0, SecretLength);
                }
            }
            catch (InvalidOperationException)
            {
                return false;
            }

            _isMade = true;
            _changeAt = Deadline.After(now, _lifetime);
            return true;
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

        private void Compute(byte[] secret, int length)
        {
            _crypto.Hmac(CryptoAlgorithm.Sha256, secret, 0, SecretLength, _input, 0, length, _mac, 0);
        }
    }
}
