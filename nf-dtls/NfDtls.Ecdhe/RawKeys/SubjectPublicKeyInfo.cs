using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) of elliptic curve keys, whose DER is a fixed prefix and the key: no DER
    /// reader is needed.
    /// </summary>
    public static class SubjectPublicKeyInfo
    {
        private const string Secp256r1 = "3059301306072A8648CE3D020106082A8648CE3D030107034200";
        private const string Secp384r1 = "3076301006072A8648CE3D020106052B81040022036200";
        private const string Ed25519 = "302A300506032B6570032100";

        /// <summary>Writes a key of kind Secp256r1, Secp384r1 or Ed25519 as a SubjectPublicKeyInfo of 91, 120 or 44 bytes.</summary>
        /// <exception cref="ArgumentException">The key is of another kind.</exception>
        public static byte[] Write(PublicKey key)
        {
            string prefix = Prefix(key == null ? 0 : key.Kind);
            if (prefix == null)
            {
                throw new ArgumentException("Only keys of secp256r1, secp384r1 and Ed25519 can be raw public keys.", "key");
            }

            int length = prefix.Length / 2;
            byte[] info = new byte[length + key.Count];
            for (int i = 0; i < length; i++)
            {
                info[i] = (byte)ByteAt(prefix, i);
            }

            Array.Copy(key.Buffer, key.Offset, info, length, key.Count);
            return info;
        }

        /// <summary>Points a key at what a SubjectPublicKeyInfo holds, without a copy. False where it is none of the three kinds.</summary>
        public static bool TryRead(byte[] buffer, int offset, int count, PublicKey key)
        {
            for (int kind = KeyKind.Secp256r1; kind <= KeyKind.Ed25519; kind++)
            {
                string prefix = Prefix(kind);
                int length = prefix.Length / 2;
                int keyLength = kind == KeyKind.Secp256r1 ? 65 : kind == KeyKind.Secp384r1 ? 97 : 32;
                if (count != length + keyLength)
                {
                    continue;
                }

                int i = 0;
                while (i < length && buffer[offset + i] == ByteAt(prefix, i))
                {
                    i++;
                }

                bool isCompressed = kind != KeyKind.Ed25519 && buffer[offset + length] != 4;
                if (i == length && !isCompressed)
                {
                    key.Set(kind, buffer, offset + length, keyLength);
                    return true;
                }
            }

            return false;
        }

        private static string Prefix(int kind)
        {
            switch (kind)
            {
                case KeyKind.Secp256r1: return Secp256r1;
                case KeyKind.Secp384r1: return Secp384r1;
                case KeyKind.Ed25519: return Ed25519;
                default: return null;
            }
        }

        private static int ByteAt(string hex, int index)
        {
            return (Nibble(hex[2 * index]) << 4) | Nibble(hex[(2 * index) + 1]);
        }

        private static int Nibble(char digit)
        {
            return digit <= '9' ? digit - '0' : digit - 'A' + 10;
        }
    }
}
