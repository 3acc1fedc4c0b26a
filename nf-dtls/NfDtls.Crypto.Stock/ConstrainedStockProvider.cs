using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Crypto.Stock
{
    /// <summary>
    /// What AES_128_CCM suites need, by nanoFramework.System.Security.Cryptography, which stock firmware has (hardware on ESP32, C
    /// elsewhere): AES-128 in CCM and for masks, and HMAC-SHA-256. Hashes and random bytes are a <see cref="ConstrainedProvider"/>'s, so a
    /// linked program takes no other algorithm. <see cref="StockProvider"/> is this with the others.
    /// </summary>
    /// <remarks>
    /// That library works on whole arrays and returns fresh ones: a record costs at most 4 arrays of about its own length, and
    /// no more than 2 while records of one length follow each other.
    /// </remarks>
    public class ConstrainedStockProvider : CryptoProvider
    {
        internal const int KeyLength = 16;
        private const int HashLength = 32;

        private StockCcmScratch _ccm;

        /// <summary>Makes the provider.</summary>
        /// <param name="behind">Draws random bytes, from now on by the firmware's HMAC; belongs to the same engine.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        public ConstrainedStockProvider(ConstrainedProvider behind)
        {
            if (behind == null)
            {
                throw new ArgumentNullException("behind");
            }

            behind.DrawBy(CreateHmac(CryptoAlgorithm.Sha256, HashLength));
        }

        /// <summary>The provider for an endpoint on stock firmware with AES_CCM suites alone: this one first, then managed code.</summary>
        /// <param name="entropy">Where random bits come from.</param>
        /// <exception cref="ArgumentNullException">There is no source.</exception>
        public static CompositeProvider Create(EntropySource entropy)
        {
            return Join(new ConstrainedProvider(entropy));
        }

        /// <summary>The same, whose random generator takes along at each boot what the boot before left in a place of the application's.</summary>
        /// <param name="entropy">Where random bits come from.</param>
        /// <param name="saved">The place for it; read and replaced once, when random bytes are first wanted.</param>
        /// <exception cref="ArgumentNullException">There is no source or no place.</exception>
        public static CompositeProvider Create(EntropySource entropy, SavedSeed saved)
        {
            return Join(new ConstrainedProvider(entropy, saved));
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            switch (algorithm)
            {
                case CryptoAlgorithm.Aes128Ccm:
                case CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha256:
                case CryptoAlgorithm.Prf + CryptoAlgorithm.Sha256:
                case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Ccm: return true;
                default: return false;
            }
        }

        /// <inheritdoc/>
        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            if (algorithm != CryptoAlgorithm.Aes128Ccm)
            {
                return base.CreateAead(algorithm, key, offset, tagLength);
            }

            CheckTag(tagLength == 8 || tagLength == 16);
            return new StockCcm(Copy(key, offset, KeyLength), Ccm, tagLength);
        }

        /// <inheritdoc/>
        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            return algorithm == CryptoAlgorithm.Aes128Ccm
                ? new StockMask(Copy(key, offset, KeyLength), Ccm.Aes)
                : base.CreateMask(algorithm, key, offset);
        }

        /// <inheritdoc/>
        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            if (hash != CryptoAlgorithm.Sha256)
            {
                base.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
                return;
            }

            byte[] ownKey = CopyKey(key, keyOffset, keyCount);
            byte[] ownData = Own(data, offset, count);
            byte[] digest = Platform.HmacSha256(ownKey, ownData);
            Array.Copy(digest, 0, destination, destinationOffset, HashLength);
            Array.Clear(digest, 0, HashLength);
            ClearCopy(ownKey, key);
            ClearCopy(ownData, data);
        }

        /// <inheritdoc/>
        public override void Prf(
            int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
            byte[] destination, int offset, int count)
        {
            if (hash != CryptoAlgorithm.Sha256)
            {
                base.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
                return;
            }

            // A(0) is the seed and A(i) the HMAC of A(i-1); the output is the HMAC of A(i) and the seed, for i from 1 on.
            byte[] key = CopyKey(secret, secretOffset, secretCount);
            byte[] chain = Platform.HmacSha256(key, Copy(labelAndSeed, seedOffset, seedCount));
            byte[] chainAndSeed = new byte[HashLength + seedCount];
            Array.Copy(labelAndSeed, seedOffset, chainAndSeed, HashLength, seedCount);
            while (count > 0)
            {
                Array.Copy(chain, 0, chainAndSeed, 0, HashLength);
                byte[] output = Platform.HmacSha256(key, chainAndSeed);
                int n = count < HashLength ? count : HashLength;
                Array.Copy(output, 0, destination, offset, n);
                Array.Clear(output, 0, HashLength);
                offset += n;
                count -= n;
                if (count > 0)
                {
                    byte[] next = Platform.HmacSha256(key, chain);
                    Array.Clear(chain, 0, HashLength);
                    chain = next;
                }
            }

            Array.Clear(chain, 0, HashLength);
            Array.Clear(chainAndSeed, 0, chainAndSeed.Length);
            ClearCopy(key, secret);
        }

        private StockCcmScratch Ccm
        {
            get
            {
                if (_ccm == null)
                {
                    _ccm = new StockCcmScratch();
                }

                return _ccm;
            }
        }

        private static CompositeProvider Join(ConstrainedProvider behind)
        {
            return new CompositeProvider(new CryptoProvider[] { new ConstrainedStockProvider(behind), behind });
        }

        /// <summary>A key of no bytes is one of a zero byte (RFC 2104 pads with zeros), and the firmware takes no empty array.</summary>
        private static byte[] CopyKey(byte[] key, int offset, int count)
        {
            return count == 0 ? new byte[1] : Own(key, offset, count);
        }

        /// <summary>The firmware wants whole arrays: this one, where it is all that is meant, or a copy.</summary>
        private static byte[] Own(byte[] source, int offset, int count)
        {
            return offset == 0 && count == source.Length ? source : Copy(source, offset, count);
        }

        private static void ClearCopy(byte[] copy, byte[] source)
        {
            if (copy != source)
            {
                Array.Clear(copy, 0, copy.Length);
            }
        }

        internal static byte[] Copy(byte[] source, int offset, int count)
        {
            byte[] copy = new byte[count];
            Array.Copy(source, offset, copy, 0, count);
            return copy;
        }

        internal static void CheckTag(bool possible)
        {
            if (!possible)
            {
                throw new ArgumentOutOfRangeException("tagLength");
            }
        }
    }
}
