using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>The blocks of PKCS #1 v1.5 (RFC 8017 sections 7.2 and 9.2). A block is as long as the modulus.</summary>
    internal static class Pkcs1Block
    {
        /// <summary>Bytes of a block that are not data, at the least: 00, the type, eight of padding, 00.</summary>
        internal const int MinOverhead = 11;

        /// <summary>
        /// Writes the block that a signature over a hash is made of. Whoever verifies makes it, too, and compares it all: to
        /// parse what a peer sent is how forgeries came about.
        /// </summary>
        internal static void Encode(byte[] block, int hashAlgorithm, byte[] hash)
        {
            // DigestInfo: SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.x, NULL }, OCTET STRING }. SHA-256 is 1, SHA-384 2, SHA-512 3.
            byte[] info = new byte[]
            {
                0x30, (byte)(17 + hash.Length), 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                0x65, 0x03, 0x04, 0x02, (byte)(hashAlgorithm - CryptoAlgorithm.Sha256 + 1), 0x05, 0x00, 0x04, (byte)hash.Length,
            };
            int hashOffset = block.Length - hash.Length;
            int infoOffset = hashOffset - info.Length;
            block[0] = 0;
            block[1] = 1;
            for (int i = 2; i < infoOffset - 1; i++)
            {
                block[i] = 0xFF;
            }

            block[infoOffset - 1] = 0;
            Array.Copy(info, 0, block, infoOffset, info.Length);
            Array.Copy(hash, 0, block, hashOffset, hash.Length);
        }

        /// <summary>
        /// Takes so many bytes out of a decrypted block, and leaves the destination as it is where the block does not hold
        /// exactly so many. Every byte is read, and no branch and no index depends on one.
        /// </summary>
        internal static void Decode(byte[] block, byte[] destination, int offset, int length)
        {
            int dataOffset = block.Length - length;
            if (dataOffset < MinOverhead)
            {
                // No block of this key holds so much; both lengths are known to all.
                return;
            }

            int wrong = block[0] | block[1] ^ 2 | block[dataOffset - 1];
            for (int i = 2; i < dataOffset - 1; i++)
            {
                // Negative for zero alone.
                wrong |= (block[i] - 1) >> 31 & 1;
            }

            int kept = -wrong >> 31;
            for (int i = 0; i < length; i++)
            {
                destination[offset + i] = (byte)(destination[offset + i] & kept | block[dataOffset + i] & ~kept);
            }
        }
    }
}
