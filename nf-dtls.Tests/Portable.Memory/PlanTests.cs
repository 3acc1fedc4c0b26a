using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Memory
{
    /// <summary>What PlanMemory tells of DTLS 1.2.</summary>
    [TestClass]
    public class PlanTests
    {
        [TestMethod]
        public void The_plan_is_within_5_percent_of_what_construction_takes_beside_the_providers_contexts()
        {
            new PlanMeasure().Verify();
        }
    }
}
