using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Begins a generator with a saved seed as the personalization string of SP 800-90A section 10.1.2.3, so that no entropy is counted
    /// for it, and leaves the next one before anything is drawn.
    /// </summary>
    internal sealed class SeedKeeper
    {
        // Of a saved seed: what is mixed in, and behind it the HMAC of that boot's reading under it.
        private const int SeedLength = 32;

        private readonly SavedSeed _saved;
        private readonly CryptoProvider _crypto;
        private bool _isRefused;

        /// <param name="saved">The place.</param>
        /// <param name="crypto">Has HMAC with SHA-256.</param>
        internal SeedKeeper(SavedSeed saved, CryptoProvider crypto)
        {
            _saved = saved;
            _crypto = crypto;
        }

        /// <summary>Instantiates a generator.</summary>
        /// <param name="drbg">The generator.</param>
        /// <param name="reading">Entropy and nonce, tested.</param>
        /// <param name="count">Their bytes.</param>
        /// <exception cref="InvalidOperationException">The reading is that of the boot before, or the place fails.</exception>
        internal void Begin(HmacDrbg drbg, byte[] reading, int count)
        {
            byte[] material = new byte[count + SavedSeed.Length];
            byte[] next = new byte[SavedSeed.Length];
            try
            {
                Array.Copy(reading, 0, material, 0, count);
                int length = ReadSaved(material, count);
                if (length == SavedSeed.Length)
                {
                    Recognize(material, count, reading, count, next);
                    if (_isRefused || ConstantTime.AreEqual(next, SeedLength, material, count + SeedLength, SavedSeed.Length - SeedLength) != 0)
                    {
                        // What it gives next may be what it gave next at that boot, of which nothing is kept: it is not asked again.
                        _isRefused = true;
                        throw new InvalidOperationException("The entropy source gives what it gave at the boot before.");
                    }
                }

                drbg.Instantiate(material, 0, count + length);
                drbg.Generate(next, 0, SeedLength);
                Recognize(next, 0, reading, count, next);
                Replace(next);
            }
            finally
            {
                Array.Clear(material, 0, material.Length);
                Array.Clear(next, 0, next.Length);
            }
        }

        /// <summary>Writes behind a seed's length what a reading is known by to who has the seed.</summary>
        private void Recognize(byte[] seed, int offset, byte[] reading, int count, byte[] destination)
        {
            _crypto.Hmac(CryptoAlgorithm.Sha256, seed, offset, SeedLength, reading, 0, count, destination, SeedLength);
        }

        private int ReadSaved(byte[] destination, int offset)
        {
            int length;
            try
            {
                length = _saved.Read(destination, offset);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException("The saved seed cannot be read.", exception);
            }

            if (length < 0 || length > SavedSeed.Length)
            {
                throw new InvalidOperationException("A saved seed has 0 to 64 bytes, not " + length.ToString() + ".");
            }

            return length;
        }

        private void Replace(byte[] next)
        {
            try
            {
                _saved.Replace(next, 0);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException("The saved seed cannot be replaced.", exception);
            }
        }
    }
}
