using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Random keys of this process alone: each seals for a time, and then opens for as long again. After a restart no ticket from
    /// before can be opened, and its client gets a full handshake. May be shared by endpoints with the same time.
    /// </summary>
    public sealed class RotatingTicketKeys : TicketKeys
    {
        private readonly object _lock = new object();
        private readonly long _period;
        private TicketKey _current;
        private TicketKey _previous;
        private long _changeAt;

        /// <summary>Keys that seal for so many seconds each, 60 to 2,592,000.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is out of that range.</exception>
        public RotatingTicketKeys(int seconds)
        {
            if (seconds < 60 || seconds > 2592000)
            {
                throw new ArgumentOutOfRangeException("seconds", "A ticket key seals for 60 to 2592000 s, not " + seconds.ToString() + ".");
            }

            _period = 1000L * seconds;
        }

        /// <inheritdoc/>
        public override TicketKey? GetCurrent(CryptoProvider crypto, long now)
        {
            lock (_lock)
            {
                Age(now);
                if (_current == null)
                {
                    _current = Make(crypto);
                    _changeAt = now + _period;
                }

                return _current;
            }
        }

        /// <inheritdoc/>
        public override TicketKey? Find(byte[] name, int offset, long now)
        {
            lock (_lock)
            {
                Age(now);
                return Has(_current, name, offset) ? _current : Has(_previous, name, offset) ? _previous : null;
            }
        }

        /// <summary>What has had its time opens still, and then goes.</summary>
        private void Age(long now)
        {
            while ((_current != null || _previous != null) && now >= _changeAt)
            {
                if (_previous != null)
                {
                    _previous.Clear();
                }

                _previous = _current;
                _current = null;
                _changeAt += _period;
            }
        }

        private static bool Has(TicketKey key, byte[] name, int offset)
        {
            return key != null && ConstantTime.AreEqual(key.Name, 0, name, offset, TicketKey.NameLength);
        }

        private static TicketKey Make(CryptoProvider crypto)
        {
            int algorithm = crypto.Supports(CryptoAlgorithm.Aes128Gcm) ? CryptoAlgorithm.Aes128Gcm
                : crypto.Supports(CryptoAlgorithm.Aes128Ccm) ? CryptoAlgorithm.Aes128Ccm : CryptoAlgorithm.ChaCha20Poly1305;
            byte[] name = new byte[TicketKey.NameLength];
            byte[] key = new byte[TicketKey.LengthFor(algorithm)];
            crypto.Random(name, 0, name.Length);
            crypto.Random(key, 0, key.Length);
            TicketKey made = new TicketKey(name, algorithm, key);
            Bytes.Clear(key);
            return made;
        }
    }
}
