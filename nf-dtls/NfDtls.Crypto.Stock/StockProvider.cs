using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Crypto.Stock
{
    /// <summary>
    /// AES-128 and HMAC-SHA-256 by nanoFramework.System.Security.Cryptography, which stock firmware has: hardware on ESP32, C
    /// elsewhere. All else is for the providers behind it in a <see cref="CompositeProvider"/>, the managed one as a rule.
    /// </summary>
    /// <remarks>
    /// That library works on whole arrays and returns fresh ones: a record costs at most 4 arrays of about its own length, and
    /// no more than 2 while records of one length follow each other.
    /// </remarks>
    public sealed class StockProvider : ConstrainedStockProvider
    {
        private readonly SoftwareProvider _software;

        /// <summary>Makes the provider.</summary>
        /// <param name="software">Gives the hashes for the MAC of CBC suites; belongs to the same engine.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        public StockProvider(SoftwareProvider software)
            : base(software)
        {
            _software = software;
        }

        /// <summary>The provider for an endpoint on stock firmware: this one first, then managed code with the firmware's entropy.</summary>
        public static new CompositeProvider Create(EntropySource entropy)
        {
            return Join(new SoftwareProvider(entropy));
        }

        /// <summary>The same, whose random generator takes along at each boot what the boot before left in a place of the application's.</summary>
        public static new CompositeProvider Create(EntropySource entropy, SavedSeed saved)
        {
            return Join(new SoftwareProvider(entropy, saved));
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            if (base.Supports(algorithm))
            {
                return true;
            }

            switch (algorithm)
            {
                case CryptoAlgorithm.Aes128Gcm:
                case CryptoAlgorithm.Aes128CbcHmacSha1:
                case CryptoAlgorithm.Aes128CbcHmacSha256:
                case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Gcm: return true;
                default: return false;
            }
        }

        /// <inheritdoc/>
        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            if (algorithm != CryptoAlgorithm.Aes128Gcm)
            {
                return base.CreateAead(algorithm, key, offset, tagLength);
            }

            CheckTag(tagLength == 16);
            return new StockGcm(Copy(key, offset, KeyLength));
        }

        /// <inheritdoc/>
        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            if (algorithm != CryptoAlgorithm.Aes128CbcHmacSha1 && algorithm != CryptoAlgorithm.Aes128CbcHmacSha256)
            {
                return base.CreateCbc(algorithm, keys, offset, encryptThenMac);
            }

            HmacState hmac = _software.MakeHmac(algorithm == CryptoAlgorithm.Aes128CbcHmacSha1 ? CryptoAlgorithm.Sha1 : CryptoAlgorithm.Sha256);
            hmac.SetKey(keys, offset, hmac.Size);
            return new StockCbc(Copy(keys, offset + hmac.Size, KeyLength), hmac, encryptThenMac);
        }

        /// <inheritdoc/>
        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            // The cipher's block alone makes the mask.
            return base.CreateMask(algorithm == CryptoAlgorithm.Aes128Gcm ? CryptoAlgorithm.Aes128Ccm : algorithm, key, offset);
        }

        private static CompositeProvider Join(SoftwareProvider software)
        {
            return new CompositeProvider(new CryptoProvider[] { new StockProvider(software), software });
        }
    }
}
