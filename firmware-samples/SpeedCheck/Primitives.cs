namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>Single operations of a provider.</summary>
    internal static class Primitives
    {
        private const int Turns = 10;

        /// <summary>What records and handshakes with pre-shared keys are made of.</summary>
        internal static void Run(CryptoProvider crypto, string name)
        {
            Stopwatch time = new Stopwatch();
            AeadContext ccm = crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8);
            byte[] data = new byte[72];
            byte[] nonce = new byte[12];
            byte[] additional = new byte[13];
            Stopwatch opened = new Stopwatch();
            for (int i = 0; i < Turns; i++)
            {
                time.Begin();
                ccm.Seal(nonce, 0, additional, 0, 13, data, 0, 64);
                time.End();
                opened.Begin();
                ccm.Open(nonce, 0, additional, 0, 13, data, 0, 64);
                opened.End();
            }

            time.Report("AES-128-CCM_8 of 64 bytes, " + name, Turns);
            opened.Report("AES-128-CCM_8 of 64 bytes, opened, " + name, Turns);

            HashContext hash = crypto.CreateHash(CryptoAlgorithm.Sha256);
            time.Begin();
            for (int i = 0; i < Turns; i++)
            {
                hash.Update(data, 0, 64);
            }

            time.End();
            time.Report("SHA-256 block, " + name, Turns);
            byte[] key = new byte[48];
            byte[] output = new byte[48];
            crypto.Prf(CryptoAlgorithm.Sha256, key, 0, 48, data, 0, 47, output, 0, 12);
            time.Begin();
            crypto.Prf(CryptoAlgorithm.Sha256, key, 0, 48, data, 0, 47, output, 0, 12);
            time.End();
            time.Report("PRF of 12 bytes, " + name, 1);
            crypto.Random(output, 0, 32);
            time.Begin();
            crypto.Random(output, 0, 32);
            time.End();
            time.Report("32 random bytes, " + name, 1);
        }
    }
}
