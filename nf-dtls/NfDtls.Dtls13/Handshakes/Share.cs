using System;

namespace NfDtls.Dtls13
{
    /// <summary>One end's part in a key agreement: a key pair, what the peer sent, and what comes of both.</summary>
    internal sealed class Share
    {
        internal const int LongestSecret = 66;
        internal const int LongestKey = 133;

        private byte[] _public;
        private byte[] _private;
        private byte[] _peer;
        private HybridShare _hybrid;

        /// <summary>What was agreed on, or null before that.</summary>
        internal byte[] Secret { get; private set; }

        /// <summary>The group, or 0 where no keys are agreed on.</summary>
        internal int Group;

        /// <summary>Bytes of the shared secret, 0 where no keys are agreed on.</summary>
        internal int SecretLength
        {
            get { return Group == NamedGroup.X25519MlKem768 ? HybridShare.SecretLength : NamedGroup.SecretLength(Group); }
        }

        /// <summary>Whether a provider has a group, or both of which one is made.</summary>
        internal static bool IsSupportedBy(CryptoProvider crypto, int group)
        {
            return group != NamedGroup.X25519MlKem768
                ? crypto.Supports(CryptoAlgorithm.Agree + group)
                : crypto.Supports(CryptoAlgorithm.Agree + NamedGroup.MlKem768) && crypto.Supports(CryptoAlgorithm.Agree + NamedGroup.X25519);
        }

        /// <summary>Begins to make a key pair of a group.</summary>
        internal CryptoOperation Generate(CryptoProvider crypto, int group, bool isServer)
        {
            Group = group;
            if (group == NamedGroup.X25519MlKem768)
            {
                return Hybrid(isServer).Generate(crypto);
            }

            if (_private == null)
            {
                _private = new byte[LongestSecret];
                _public = new byte[LongestKey];
            }

            return crypto.GenerateKey(group, _private, 0, _public, 0);
        }

        /// <summary>Takes the peer's public key; false where it has not the group's length.</summary>
        internal bool TakePeer(byte[] buffer, int offset, int count, bool isServer)
        {
            if (Group == NamedGroup.X25519MlKem768)
            {
                return Hybrid(isServer).TakePeer(buffer, offset, count);
            }

            if (count != NamedGroup.PublicKeyLength(Group))
            {
                return false;
            }

            _peer = Piece.Of(buffer, offset, count);
            return true;
        }

        /// <summary>Begins to compute the shared secret.</summary>
        internal CryptoOperation Agree(CryptoProvider crypto)
        {
            Secret = new byte[LongestSecret];
            return Group == NamedGroup.X25519MlKem768
                ? _hybrid.Agree(crypto, Secret)
                : crypto.Agree(Group, _private, 0, _peer, 0, _peer.Length, Secret, 0);
        }

        /// <summary>Writes the own public key with its length before it.</summary>
        internal void WritePublic(WireWriter writer)
        {
            int vector = writer.BeginVector(2);
            if (Group == NamedGroup.X25519MlKem768)
            {
                _hybrid.WritePublic(writer);
            }
            else
            {
                writer.WriteBytes(_public, 0, NamedGroup.PublicKeyLength(Group));
            }

            writer.EndVector(vector, 2);
        }

        internal void Clear()
        {
            Group = 0;
            Wipe(_private);
            Wipe(Secret);
            _private = null;
            _public = null;
            _peer = null;
            Secret = null;
            if (_hybrid != null)
            {
                _hybrid.Clear();
                _hybrid = null;
            }
        }

        private static void Wipe(byte[] secret)
        {
            if (secret != null)
            {
                Array.Clear(secret, 0, secret.Length);
            }
        }

        /// <summary>2.5 KB at a server and 1.4 KB at a client, so only for a handshake that takes it.</summary>
        private HybridShare Hybrid(bool isServer)
        {
            if (_hybrid == null)
            {
                _hybrid = new HybridShare(isServer);
            }

            return _hybrid;
        }
    }
}
