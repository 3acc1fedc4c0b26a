using System;

namespace NfDtls
{
    /// <summary>
    /// A handshake's question for a pre-shared key, answered by the application when it can, from any thread. Until then the
    /// handshake waits; its overall deadline, if one is set, goes on.
    /// </summary>
    public sealed class PskRequest : AwaitedAnswer
    {
        private readonly bool _isServer;
        private readonly bool _hidesRefusal;
        private readonly byte[] _asked;
        private readonly int _maxKeyLength;

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

        /// <summary>The name by which the client asks for one of several servers (server_name), or null: keys may be one server's alone.</summary>
        public string? ServerName { get; internal set; }

        /// <summary>Key and identity; null where the application refused and the refusal is hidden.</summary>
        internal PskEntry Entry
        {
            get { return (PskEntry)Answered; }
        }

        internal byte[] Key
        {
            get { return Entry == null ? null : Entry.Key; }
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
            PskStore.CheckKey(key, _maxKeyLength);
            if (!_isServer)
            {
                PskStore.CheckLength(identity, "identity");
            }

            End(DtlsError.None, new PskEntry(key, identity, null));
        }

        /// <summary>Answers that there is no key.</summary>
        public void Refuse()
        {
            End(_hidesRefusal ? DtlsError.None : DtlsError.UnknownPskIdentity, null);
        }

        /// <inheritdoc/>
        public override void Cancel()
        {
            base.Cancel();
            if (Key != null)
            {
                Array.Clear(Key, 0, Key.Length);
                Answered = null;
            }
        }
    }
}
