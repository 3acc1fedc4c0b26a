using System;

namespace NfDtls
{
    /// <summary>What is done with public keys beyond pointing at them.</summary>
    public static class PublicKeys
    {
        /// <summary>Copies what the other key points at into an array of its own, and points there.</summary>
        public static void CopyFrom(this PublicKey key, PublicKey other)
        {
            byte[] copy = new byte[other.Count + other.ExponentCount];
            Array.Copy(other.Buffer, other.Offset, copy, 0, other.Count);
            Array.Copy(other.Buffer, other.ExponentOffset, copy, other.Count, other.ExponentCount);
            if (other.Kind == KeyKind.Rsa)
            {
                key.SetRsa(copy, 0, other.Count, other.Count, other.ExponentCount);
            }
            else
            {
                key.Set(other.Kind, copy, 0, other.Count);
            }
        }

        /// <summary>Whether two keys are the same. Public values: not in constant time.</summary>
        public static bool Matches(this PublicKey key, PublicKey other)
        {
            return other != null && key.Kind == other.Kind && key.Kind != 0
                && AreEqual(key.Buffer, key.Offset, key.Count, other.Buffer, other.Offset, other.Count)
                && AreEqual(key.Buffer, key.ExponentOffset, key.ExponentCount, other.Buffer, other.ExponentOffset, other.ExponentCount);
        }

        private static bool AreEqual(byte[] a, int aOffset, int aCount, byte[] b, int bOffset, int bCount)
        {
            return aCount == bCount && ConstantTime.AreEqual(a, aOffset, b, bOffset, aCount);
        }
    }
}
