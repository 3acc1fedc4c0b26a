using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// What AES_CCM suites need and no more, in managed code: AES-128 and AES-256 in CCM with tags of 8 and 16 bytes, SHA-256 with HMAC and
    /// the TLS 1.2 PRF, DTLS 1.3's masks, and random bytes by HMAC_DRBG over the application's <see cref="EntropySource"/>. A linked
    /// program takes neither the code of other algorithms nor their tables. <see cref="SoftwareProvider"/> is this with the others.
    /// </summary>
    /// <remarks>
    /// One engine at a time uses a provider: its calls share scratch memory. Tables and scratch are made when an algorithm is
    /// first wanted, so a board pays only for what it uses; from the second call on <see cref="Hmac"/>, <see cref="Prf"/> and
    /// <see cref="Random"/> allocate nothing.
    /// </remarks>
    public class ConstrainedProvider : CryptoProvider
    {
        // Both count on 4 bits of entropy in a byte: 256 bits and a nonce of 128, and 256 bits.
        private const int FirstSeed = 96;
        private const int NextSeed = 64;

        // Far below the 2^48 that SP 800-90A allows, and rare enough for a slow source.
        private const int RequestsPerSeed = 1024;
        private const int LongestRequest = 65536;

        // What is longer than this is drawn by requests of its own.
        private const int LongestShare = 64;

        private const int MasterLength = 48;

        internal readonly Sha2Constants Constants = new Sha2Constants();
        private readonly HmacState[] _hmacs = new HmacState[CryptoAlgorithm.Sha512 + 1];
        private readonly EntropyReader _entropy;
        private readonly SeedKeeper _keeper;
        private readonly byte[] _seed = new byte[FirstSeed];
        private byte[] _chain;
        private byte[] _output;
        private HmacDrbg _drbg;
        private byte[] _master;
        private int _masterHash;
        private AesTables _aesTables;
        private CcmScratch _ccmScratch;
        private MaskKeys _maskKeys128;
        private MaskKeys _maskKeys256;
        private bool _seeded;

        /// <summary>Makes a provider. The source is first read when random bytes are first wanted.</summary>
        /// <param name="entropy">Where random bits come from.</param>
        /// <exception cref="ArgumentNullException">There is no source.</exception>
        public ConstrainedProvider(EntropySource entropy)
        {
            if (entropy == null)
            {
                throw new ArgumentNullException("entropy");
            }

            HmacState hmac = new HmacState(new Sha256(Constants));
            _drbg = new HmacDrbg(new KeptHmac(hmac));
            _entropy = new EntropyReader(entropy, hmac.Hash);
        }

        /// <summary>Makes a provider whose generator takes along at each boot what the boot before left.</summary>
        /// <param name="entropy">Where random bits come from.</param>
        /// <param name="saved">The place for it; read and replaced once, when random bytes are first wanted.</param>
        /// <exception cref="ArgumentNullException">There is no source or no place.</exception>
        public ConstrainedProvider(EntropySource entropy, SavedSeed saved)
            : this(entropy)
        {
            if (saved == null)
            {
                throw new ArgumentNullException("saved");
            }

            _keeper = new SeedKeeper(saved, this);
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            switch (algorithm)
            {
                case CryptoAlgorithm.Sha256:
                case CryptoAlgorithm.Aes128Ccm:
                case CryptoAlgorithm.Aes256Ccm:
                case CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha256:
                case CryptoAlgorithm.Prf + CryptoAlgorithm.Sha256:
                case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Ccm:
                case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes256Ccm:
                case CryptoAlgorithm.Random: return true;
                default: return false;
            }
        }

        /// <inheritdoc/>
        public override void Random(byte[] destination, int offset, int count)
        {
            if (!_seeded || _drbg.Requests >= RequestsPerSeed)
            {
                Reseed();
            }

            if (count <= LongestShare)
            {
                _drbg.Draw(destination, offset, count);
                return;
            }

            while (count > 0)
            {
                int n = count < LongestRequest ? count : LongestRequest;
                _drbg.Request(destination, offset, n);
                offset += n;
                count -= n;
            }
        }

        /// <summary>From now on the generator's HMAC with SHA-256 is another's, as that is faster. Before it is first used.</summary>
        internal void DrawBy(HmacContext hmac)
        {
            if (!_seeded)
            {
                _drbg = new HmacDrbg(hmac);
            }
        }

        /// <summary>
        /// Reads the entropy source now, so that what <see cref="Random"/> gives from here on does not follow from what the
        /// provider held before (prediction resistance). Otherwise it is read once in 1,024 calls.
        /// </summary>
        /// <exception cref="InvalidOperationException">The source failed, or repeats itself; or the place of a saved seed did.</exception>
        public void Reseed()
        {
            try
            {
                if (_seeded)
                {
                    _entropy.Read(_seed, NextSeed);
                    _drbg.Reseed(_seed, 0, NextSeed);
                    return;
                }

                _entropy.Read(_seed, FirstSeed);
                if (_keeper == null)
                {
                    _drbg.Instantiate(_seed, 0, FirstSeed);
                }
                else
                {
                    _keeper.Begin(_drbg, _seed, FirstSeed);
                }

                _seeded = true;
            }
            finally
            {
                Array.Clear(_seed, 0, FirstSeed);
            }
        }

        /// <inheritdoc/>
        public override HashContext CreateHash(int algorithm)
        {
            return MakeHash(algorithm);
        }

        /// <inheritdoc/>
        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            switch (algorithm)
            {
                case CryptoAlgorithm.Aes128Ccm:
                    CheckTag(tagLength == 8 || tagLength == 16);
                    return new CcmContext(MakeKey(key, offset, 16), CcmScratch, tagLength, 12);
                case CryptoAlgorithm.Aes256Ccm:
                    CheckTag(tagLength == 8 || tagLength == 16);
                    return new CcmContext(MakeKey(key, offset, 32), CcmScratch, tagLength, 12);
                default:
                    return base.CreateAead(algorithm, key, offset, tagLength);
            }
        }

        /// <inheritdoc/>
        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            switch (algorithm)
            {
                case CryptoAlgorithm.Aes128Ccm: return MakeMask(ref _maskKeys128, key, offset, 16);
                case CryptoAlgorithm.Aes256Ccm: return MakeMask(ref _maskKeys256, key, offset, 32);
                default: return base.CreateMask(algorithm, key, offset);
            }
        }

        /// <inheritdoc/>
        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            HmacState hmac = FindHmac(hash, CryptoAlgorithm.Hmac);
            Forget();
            hmac.SetKey(key, keyOffset, keyCount);
            hmac.Start();
            hmac.Update(data, offset, count);
            hmac.Finish(destination, destinationOffset);
            hmac.Clear();
        }

        /// <inheritdoc/>
        public override HmacContext CreateHmac(int hash, int maxKey)
        {
            return new KeptHmac(new HmacState(FindHmac(hash, CryptoAlgorithm.Hmac).Hash));
        }

        /// <inheritdoc/>
        public override void Prf(
            int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
            byte[] destination, int offset, int count)
        {
            HmacState hmac = FindHmac(hash, CryptoAlgorithm.Prf);
            int size = hmac.Size;

            // All room comes before the secret does: where memory ends, nothing of that is left behind.
            if (_chain == null || size > _chain.Length)
            {
                _output = new byte[size];
                _chain = new byte[size];
            }

            SetSecret(hmac, hash, secret, secretOffset, secretCount);

            // A(i) is HMAC of A(i-1), and A(0) is the seed; the output is HMAC of A(i) and the seed, for i from 1 on.
            hmac.Start();
            hmac.Update(labelAndSeed, seedOffset, seedCount);
            hmac.Finish(_chain, 0);
            while (true)
            {
                hmac.Start();
                hmac.Update(_chain, 0, size);
                hmac.Update(labelAndSeed, seedOffset, seedCount);
                hmac.Finish(_output, 0);
                int n = count < size ? count : size;
                Array.Copy(_output, 0, destination, offset, n);
                offset += n;
                count -= n;
                if (count == 0)
                {
                    break;
                }

                hmac.Start();
                hmac.Update(_chain, 0, size);
                hmac.Finish(_chain, 0);
            }

            if (_masterHash == 0)
            {
                hmac.Clear();
            }
            else
            {
                hmac.ClearScratch();
            }

            Array.Clear(_chain, 0, _chain.Length);
            Array.Clear(_output, 0, _output.Length);
        }

        /// <inheritdoc/>
        public override void Forget()
        {
            if (_masterHash != 0)
            {
                _hmacs[_masterHash].Clear();
                _masterHash = 0;
                Array.Clear(_master, 0, MasterLength);
            }
        }

        /// <summary>Gives an HMAC the PRF's secret. One that has a master secret's length is, most likely, wanted again: its pads are kept.</summary>
        private void SetSecret(HmacState hmac, int hash, byte[] secret, int offset, int count)
        {
            bool isMaster = count == MasterLength;
            if (isMaster && _masterHash == hash && ConstantTime.AreEqual(_master, 0, secret, offset, MasterLength) != 0)
            {
                return;
            }

            Forget();
            if (isMaster && _master == null)
            {
                _master = new byte[MasterLength];
            }

            hmac.SetKey(secret, offset, count);
            if (isMaster)
            {
                Array.Copy(secret, offset, _master, 0, MasterLength);
                _masterHash = hash;
            }
        }

        /// <summary>An HMAC of its own, for a context of another assembly's.</summary>
        internal HmacState MakeHmac(int hash)
        {
            return new HmacState(MakeHash(hash));
        }

        internal virtual BlockHash MakeHash(int algorithm)
        {
            if (algorithm != CryptoAlgorithm.Sha256)
            {
                throw Unsupported(algorithm);
            }

            return new Sha256(Constants);
        }

        private HmacState FindHmac(int hash, int use)
        {
            if (CryptoAlgorithm.HashSize(hash) == 0)
            {
                throw Unsupported(use + hash);
            }

            if (_hmacs[hash] == null)
            {
                if (!Supports(use + hash))
                {
                    throw Unsupported(use + hash);
                }

                // The generator's hash is free between its calls.
                _hmacs[hash] = hash == CryptoAlgorithm.Sha256 ? new HmacState(_entropy.Hash) : MakeHmac(hash);
            }

            return _hmacs[hash];
        }

        private CcmScratch CcmScratch
        {
            get
            {
                if (_ccmScratch == null)
                {
                    _ccmScratch = new CcmScratch();
                }

                return _ccmScratch;
            }
        }

        private AesMask MakeMask(ref MaskKeys keys, byte[] key, int offset, int length)
        {
            if (keys == null)
            {
                keys = new MaskKeys(Tables, CcmScratch);
            }

            return new AesMask(keys, key, offset, length);
        }

        private AesTables Tables
        {
            get
            {
                if (_aesTables == null)
                {
                    _aesTables = new AesTables();
                }

                return _aesTables;
            }
        }

        internal AesKey MakeKey(byte[] key, int offset, int length)
        {
            return new AesKey(Tables, key, offset, length);
        }

        internal static void CheckTag(bool possible)
        {
            if (!possible)
            {
                throw new ArgumentOutOfRangeException("tagLength");
            }
        }

        private static NotSupportedException Unsupported(int algorithm)
        {
            return new NotSupportedException("The managed provider lacks algorithm " + algorithm + ".");
        }
    }
}
