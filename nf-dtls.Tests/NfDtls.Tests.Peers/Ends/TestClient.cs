using System.Net;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>Our client of a peer on the loopback address.</summary>
internal sealed class TestClient : Driver
{
    private DtlsClientEngine _engine;
    private readonly IPEndPoint _peer;

    internal TestClient(DtlsOptions options, int peerPort)
    {
        _engine = new DtlsClientEngine(options);
        _peer = new IPEndPoint(IPAddress.Loopback, peerPort);
    }

    internal override Association Association
    {
        get { return _engine.Association; }
    }

    protected override DtlsEngine Engine
    {
        get { return _engine; }
    }

    internal void Connect(CipherSuite suite)
    {
        _engine.Connect(Now);
        Run(() => Association.State != AssociationState.Connecting);
        Assert.AreEqual(
            AssociationState.Connected,
            Association.State,
            "The handshake failed with " + Association.LastError + ", alert sent " + Association.AlertSent + ", received " + Association.AlertReceived + ".");
        Assert.AreEqual(suite.Name, Association.Suite.Name);
    }

    /// <summary>Goes on as another engine, with what an association was saved as.</summary>
    internal void Wake(DtlsOptions options, DurableAssociations saver, byte[] key, byte[] saved)
    {
        _engine = new DtlsClientEngine(options);
        saver.SavedIsGone(saver.Import(_engine, key, saved, 0, saved.Length, 0, Now));
    }

    /// <summary>A handshake that must fail.</summary>
    internal Association ConnectInVain()
    {
        _engine.Connect(Now);
        Assert.IsTrue(RunInVain(() => Association.State == AssociationState.Closed), "The handshake did not fail.");
        return Association;
    }

    protected override void Handle(byte[] datagram, int count, IPEndPoint from)
    {
        if (from.Equals(_peer))
        {
            _engine.HandleDatagram(datagram, 0, count, Now);
        }
    }

    protected override void NoteTruncated()
    {
        _engine.NoteTruncated();
    }

    protected override IPEndPoint Destination(Packet packet)
    {
        return _peer;
    }

    protected override void TakeEvents()
    {
        int events = _engine.TakeEvents();
        Events |= events;
        Note(events);
    }
}
