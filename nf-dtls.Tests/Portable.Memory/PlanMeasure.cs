using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>What PlanMemory tells, against what the runtime's heap loses. On .NET nothing is measured.</summary>
    internal class PlanMeasure
    {
        private const int SecretLength = 32;

        internal void Verify()
        {
            CryptoProvider crypto = new SoftwareProvider(new SeededEntropy(1));
            VerifyAll("with a key alone", Options(crypto), crypto);
            DtlsOptions tuned = Options(crypto);
            tuned.MaxSessions = 4;
            tuned.MaxHandshakes = 2;
            tuned.MaxHandshakeMessage = 256;
            tuned.MaxFlight = 512;
            tuned.OutOfOrderSlots = 1;
            tuned.OutOfOrderBytes = 128;
            VerifyAll("tuned", tuned, crypto);
        }

        private static void VerifyAll(string what, DtlsOptions options, CryptoProvider crypto)
        {
            // The first of each makes what all of them share.
            HashOf(crypto);
            HmacOf(crypto);
            int hash = HashOf(crypto);
            int hmac = HmacOf(crypto);
            ClientOf(options);
            Verify("client " + what, options.PlanMemory(false).Total, ClientOf(options) - hash);
            ServerOf(options);
            Verify("server " + what, options.PlanMemory(true).Total, ServerOf(options) - (options.MaxHandshakes * hash) - (2 * hmac));
        }

        private static int HashOf(CryptoProvider crypto)
        {
            long free = Heap.Free();
            HashContext context = crypto.CreateHash(CryptoAlgorithm.Sha256);
            int taken = (int)(free - Heap.Free());
            context.Reset();
            return taken;
        }

        private static int HmacOf(CryptoProvider crypto)
        {
            long free = Heap.Free();
            HmacContext context = crypto.CreateHmac(CryptoAlgorithm.Sha256, SecretLength);
            int taken = (int)(free - Heap.Free());
            context.SetKey(new byte[SecretLength], 0, SecretLength);
            return taken;
        }

        private static int ClientOf(DtlsOptions options)
        {
            long free = Heap.Free();
            DtlsClientEngine engine = new DtlsClientEngine(options);
            int taken = (int)(free - Heap.Free());
            engine.Reset();
            return taken;
        }

        private static int ServerOf(DtlsOptions options)
        {
            long free = Heap.Free();
            DtlsServerEngine engine = new DtlsServerEngine(options);
            int taken = (int)(free - Heap.Free());
            engine.Reset();
            return taken;
        }

        private DtlsOptions Options(CryptoProvider crypto)
        {
            DtlsOptions options = new DtlsOptions();
            options.Crypto = crypto;
            Choose(options);
            options.Psk = new PskStore();
            options.Mtu = 640;
            options.PoolPackets = 4;
            options.MaxSessions = 2;
            options.MaxHandshakes = 1;
            return options;
        }

        /// <summary>The suites, and what goes with them; of a server, and of a client as well.</summary>
        protected virtual void Choose(DtlsOptions options)
        {
            options.Suites = PskSuites.Constrained();
        }

        private static void Verify(string end, int planned, int taken)
        {
            Heap.Say("planned for the " + end + ": " + planned.ToString() + ", taken: " + taken.ToString());
            Assert.IsTrue(taken <= 0 || (planned * 20 <= taken * 21 && planned * 20 >= taken * 19), "the plan for the " + end);
        }
    }
}
