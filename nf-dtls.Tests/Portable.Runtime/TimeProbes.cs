using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>The clock that all deadlines go by: Environment.TickCount64.</summary>
    [TestClass]
    public class TimeProbes
    {
        [TestMethod]
        public void It_never_goes_back()
        {
            long last = Runtime.Now;
            for (int i = 0; i < 2000; i++)
            {
                long now = Runtime.Now;
                Assert.IsGreaterThanOrEqualTo(last, now, "reading " + i.ToString());
                last = now;
            }
        }

        [TestMethod]
        public void It_goes_on_while_every_thread_sleeps()
        {
            long start = Runtime.Now;
            Thread.Sleep(100);
            Assert.IsGreaterThanOrEqualTo(50, Runtime.Now - start, "milliseconds");
        }

        [TestMethod]
        public void It_is_not_negative_and_far_from_its_end()
        {
            Assert.IsGreaterThanOrEqualTo(0, Runtime.Now, "since some moment in the past");
            Assert.IsLessThan(long.MaxValue / 1000000, Runtime.Now, "sums with it do not overflow");
        }
    }
}
