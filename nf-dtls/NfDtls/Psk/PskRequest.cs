using System;

namespace NfDtls
{
    /// <summary>
    /// A handshake's question for a pre-shared key, answered by the application when it can, from any thread. Until then the
    /// handshake waits; its overall deadline, if one is set, goes on.
    /// </summary>
    public sealed class PskRequest : CryptoOperation
    {
        private readonly object _lock = new object();
        private readonly bool _isServer;
        private readonly bool _hidesRefusal;
        private readonly byte[] _asked;
        private readonly int _maxKeyLength;
        private byte[] _key;
        private byte[] _identity;
        private bool _isAnswered;

        internal PskRequest(bool isServer, bool hidesRefusal, byte[] asked, int offset, int count, int maxKeyLength)
        {
            _isServer = isServer;
            _hidesRefusal = hidesRefusal;
            _asked = new byte[count];
            Array.Copy(asked, offset, _asked, 0, count);
            _maxKeyLength = maxKeyLength;
        }

        /// <summary>Whether a server asks for the key of an identity; else a client asks for identity and key to a hint.</summary>
        public bool IsServer
        {
            get { return _isServer; }
        }

        /// <summary>The client's identity (to a server) or the server's hint (to a client; empty if it sent none).</summary>
        public byte[] Asked
        {
            get { return _asked; }
        }

        /// <inheritdoc/>
        public override bool IsWaiting
        {
            get
            {
                // The answer may come from another thread.
                lock (_lock)
                {
                    return !_isAnswered;
                }
            }
        }

        /// <summary>Null where the application refused and the refusal is hidden.</summary>
        internal byte[] Key
        {
            get { return _key; }
        }

        internal byte[] Identity
        {
            get { return _identity; }
        }

        /// <summary>Answers a server. The key is copied. A second answer is ignored.</summary>
        /// <exception cref="ArgumentException">The key is empty or longer than the store's maximum; the question stays open.</exception>
        public void Answer(byte[] key)
        {
            Answer(key, _asked);
        }

        /// <summary>Answers a client: the key and the identity to send. Both are copied. A second answer is ignored.</summary>
        /// <exception cref="ArgumentException">The key or the identity, 0 to 128 bytes of any value, is too long or missing; the question stays open.</exception>
        public void Answer(byte[] key, byte[] identity)
        {
            if (key == null || key.Length == 0 || key.Length > _maxKeyLength)
            {
                throw new ArgumentException("A key has 1 to " + _maxKeyLength.ToString() + " bytes.", "key");
            }

            if (!_isServer)
            {
                PskStore.CheckLength(identity, "identity");
            }

            byte[] keyCopy = new byte[key.Length];
            Array.Copy(key, keyCopy, key.Length);
            byte[] identityCopy = new byte[identity.Length];
            Array.Copy(identity, identityCopy, identity.Length);
            End(DtlsError.None, keyCopy, identityCopy);
        }

        /// <summary>Answers that there is no key.</summary>
        public void Refuse()
        {
            End(_hidesRefusal ? DtlsError.None : DtlsError.UnknownPskIdentity, null, null);
        }

        /// <inheritdoc/>
        public override bool Step(int budget)
        {
            return !IsWaiting;
        }

        /// <inheritdoc/>
        public override void Cancel()
        {
            lock (_lock)
            {
                _isAnswered = true;
                if (_key != null)
                {
                    Array.Clear(_key, 0, _key.Length);
                    _key = null;
                }
            }
        }

        private void End(DtlsError error, byte[] key, byte[] identity)
        {
            lock (_lock)
            {
                if (_isAnswered)
                {
                    return;
                }

                _key = key;
                _identity = identity;
                Error = error;
                _isAnswered = true;
            }
        }
    }
}
