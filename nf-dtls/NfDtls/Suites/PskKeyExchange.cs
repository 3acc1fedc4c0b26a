using System;

namespace NfDtls
{
    /// <summary>
    /// The plain PSK key exchange (RFC 4279 section 2). The key is found in the store, or the application is asked and the
    /// handshake waits. The premaster secret is N, N zeros, N, key, where N is the key's length in two bytes. Exchanges that
    /// put another secret in the zeros' place (RFC 5489) build on it.
    /// </summary>
    public class PskKeyExchange : KeyExchange
    {
        private byte[] _hint = new byte[0];
        private PskEntry _entry;
        private PskRequest _request;
        private byte[] _decoy;
        private bool _isIdentityTooLong;

        /// <summary>The key that was found or answered, else null.</summary>
        internal byte[] Key
        {
            get { return Entry == null ? null : Entry.Key; }
        }

        /// <summary>What was found, or what the application answered with; or null.</summary>
        private PskEntry Entry
        {
            get { return _request != null ? _request.Entry : _entry; }
        }

        /// <inheritdoc/>
        public override int Flags
        {
            get { return HandshakeFlags.ServerKeyExchangeOptional; }
        }

        /// <summary>The secret that stands before the key in the premaster secret; null for zeros of the key's length.</summary>
        protected virtual byte[]? OtherSecret
        {
            get { return null; }
        }

        /// <inheritdoc/>
        public override bool Writes(Handshake handshake, int messageType)
        {
            return messageType != HandshakeType.ServerKeyExchange || AskedServer.HintOf(handshake) != null;
        }

        /// <inheritdoc/>
        public override CryptoOperation? BeforeWriting(Handshake handshake, int messageType)
        {
            if (messageType != HandshakeType.ClientKeyExchange)
            {
                return null;
            }

            if (handshake.Options.AskForPsk)
            {
                return Ask(handshake, _hint);
            }

            _entry = handshake.Options.Psk.FindByHint(_hint, 0, _hint.Length);
            return _entry == null ? new CompletedOperation(DtlsError.UnknownPskIdentity) : null;
        }

        /// <inheritdoc/>
        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            if (messageType == HandshakeType.ServerKeyExchange)
            {
                PskServerKeyExchange.Write(writer, AskedServer.HintOf(handshake));
                return;
            }

            byte[] identity = Entry.Identity;
            handshake.SetPskIdentity(identity, 0, identity.Length);
            PskClientKeyExchange.Write(writer, identity);
        }

        /// <inheritdoc/>
        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            if (messageType == HandshakeType.ServerKeyExchange)
            {
                int length = PskServerKeyExchange.Read(reader);
                if (length < 0)
                {
                    return DtlsError.DecodeError;
                }

                // A longer hint than any key can carry is a hint that no key carries.
                _hint = new byte[length > PskStore.MaxIdentityLength ? 0 : length];
                Array.Copy(reader.Buffer, reader.Position - length, _hint, 0, _hint.Length);
                return DtlsError.None;
            }

            int identity = PskClientKeyExchange.Read(reader);
            if (identity < 0)
            {
                return DtlsError.DecodeError;
            }

            // A longer identity than any key can have is an unknown one, and not worth its memory.
            _isIdentityTooLong = identity > PskStore.MaxIdentityLength;
            handshake.SetPskIdentity(reader.Buffer, reader.Position - identity, _isIdentityTooLong ? PskStore.MaxIdentityLength : identity);
            return DtlsError.None;
        }

        /// <inheritdoc/>
        public override CryptoOperation? AfterReading(Handshake handshake, int messageType)
        {
            if (messageType != HandshakeType.ClientKeyExchange)
            {
                return null;
            }

            // A decoy is made for known identities, too: else the time that it takes would tell them from unknown ones.
            bool hides = handshake.Options.HideUnknownIdentities;
            if (hides && !MakeDecoy(handshake))
            {
                return new CompletedOperation(DtlsError.NoEntropy);
            }

            byte[] identity = handshake.PskIdentity;
            if (!_isIdentityTooLong && handshake.Options.AskForPsk)
            {
                return Ask(handshake, identity);
            }

            _entry = _isIdentityTooLong ? null : AskedServer.KeysOf(handshake).FindByIdentity(identity, 0, identity.Length);
            return _entry == null && !hides ? new CompletedOperation(DtlsError.UnknownPskIdentity) : null;
        }

        /// <inheritdoc/>
        public override int WritePremasterSecret(byte[] destination, int offset, int count)
        {
            byte[] key = Key != null ? Key : _decoy;
            byte[] other = OtherSecret;
            int n = other != null ? other.Length : key.Length;
            int length = 4 + n + key.Length;
            if (count < length)
            {
                return -1;
            }

            WritePart(destination, offset, other, n);
            WritePart(destination, offset + 2 + n, key, key.Length);
            return length;
        }

        /// <inheritdoc/>
        public override void Clear()
        {
            if (_request != null)
            {
                _request.Cancel();
            }

            _entry = null;
            _request = null;
            _decoy = null;
        }

        /// <summary>Writes a secret behind its length; null stands for zeros.</summary>
        private static void WritePart(byte[] destination, int offset, byte[] secret, int length)
        {
            destination[offset] = (byte)(length >> 8);
            destination[offset + 1] = (byte)length;
            if (secret != null)
            {
                Array.Copy(secret, 0, destination, offset + 2, length);
            }
            else
            {
                Array.Clear(destination, offset + 2, length);
            }
        }

        private CryptoOperation Ask(Handshake handshake, byte[] asked)
        {
            bool hides = handshake.IsServer && handshake.Options.HideUnknownIdentities;
            _request = new PskRequest(handshake.IsServer, hides, asked, 0, asked.Length, handshake.Options.MaxPskLength);
            _request.ServerName = AskedServer.NameOf(handshake);
            return _request;
        }

        /// <summary>
        /// A random key in place of the one that may not be there: the client then sees what it sees with a wrong key, after the
        /// same work, and learns nothing of which identities exist.
        /// </summary>
        private bool MakeDecoy(Handshake handshake)
        {
            PskStore store = AskedServer.KeysOf(handshake);
            _decoy = new byte[store == null ? PskStore.UsualKeyLength : store.DecoyLength];
            return handshake.TryRandom(_decoy, 0, _decoy.Length);
        }
    }
}
