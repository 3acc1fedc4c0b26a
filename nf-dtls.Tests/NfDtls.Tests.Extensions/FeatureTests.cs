using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>What an endpoint tells a feature.</summary>
[TestClass]
public sealed class FeatureTests
{
    [TestMethod]
    public void A_feature_is_told_of_a_connection_its_records_its_time_and_its_end()
    {
        WatchingFeature watching = new WatchingFeature();
        DtlsOptions options = TestBed.Options(1);
        options.Features = new Feature[] { new WatchingFeature(), watching };
        TestBed bed = new TestBed(options, TestBed.Options(2));
        bed.Connect();
        Assert.AreEqual(1, watching.Connected);
        Assert.AreEqual(bed.Client.Engine.Association, watching.Of);
        int records = watching.Records;
        bed.Client.Engine.Association.Send(new byte[] { 1, 2, 3 }, 0, 3, bed.Network.Now);
        bed.Network.Run(100);
        Assert.AreEqual(records + 1, watching.Records, "the echo");
        Assert.AreEqual(records + 1, watching.Newest);

        watching.Deadline = bed.Network.Now + 5000;
        bed.Network.Run(4000);
        Assert.AreEqual(0, watching.Timeouts);
        bed.Network.Run(2000);
        Assert.AreEqual(1, watching.Timeouts);

        int forgotten = watching.Forgotten;
        bed.Client.Engine.Reset();
        Assert.IsGreaterThan(forgotten, watching.Forgotten);
    }

    [TestMethod]
    public void A_feature_of_a_client_is_none_of_a_server_too()
    {
        DtlsOptions options = TestBed.Options(1);
        options.Features = new Feature[] { new WatchingFeature() };
        _ = new DtlsClientEngine(options);
        StringAssert.Contains(Assert.ThrowsExactly<System.ArgumentException>(() => new NfDtls.Server.DtlsServerEngine(options)).Message, "Features");
    }

    [TestMethod]
    public void Of_two_clients_with_one_feature_the_newer_has_it()
    {
        DtlsOptions options = TestBed.Options(1);
        options.Features = new Feature[] { new WatchingFeature() };
        DtlsClientEngine older = new DtlsClientEngine(options);
        DtlsClientEngine newer = new DtlsClientEngine(options);
        StringAssert.Contains(Assert.ThrowsExactly<System.InvalidOperationException>(() => older.Connect(0)).Message, "Features");
        newer.Connect(0);
    }

    private sealed class WatchingFeature : Feature
    {
        internal int Connected { get; private set; }

        internal int Records { get; private set; }

        internal int Newest { get; private set; }

        internal int Timeouts { get; private set; }

        internal int Forgotten { get; private set; }

        internal long Deadline { get; set; } = long.MaxValue;

        internal Association? Of { get; private set; }

        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            Connected++;
            Of = association;
            association.SetState(this, handshake.Suite);
        }

        internal override void OnRecord(Association association, bool isNewest, long now)
        {
            Records++;
            Newest += isNewest ? 1 : 0;
            if (Connected > 0)
            {
                Assert.AreEqual(association.Suite, association.GetState(this));
            }
        }

        internal override long DeadlineOf(Association association)
        {
            return Deadline;
        }

        internal override void HandleTimeout(Association association, long now)
        {
            Timeouts++;
            Deadline = long.MaxValue;
        }

        internal override void Forget(Association association)
        {
            Forgotten++;
        }
    }
}
