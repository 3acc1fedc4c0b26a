using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem): what ML-KEM-768 says, and behind it what X25519 says. The client sends an encapsulation
    /// key and its public key, the server a ciphertext and its public key, and both agree on two secrets of 32 bytes.
    /// </summary>
    internal sealed class HybridShare
    {
        internal const int SecretLength = 2 * Half;
        internal const int ClientLength = NamedGroup.MlKem768PublicLength + Half;
        internal const int ServerLength = NamedGroup.MlKem768CipherLength + Half;

        // Each of ML-KEM's secret, X25519's secret, private and public key.
        private const int Half = 32;

        private readonly bool _isServer;

        // What is sent, behind room for ML-KEM's secret, which comes with the ciphertext.
        private readonly byte[] _own;

        // A client has sent its keys, and the flight keeps them, when the server's come.
        private readonly byte[] _peer;

        // Behind the seed, which a server has none of.
        private readonly byte[] _private = new byte[NamedGroup.MlKem768PrivateLength + Half];

        internal HybridShare(bool isServer)
        {
            _isServer = isServer;
            _own = new byte[Half + (isServer ? ServerLength : ClientLength)];
            _peer = isServer ? new byte[Half + ClientLength] : _own;
        }

        private int OwnKemLength
        {
            get { return _isServer ? NamedGroup.MlKem768CipherLength : NamedGroup.MlKem768PublicLength; }
        }

        private int PeerKemLength
        {
            get { return _isServer ? NamedGroup.MlKem768PublicLength : NamedGroup.MlKem768CipherLength; }
        }

        internal bool TakePeer(byte[] buffer, int offset, int count)
        {
            if (count != PeerKemLength + Half)
            {
                return false;
            }

            Array.Copy(buffer, offset, _peer, Half, count);
            return true;
        }

        internal CryptoOperation Generate(CryptoProvider crypto)
        {
            return new Work(this, crypto, null);
        }

        internal CryptoOperation Agree(CryptoProvider crypto, byte[] secret)
        {
            return new Work(this, crypto, secret);
        }

        internal void WritePublic(WireWriter writer)
        {
            writer.WriteBytes(_own, Half, OwnKemLength + Half);
        }

        internal void Clear()
        {
            Array.Clear(_private, 0, _private.Length);
            Array.Clear(_own, 0, Half);
        }

        private CryptoOperation BeginX25519(CryptoProvider crypto, byte[] secret)
        {
            return secret == null
                ? crypto.GenerateKey(NamedGroup.X25519, _private, NamedGroup.MlKem768PrivateLength, _own, Half + OwnKemLength)
                : crypto.Agree(NamedGroup.X25519, _private, NamedGroup.MlKem768PrivateLength, _peer, Half + PeerKemLength, Half, secret, Half);
        }

        /// <summary>The second part, since a server's answer goes over nothing that the first needs.</summary>
        private CryptoOperation BeginKem(CryptoProvider crypto, byte[] secret)
        {
            if (secret != null)
            {
                return _isServer
                    ? crypto.Agree(NamedGroup.MlKem768Encapsulation, null, 0, _peer, Half, NamedGroup.MlKem768PublicLength, _own, 0)
                    : crypto.Agree(NamedGroup.MlKem768, _private, 0, _peer, Half, NamedGroup.MlKem768CipherLength, _own, 0);
            }

            return _isServer ? null : crypto.GenerateKey(NamedGroup.MlKem768, _private, 0, _own, Half);
        }

        private void Complete(byte[] secret)
        {
            if (secret != null)
            {
                Array.Copy(_own, 0, secret, 0, Half);
                Clear();
            }
        }

        /// <summary>Key pairs of both, or the secrets of both, one after the other.</summary>
        private sealed class Work : WorkInParts
        {
            private const int Parts = 3;

            private readonly HybridShare _share;
            private readonly CryptoProvider _crypto;
            private readonly byte[] _secret;

            internal Work(HybridShare share, CryptoProvider crypto, byte[] secret)
                : base(Parts)
            {
                _share = share;
                _crypto = crypto;
                _secret = secret;
                Next();
            }

            protected override CryptoOperation? Begin(int part)
            {
                if (part < 2)
                {
                    return part == 0 ? _share.BeginX25519(_crypto, _secret) : _share.BeginKem(_crypto, _secret);
                }

                _share.Complete(_secret);
                return null;
            }
        }
    }
}
