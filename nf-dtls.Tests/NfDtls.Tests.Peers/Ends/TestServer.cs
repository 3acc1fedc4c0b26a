using System;
using System.Net;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>Our server on the loopback address; it serves the first peer that connects.</summary>
internal sealed class TestServer : Driver
{
    private const int AddressLength = 6;

    private DtlsServerEngine _engine;
    private readonly byte[] _address = new byte[AddressLength];
    private Association? _association;
    private Association? _failed;
    private Association? _former;

    internal TestServer(DtlsOptions options)
    {
        _engine = new DtlsServerEngine(options);
    }

    internal override Association Association
    {
        get { return _association ?? throw new InvalidOperationException("No peer is connected."); }
    }

    /// <summary>Records that no key of ours opened.</summary>
    internal int Forged
    {
        get { return _engine.Statistics.Dropped(DropReason.Forged); }
    }

    /// <summary>Peers that found no place.</summary>
    internal int Refused
    {
        get { return _engine.Statistics.NoFreeSession; }
    }

    protected override DtlsEngine Engine
    {
        get { return _engine; }
    }

    /// <summary>Waits for a peer that has a pre-shared key.</summary>
    internal void Accept(CipherSuite suite)
    {
        AcceptAnyone(suite);
        Assert.AreEqual(TestSuite.Identity, Encoding.ASCII.GetString(Association.PskIdentity));
    }

    /// <summary>Waits for a peer, however it authenticates.</summary>
    internal void AcceptAnyone(CipherSuite suite)
    {
        Run(() => _association != null || _failed != null);
        if (_failed != null)
        {
            Assert.Fail("The handshake failed with " + _failed.LastError + ", alert sent " + _failed.AlertSent + ", received " + _failed.AlertReceived + ".");
        }

        Assert.IsNotNull(_association, "No peer connected.");
        Assert.AreEqual(suite.Name, Association.Suite.Name);
    }

    /// <summary>Serves the next peer that connects, or this one when it connects again.</summary>
    internal void AwaitAnother()
    {
        _former = _association;
        _association = null;
        _failed = null;
    }

    /// <summary>Goes on as another engine, with what a session was saved as.</summary>
    internal void Wake(DtlsOptions options, DurableAssociations saver, byte[] key, byte[] saved)
    {
        _engine = new DtlsServerEngine(options);
        _association = saver.Import(_engine, key, saved, 0, saved.Length, 0, Now);
        saver.SavedIsGone(_association);
    }

    /// <summary>A handshake that must fail.</summary>
    internal Association AcceptInVain()
    {
        RunInVain(() => _association != null || _failed != null);
        return _failed ?? throw new AssertFailedException("The handshake did not fail.");
    }

    protected override void Handle(byte[] datagram, int count, IPEndPoint from)
    {
        from.Address.TryWriteBytes(_address, out _);
        _address[4] = (byte)(from.Port >> 8);
        _address[5] = (byte)from.Port;
        _engine.HandleDatagram(datagram, 0, count, _address, AddressLength, Now);
    }

    protected override void NoteTruncated()
    {
        _engine.NoteTruncated(_address, AddressLength);
    }

    protected override IPEndPoint Destination(Packet packet)
    {
        return new IPEndPoint(new IPAddress(packet.Address.AsSpan(0, 4)), (packet.Address[4] << 8) | packet.Address[5]);
    }

    protected override void TakeEvents()
    {
        for (Association? association = _engine.PollEvent(out int events); association != null; association = _engine.PollEvent(out events))
        {
            Note(events);
            if ((events & AssociationEvents.Connected) != 0)
            {
                _association ??= association;
            }

            if (association == _association)
            {
                Events |= events;
            }
            else if ((events & AssociationEvents.Closed) != 0 && association != _former)
            {
                _failed = association;
            }
        }
    }
}
