using System;

namespace NfDtls.Dtls13
{
    /// <summary>One end's part in a key agreement: a key pair, what the peer sent, and what comes of both.</summary>
    internal sealed class Share
    {
        internal const int LongestSecret = 66;
        internal const int LongestKey = 133;

        internal readonly byte[] Public = new byte[LongestKey];
        internal readonly byte[] Secret = new byte[LongestSecret];
        private readonly byte[] _private = new byte[LongestSecret];
        private readonly byte[] _peer = new byte[LongestKey];
        private int _peerLength;

        /// <summary>The group, or 0 where no keys are agreed on.</summary>
        internal int Group;

        /// <summary>Bytes of the shared secret, 0 where no keys are agreed on.</summary>
        internal int SecretLength
        {
            get { return NamedGroup.SecretLength(Group); }
        }

        /// <summary>Begins to make a key pair of a group.</summary>
        internal CryptoOperation Generate(CryptoProvider crypto, int group)
        {
            Group = group;
            return crypto.GenerateKey(group, _private, 0, Public, 0);
        }

        /// <summary>Takes the peer's public key; false where it has not the group's length.</summary>
        internal bool TakePeer(byte[] buffer, int offset, int count)
        {
            if (count != NamedGroup.PublicKeyLength(Group))
            {
                return false;
            }

            Array.Copy(buffer, offset, _peer, 0, count);
            _peerLength = count;
            return true;
        }

        /// <summary>Begins to compute the shared secret.</summary>
        internal CryptoOperation Agree(CryptoProvider crypto)
        {
            return crypto.Agree(Group, _private, 0, _peer, 0, _peerLength, Secret, 0);
        }

        internal void Clear()
        {
            Group = 0;
            Array.Clear(_private, 0, _private.Length);
            Array.Clear(Secret, 0, Secret.Length);
        }
    }
}
