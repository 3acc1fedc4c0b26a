using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Services.Engines;

/// <summary>What PlanMemory tells, against what construction allocates.</summary>
[TestClass]
public class MemoryPlanTests
{
    private static object? _kept;

    [TestMethod]
    [DataRow("defaults")]
    [DataRow("IoT")]
    [DataRow("gateway")]
    [DataRow("small")]
    [DataRow("many sessions")]
    [DataRow("many handshakes")]
    [DataRow("large packets")]
    public void The_plan_is_within_a_factor_of_two_of_what_is_allocated(string name)
    {
        DtlsOptions options = Options(name);
        long client = Allocated(() => _kept = new DtlsClientEngine(options));
        long server = Allocated(() => _kept = new DtlsServerEngine(options));
        _kept = null;
        Check(name + " client", options.PlanMemory(false).Total, client);
        Check(name + " server", options.PlanMemory(true).Total, server);
    }

    [TestMethod]
    public void A_pool_that_is_passed_in_is_not_planned_for()
    {
        DtlsOptions options = Options("defaults");
        int own = options.PlanMemory(true).Total;
        int pool = options.PlanMemory(true).Pool;
        options.Pool = new PacketPool(4, options.Mtu);
        Assert.AreEqual(0, options.PlanMemory(true).Pool);
        Assert.AreEqual(own - pool, options.PlanMemory(true).Total);
    }

    private static void Check(string what, long planned, long allocated)
    {
        Assert.IsTrue(planned <= 2 * allocated && allocated <= 2 * planned, what + ": " + planned + " bytes planned, " + allocated + " allocated.");
    }

    // The least of several: the first makes what a process makes once, and other threads' collections add to one.
    private static long Allocated(Action construct)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            construct();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static DtlsOptions Options(string name)
    {
        DtlsOptions options = name switch
        {
            "IoT" => DtlsOptions.Iot(),
            "gateway" => DtlsOptions.Gateway(),
            _ => new DtlsOptions(),
        };
        Setup.With(options, new SoftwareProvider(new SeededEntropy(1)));
        switch (name)
        {
            case "small":
                options.Mtu = 256;
                options.PoolPackets = 2;
                options.MaxSessions = 1;
                options.MaxHandshakes = 1;
                options.MaxHandshakeMessage = 256;
                options.MaxFlight = 256;
                options.OutOfOrderSlots = 0;
                break;
            case "many sessions":
                options.MaxSessions = 2000;
                break;
            case "many handshakes":
                options.MaxHandshakes = 200;
                options.MaxHandshakeMessage = 16384;
                break;
            case "large packets":
                options.Mtu = 16384;
                options.PoolPackets = 64;
                break;
        }

        return options;
    }
}
