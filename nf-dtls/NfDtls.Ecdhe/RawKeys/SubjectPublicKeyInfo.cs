using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) of raw public keys. Of elliptic curves the DER is a fixed prefix and the key,
    /// so that no DER reader is needed; RSA has a small one of its own.
    /// </summary>
    public static class SubjectPublicKeyInfo
    {
        private const string Secp256r1 = "3059301306072A8648CE3D020106082A8648CE3D030107034200";
        private const string Secp384r1 = "3076301006072A8648CE3D020106052B81040022036200";
        private const string Secp521r1 = "30819B301006072A8648CE3D020106052B8104002303818600";
        private const string Ed25519 = "302A300506032B6570032100";

        /// <summary>
        /// Writes a key of kind Secp256r1, Secp384r1, Secp521r1 or Ed25519 as a SubjectPublicKeyInfo of 91, 120, 158 or 44 bytes, an
        /// RSA key as one of some 38 more than its modulus.
        /// </summary>
        /// <exception cref="ArgumentException">The key is of another kind.</exception>
        public static byte[] Write(PublicKey key)
        {
            int kind = key == null ? 0 : key.Kind;
            if (kind == KeyKind.Rsa)
            {
                return RsaKeyInfo.Write(key);
            }

            string prefix = Prefix(kind);
            if (prefix == null)
            {
                throw new ArgumentException("Only keys of secp256r1, secp384r1, secp521r1, Ed25519 and RSA can be raw public keys.", "key");
            }

            byte[] start = Bytes(prefix);
            byte[] info = new byte[start.Length + key.Count];
            Array.Copy(start, info, start.Length);
            Array.Copy(key.Buffer, key.Offset, info, start.Length, key.Count);
            return info;
        }

        /// <summary>
        /// Points a key at what a SubjectPublicKeyInfo holds, without a copy. False where it is of no kind above: points are
        /// uncompressed (RFC 8422 section 5.1.2), RSA has 2048 to 4096 bits.
        /// </summary>
        public static bool TryRead(byte[] buffer, int offset, int count, PublicKey key)
        {
            for (int kind = KeyKind.Secp256r1; kind <= KeyKind.Secp521r1; kind++)
            {
                string prefix = Prefix(kind);
                int length = prefix == null ? 0 : prefix.Length / 2;
                int keyLength = LengthOf(kind);
                if (length == 0 || count != length + keyLength || !IsAt(prefix, buffer, offset, offset + count))
                {
                    continue;
                }

                bool isCompressed = kind != KeyKind.Ed25519 && buffer[offset + length] != 4;
                if (!isCompressed)
                {
                    key.Set(kind, buffer, offset + length, keyLength);
                    return true;
                }
            }

            return RsaKeyInfo.TryRead(buffer, offset, count, key);
        }

        /// <summary>Whether bytes in hexadecimal stand at a place.</summary>
        internal static bool IsAt(string hex, byte[] buffer, int at, int end)
        {
            int length = hex.Length / 2;
            int i = 0;
            while (i < length && at + i < end && buffer[at + i] == ByteAt(hex, i))
            {
                i++;
            }

            return i == length;
        }

        internal static byte[] Bytes(string hex)
        {
            byte[] bytes = new byte[hex.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)ByteAt(hex, i);
            }

            return bytes;
        }

        private static int LengthOf(int kind)
        {
            switch (kind)
            {
                case KeyKind.Secp256r1: return 65;
                case KeyKind.Secp384r1: return 97;
                case KeyKind.Secp521r1: return 133;
                default: return 32;
            }
        }

        private static string Prefix(int kind)
        {
            switch (kind)
            {
                case KeyKind.Secp256r1: return Secp256r1;
                case KeyKind.Secp384r1: return Secp384r1;
                case KeyKind.Secp521r1: return Secp521r1;
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
