using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>What PlanMemory tells of endpoints with DTLS 1.3, against what there is, counted object by object.</summary>
[TestClass]
public class PlanTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void The_plan_is_within_5_percent_of_what_there_is()
    {
        foreach (string name in new[] { "constrained", "tuned", "groups", "both versions", "many sessions", "many handshakes", "connection IDs" })
        {
            Verify(name + " client", Options(name, false).PlanMemory(false), new BoardSize().Add(new DtlsClientEngine(Options(name, false))));
            Verify(name + " server", Options(name, true).PlanMemory(true), new BoardSize().Add(new DtlsServerEngine(Options(name, true))));
        }
    }

    [TestMethod]
    public void At_the_peak_every_session_is_connected_and_every_slot_in_use()
    {
        DtlsOptions options = Options("constrained", true);
        MemoryPlan plan = options.PlanMemory(true);
        options.MaxSessions++;
        MemoryPlan one = options.PlanMemory(true);
        Assert.IsTrue(one.Peak - plan.Peak >= plan.Session, "One more session, and its place in the tables.");
        options.MaxSessions--;
        options.MaxHandshakes++;
        Assert.IsTrue(options.PlanMemory(true).Peak - plan.Peak > options.PlanMemory(true).Total - plan.Total, "A handshake makes more while it runs.");
        options.Features = [new ConnectionIdFeature(8)];
        int without = options.PlanMemory(true).Session;
        options.Features = [new ConnectionIdFeature(8) { Spares = 4 }];
        Assert.AreEqual(without + (4 * 36), options.PlanMemory(true).Session, "IDs to spare.");
    }

    [TestMethod]
    public void What_a_connection_adds_is_within_5_percent_of_what_there_is()
    {
        foreach (bool is13 in new[] { false, true })
        {
            TestBed bed = is13 ? Bed13.PskAlone() : new TestBed();
            Assert.IsTrue(Bed13.Connect(bed));
            bed.Network.Settle();
            int addedToClient = new BoardSize().Without(Outside(bed.Client.Engine)).Add(bed.Client.Association).Bytes;
            int addedToServer = new BoardSize().Without(Outside(bed.Server)).Add(bed.ServerAssociation!).Bytes;
            Verify("client's session", bed.Client.Engine.Options, false, addedToClient);
            Verify("server's session", bed.Server.Options, true, addedToServer);
        }
    }

    [TestMethod]
    public void The_peak_has_room_for_the_keys_of_every_handshake_that_are_made_again()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        bed.Network.Settle();
        bed.Network.Inject(true, TestBed.Address, [0x2A, .. new byte[40]], 0);
        bed.Network.Settle();
        Assert.IsNotNull(bed.ServerAssociation!.ReadEpoch.Before);
        int there = new BoardSize().Without(Outside(bed.Server)).Add(bed.ServerAssociation).Bytes;
        DtlsOptions options = (DtlsOptions)bed.Server.Options;
        MemoryPlan plan = options.PlanMemory(true);
        options.MaxHandshakes++;
        int running = options.PlanMemory(true).Peak - options.PlanMemory(true).Total - (plan.Peak - plan.Total);
        options.MaxHandshakes--;
        int connected = (plan.Peak - plan.Total - (options.MaxHandshakes * running)) / options.MaxSessions;
        int planned = connected + (plan.Sessions / options.ServerPlaces);
        TestContext.WriteLine("A session with the keys of its handshake: planned " + planned + ", there is " + there);
        Assert.IsTrue(Math.Abs(planned - there) * 20 <= there, planned + ", " + there);
    }

    [TestMethod]
    public void A_client_with_a_key_alone_reserves_little_unless_its_hellos_may_be_long()
    {
        DtlsOptions options = Bed13.Options(false, 1, Bed13.NoGroup, true);
        Assert.AreEqual(1024, options.MaxHandshakeMessage);
        Assert.AreEqual(1024 + 2, options.MaxFlight);
        Assert.AreEqual(2, options.OutOfOrderSlots);
        Assert.AreEqual(1024, Bed13.Options(false, 1, Bed13.X25519, true).MaxHandshakeMessage);
        Assert.AreEqual(2048, Bed13.Options(false, 1, [NamedGroup.X25519, NamedGroup.X25519MlKem768], true).MaxHandshakeMessage);
        Assert.AreEqual(2048, Bed13.Options(true, 1, Bed13.NoGroup, true).MaxHandshakeMessage, "a server's");
        ((Version13)options.Versions.At(0)).Importer = new PskImporter(new byte[100]);
        Assert.AreEqual(2048, options.MaxFlight);
        DtlsOptions earlier = TestBed.Options(1);
        int flight = earlier.MaxFlight;
        earlier.Versions = new VersionTable().Add(new Dtls12());
        Assert.AreEqual(flight + 640, earlier.MaxFlight);
        Assert.AreEqual(1024, earlier.MaxHandshakeMessage);
    }

    private static object?[] Outside(AssociationHost engine)
    {
        Associations13? feature = Associations13.Of(engine);
        return [engine, engine.NoLastFlight, feature, feature?.Mask, EpochBounds.Usual];
    }

    private void Verify(string what, EndpointOptions options, bool isServer, int there)
    {
        MemoryPlan plan = ((DtlsOptions)options).PlanMemory(isServer);
        TestContext.WriteLine(what + ": planned " + plan.Session + ", there is " + there);
        Assert.IsTrue(Math.Abs(plan.Session - there) * 20 <= there, what + ": planned " + plan.Session + ", there is " + there + ".");
    }

    private void Verify(string what, MemoryPlan plan, BoardSize size)
    {
        int planned = plan.Total - plan.Pool;
        TestContext.WriteLine(what + ": planned " + planned + " (engine " + plan.Engine + ", sessions " + plan.Sessions + ", handshakes " + plan.Handshakes
            + "), there is " + size.Bytes + ".\n" + size);
        Assert.IsTrue(Math.Abs(planned - size.Bytes) * 20 <= size.Bytes, what + ": planned " + planned + ", there is " + size.Bytes + ".");
    }

    private static DtlsOptions Options(string name, bool isServer)
    {
        bool hasGroups = name == "groups";
        DtlsOptions options = Bed13.Options(isServer, 1, hasGroups ? Bed13.X25519 : Bed13.NoGroup, !hasGroups);
        switch (name)
        {
            case "tuned":
                options.MaxSessions = 1;
                options.MaxHandshakes = 1;
                options.MaxHandshakeMessage = 256;
                options.MaxFlight = 512;
                options.OutOfOrderSlots = 1;
                options.OutOfOrderBytes = 64;
                break;
            case "both versions":
                options.Suites = Suites13.AddTo(PskSuites.Constrained());
                options.Versions.Add(new Dtls12());
                break;
            case "many sessions":
                options.MaxSessions = 500;
                break;
            case "many handshakes":
                options.MaxHandshakes = 100;
                break;
            case "connection IDs":
                options.Features = [new ConnectionIdFeature(4) { Spares = 2 }];
                break;
            default:
                break;
        }

        return options;
    }
}
