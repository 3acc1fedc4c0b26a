using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>
/// A handshake, an exchange both ways and a close, in which one end's provider fails at its n-th call, or from there on for
/// as long as it lasts. Then everything must be as if nothing had been, and a next session works.
/// </summary>
internal sealed class FailingRun
{
    private readonly TestBed _bed;
    private readonly WatchedProvider _provider;
    private readonly bool _ofServer;
    private readonly string _what;
    private int _failAt;
    private bool _goesOn;
    private int _calls;
    private string _failed = "none";
    private Exception? _thrownAway;

    /// <param name="bed">Both ends; one of them has the provider.</param>
    /// <param name="provider">The provider that is to fail.</param>
    /// <param name="ofServer">Whether it is the server's.</param>
    /// <param name="what">For messages.</param>
    /// <param name="losesFlights">Whether each flight is sent again, the last one too.</param>
    internal FailingRun(TestBed bed, WatchedProvider provider, bool ofServer, string what, bool losesFlights)
    {
        bool[] isLost = new bool[4];
        bed.Network.Filter = datagram =>
        {
            int flight = datagram.FirstMessage switch
            {
                HandshakeType.ClientHello => 0,
                HandshakeType.ServerHello => 1,
                HandshakeType.ClientKeyExchange or HandshakeType.Certificate => datagram.ToServer ? 2 : 1,
                _ => datagram.FirstType == ContentType.ChangeCipherSpec ? 3 : -1,
            };
            if (!losesFlights || flight < 0 || isLost[flight])
            {
                return true;
            }

            isLost[flight] = true;
            return false;
        };
        _bed = bed;
        _provider = provider;
        _ofServer = ofServer;
        _what = what;
        bed.Network.PartsMayFail = true;
        bed.Network.Echo = false;
        provider.Calling = OnCall;
    }

    /// <summary>Calls of the provider in a run in which it does not fail.</summary>
    internal int CountCalls()
    {
        _failAt = -1;
        Live();
        Assert.AreEqual(0, _bed.Network.Failures.Count, _what);
        Assert.AreEqual(DtlsError.SessionClosed, _bed.Client.Association.LastError, _what);
        return _calls;
    }

    /// <summary>Fails at a call, the first being 1, with an exception of some kind.</summary>
    internal void Fail(int call, bool goesOn)
    {
        _failAt = call;
        _goesOn = goesOn;
        _calls = 0;
        bool isTold = Live();
        string where = _what + ", call " + call + " (" + _failed + ")" + (goesOn ? " and on" : string.Empty);
        Assert.AreNotEqual("none", _failed, where);
        _failAt = -1;
        End();
        DtlsError error = _bed.Client.Association.LastError;
        isTold |= _bed.Network.Failures.Count > 0 || _thrownAway != null || IsEntropy(error)
            || _bed.Server.Statistics.HandshakesFailedWith(DtlsError.NoEntropy) > 0;
        Assert.IsTrue(isTold, where + ": nobody was told.");
        VerifyEnd(where);

        // And the next one works.
        _bed.Network.PartsMayFail = false;
        _bed.Network.Echo = true;
        _bed.Connect().VerifyEcho();
        _bed.Client.Association.Close(1000, _bed.Network.Now);
        _bed.Network.Run(2000);
        VerifyEnd(where + ", after another session");
    }

    private static bool IsEntropy(DtlsError error)
    {
        return error == DtlsError.NoEntropy || error == DtlsError.InternalError;
    }

    /// <summary>What an application does. Returns whether one of its calls told it.</summary>
    private bool Live()
    {
        VirtualNetwork network = _bed.Network;
        Association client = _bed.Client.Association;
        try
        {
            _bed.Client.Engine.Connect(network.Now);
        }
        catch (Exception e) when (e == _thrownAway)
        {
            Assert.AreEqual(AssociationState.Idle, client.State, _what);
            return true;
        }

        network.Run(() => _bed.IsConnected() || client.State == AssociationState.Closed, 50_000);
        bool isTold = Send(client) | Send(_bed.ServerAssociation);
        network.Run(200);
        TakeAll(client);
        TakeAll(_bed.ServerAssociation);
        client.Close(1000, network.Now);
        network.Run(2000);
        return isTold;
    }

    /// <summary>Ends what does not know yet that the other end has failed.</summary>
    private void End()
    {
        VirtualNetwork network = _bed.Network;
        _bed.Client.Association.Close(0, network.Now);
        network.Run(40_000);
        _bed.ServerAssociation?.Close(0, network.Now);
        network.Run(1000);
    }

    private bool Send(Association? association)
    {
        if (association == null || association.State != AssociationState.Connected)
        {
            return false;
        }

        try
        {
            association.Send(TestBed.Bytes(30), 0, 30, _bed.Network.Now);
            return false;
        }
        catch (DtlsException e)
        {
            Assert.IsTrue(IsEntropy(e.Error), _what + ": " + e.Error);
            Assert.AreEqual(_thrownAway, Inner(e), _what);
            Assert.AreEqual(AssociationState.Connected, association.State, _what);
            return true;
        }
    }

    private static Exception Inner(Exception e)
    {
        while (e.InnerException != null)
        {
            e = e.InnerException;
        }

        return e;
    }

    private static void TakeAll(Association? association)
    {
        byte[] buffer = new byte[2000];
        while (association != null && association.Pending > 0)
        {
            association.Receive(buffer, 0);
        }
    }

    private void VerifyEnd(string where)
    {
        Assert.IsTrue(_bed.Client.State is AssociationState.Closed or AssociationState.Idle, where + ": " + _bed.Client.State);
        Assert.AreEqual(0, _bed.Server.SessionCount, where);
        Assert.AreEqual(0, _bed.Server.HandshakeCount, where);
        Assert.AreEqual(_bed.Server.Pool.Count, _bed.Server.Pool.Available, where + ": the server keeps a packet.");
        Assert.AreEqual(_bed.Client.Engine.Pool.Count, _bed.Client.Engine.Pool.Available, where + ": the client keeps a packet.");
        Assert.AreEqual(0, _provider.KeyedContexts, where + ": a context keeps its keys.");
        Assert.AreEqual(0, _provider.OpenOperations, where + ": an operation was left.");
        object engine = _ofServer ? _bed.Server : _bed.Client.Engine;
        string? place = Reachable.Find(engine, _provider.Secrets);
        Assert.IsNull(place, where + ": a secret is left in " + place);
    }

    private void OnCall(string name, int size)
    {
        _calls++;
        if (_failAt < 0 || _calls < _failAt || (_calls > _failAt && !_goesOn))
        {
            return;
        }

        if (_calls == _failAt)
        {
            _failed = name;
        }

        _thrownAway = (_calls % 5) switch
        {
            0 => new InvalidOperationException("No entropy."),
            1 => new NotSupportedException("Not supported."),
            2 => new DtlsException(DtlsError.InternalError, "No handle is free."),
            3 => new IndexOutOfRangeException("A defect."),
            _ => new OutOfMemoryException("The native heap is full."),
        };
        throw _thrownAway;
    }
}
