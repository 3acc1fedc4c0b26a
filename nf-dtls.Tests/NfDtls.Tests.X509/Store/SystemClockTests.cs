using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Store;

[TestClass]
public class SystemClockTests
{
    [TestMethod]
    public void The_machines_clock_counts_seconds_since_1970_and_not_ticks_or_days()
    {
        // Of 2024 and of the year 3000.
        Assert.IsInRange(1704067200L, 32503680000L, new SystemClock().UtcSeconds);
    }
}
