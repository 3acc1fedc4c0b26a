using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>What sessions and handshakes would take on a board, counted object by object; Portable.Memory measures it on nanoCLR.</summary>
[TestClass]
public class SmallSessionTests
{
    // What two contexts with AES keys take beside: managed ones 60 and 240 each, the firmware's 36.
    private const int ManagedContexts = 2 * (60 + 240);
    private const int FirmwareContexts = 2 * 36;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void An_established_session_takes_at_most_1536_bytes_and_2_KB_with_managed_keys()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Settle();
        bed.VerifyEcho();
        BoardSize size = new BoardSize().Without(bed.Server, EpochBounds.Usual).Add(bed.ServerAssociation!);
        TestContext.WriteLine("A server's session: before 3,312, now " + (size.Bytes + ManagedContexts) + " with managed keys, "
            + (size.Bytes + FirmwareContexts) + " with the firmware's.\n" + size);
        Assert.IsTrue(size.Bytes + FirmwareContexts <= 1536, "With keys in the firmware: " + (size.Bytes + FirmwareContexts));
        Assert.IsTrue(size.Bytes + ManagedContexts <= 2048, "With managed keys: " + (size.Bytes + ManagedContexts));
    }

    [TestMethod]
    public void The_plan_is_within_5_percent_of_what_there_is()
    {
        foreach (string name in new[] { "constrained", "defaults", "tuned", "many sessions", "many handshakes", "IoT" })
        {
            DtlsOptions options = Options(name);
            Verify(name + " client", options.PlanMemory(false), new BoardSize().Add(new DtlsClientEngine(options)));
            Verify(name + " server", options.PlanMemory(true), new BoardSize().Add(new DtlsServerEngine(options)));
        }
    }

    [TestMethod]
    public void A_handshake_with_pre_shared_keys_reserves_what_it_needs_without_being_told()
    {
        DtlsOptions options = Options("constrained");
        int own = options.PlanMemory(false).Handshakes;
        options.MaxHandshakeMessage = 2048;
        options.MaxFlight = 2048;
        options.OutOfOrderSlots = 4;
        options.OutOfOrderBytes = 256;
        int before = options.PlanMemory(false).Handshakes;
        TestContext.WriteLine("A handshake's slot: with the buffers of before " + before + ", now " + own + ".");
        Assert.IsTrue(own <= before - 3000, own + " of " + before);
        Assert.IsTrue(own <= 5632, "A slot has " + own + " bytes.");
    }

    private void Verify(string what, MemoryPlan plan, BoardSize size)
    {
        int planned = plan.Total - plan.Pool;
        TestContext.WriteLine(what + ": planned " + planned + " (engine " + plan.Engine + ", sessions " + plan.Sessions + ", handshakes " + plan.Handshakes
            + "), there is " + size.Bytes + ".\n" + size);
        Assert.IsTrue(Math.Abs(planned - size.Bytes) * 20 <= size.Bytes, what + ": planned " + planned + ", there is " + size.Bytes + ".");
    }

    private static DtlsOptions Options(string name)
    {
        DtlsOptions options = TestBed.Options(1);
        options.Suites = name == "constrained" || name == "tuned" ? PskSuites.Constrained() : PskSuites.All();
        if (name == "tuned")
        {
            options.MaxSessions = 1;
            options.MaxHandshakes = 1;
            options.MaxHandshakeMessage = 256;
            options.MaxFlight = 512;
            options.OutOfOrderSlots = 2;
            options.OutOfOrderBytes = 128;
        }
        else if (name == "many sessions")
        {
            options.MaxSessions = 500;
        }
        else if (name == "many handshakes")
        {
            options.MaxHandshakes = 100;
        }
        else if (name == "IoT")
        {
            options.RetransmitTimeout = 9000;
            options.ReplayWindow = 256;
        }

        return options;
    }
}
