using System;

namespace NfDtls.Dtls13
{
    /// <summary>From a traffic secret to what an epoch works with (RFC 8446 section 7.3, RFC 9147 section 4.2.3): key, IV, and the key of its numbers.</summary>
    internal static class TrafficKeys
    {
        private const int LongestKey = 32;

        /// <summary>Protects what comes in under the sender's secret.</summary>
        internal static void ProtectReading(CryptoProvider crypto, SecretTree tree, CipherSuite suite, byte[] secret, int offset, Epoch epoch)
        {
            byte[] keys = new byte[LongestKey + RecordProtection.NonceLength];
            try
            {
                // The epoch has the first before the second is made: where that fails, the first is wiped with it.
                InnerProtection protection = MakeProtection(crypto, tree, suite, secret, offset, keys);
                epoch.ReadProtection = protection;
                protection.Mask = MakeMask(crypto, tree, suite, secret, offset, keys);
                ((UnifiedCodec)epoch.ReadCodec).ReadMask = protection.Mask;
            }
            finally
            {
                Array.Clear(keys, 0, keys.Length);
            }
        }

        /// <summary>Protects what goes out under the own secret.</summary>
        internal static void ProtectWriting(CryptoProvider crypto, SecretTree tree, CipherSuite suite, byte[] secret, int offset, Epoch epoch)
        {
            byte[] keys = new byte[LongestKey + RecordProtection.NonceLength];
            try
            {
                InnerProtection protection = MakeProtection(crypto, tree, suite, secret, offset, keys);
                epoch.WriteProtection = protection;
                protection.Mask = MakeMask(crypto, tree, suite, secret, offset, keys);
                ((UnifiedCodec)epoch.WriteCodec).WriteMask = protection.Mask;
            }
            finally
            {
                Array.Clear(keys, 0, keys.Length);
            }
        }

        /// <summary>Nothing more is read in an epoch: its keys are wiped, and given up.</summary>
        internal static void EndReading(Epoch epoch)
        {
            RecordProtection protection = epoch.ReadProtection;
            epoch.IsReadable = false;
            epoch.ReadProtection = null;
            ((UnifiedCodec)epoch.ReadCodec).ReadMask = null;
            protection.Clear();
        }

        /// <summary>Nothing more is written in an epoch.</summary>
        internal static void EndWriting(Epoch epoch)
        {
            ((UnifiedCodec)epoch.WriteCodec).WriteMask = null;
            epoch.EndWriting();
        }

        private static InnerProtection MakeProtection(CryptoProvider crypto, SecretTree tree, CipherSuite suite, byte[] secret, int offset, byte[] keys)
        {
            int length = suite.KeyLength;
            tree.Expand(secret, offset, "key", keys, 0, length);
            tree.Expand(secret, offset, "iv", keys, length, RecordProtection.NonceLength);
            return new InnerProtection(crypto.CreateAead(suite.Cipher, keys, 0, suite.TagLength), keys, length);
        }

        private static MaskContext MakeMask(CryptoProvider crypto, SecretTree tree, CipherSuite suite, byte[] secret, int offset, byte[] keys)
        {
            tree.Expand(secret, offset, "sn", keys, 0, suite.KeyLength);
            return crypto.CreateMask(suite.Cipher, keys, 0);
        }
    }
}
