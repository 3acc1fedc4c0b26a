using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>What PlanMemory tells of DTLS 1.3.</summary>
    [TestClass]
    public class PlanTests
    {
        [TestMethod]
        public void The_plan_is_within_5_percent_of_what_construction_takes_beside_the_providers_contexts()
        {
            new Measure13().Verify();
        }

        private sealed class Measure13 : PlanMeasure
        {
            protected override void Choose(DtlsOptions options)
            {
                options.Suites = Suites13.Constrained();
                options.Versions = new VersionTable().Add(new ServerVersion13(new int[0], true));
            }
        }
    }
}
