using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>What PlanMemory tells, against what the runtime's heap loses. On .NET nothing is measured.</summary>
    [TestClass]
    public class PlanTests
    {
        [TestMethod]
        public void The_plan_is_what_construction_takes_but_for_the_providers_hashes()
        {
            DtlsOptions options = new DtlsOptions();
            options.Crypto = new SoftwareProvider(new SeededEntropy(1));
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
            options.Mtu = 640;
            options.PoolPackets = 4;
            options.MaxSessions = 2;
            options.MaxHandshakes = 1;
            int client = options.PlanMemory(false).Total;
            int server = options.PlanMemory(true).Total;
            long free = Heap.Free();
            DtlsClientEngine clientEngine = new DtlsClientEngine(options);
            long withClient = Heap.Free();
            Verify("client", client, (int)(free - withClient));
            clientEngine.Reset();
            clientEngine = null;

            free = Heap.Free();
            DtlsServerEngine serverEngine = new DtlsServerEngine(options);
            Verify("server", server, (int)(free - Heap.Free()));
            serverEngine.Reset();
        }

        private static void Verify(string end, int planned, int taken)
        {
            Heap.Say("planned for the " + end + ": " + planned.ToString() + " taken: " + taken.ToString());
            Assert.IsTrue(taken <= 0 || (planned <= taken * 11 / 10 && taken <= planned * 5 / 4), "the plan for the " + end);
        }
    }
}
