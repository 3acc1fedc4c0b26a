using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>A client and a server of DTLS 1.3 that resume sessions.</summary>
internal sealed class ResumptionBed13
{
    private int _made;

    internal ResumptionBed13(int[]? groups = null, bool allowsPskAlone = true, Action<DtlsOptions>? change = null, CipherSuiteTable? suites = null, int seed = 1)
    {
        Groups = groups ?? Bed13.NoGroup;
        AllowsPskAlone = allowsPskAlone;
        Suites = suites;
        DtlsOptions client = Options(false, seed, change, OfClient);
        DtlsOptions server = Options(true, seed + 1000, change, OfServer);
        Bed = new TestBed(client, server, seed);
    }

    internal int[] Groups { get; }

    internal bool AllowsPskAlone { get; }

    internal CipherSuiteTable? Suites { get; }

    internal TestBed Bed { get; private set; }

    internal SessionResumption OfClient { get; private set; } = new();

    internal SessionResumption OfServer { get; private set; } = new();

    internal Association Client
    {
        get { return Bed.Client.Association; }
    }

    internal Association Server
    {
        get { return Bed.ServerAssociation!; }
    }

    internal VirtualNetwork Network
    {
        get { return Bed.Network; }
    }

    /// <summary>Answers whether the client may connect, where the server's application is asked.</summary>
    internal Action<ConnectRequest>? Connecting { get; set; }

    /// <summary>Connects, and waits until the ticket has come and was acknowledged.</summary>
    internal ResumptionBed13 Connect()
    {
        Bed.Client.Engine.Connect(Network.Now);
        Network.Run(
            () =>
            {
                if (Connecting != null && Bed.ServerAssociation?.ConnectRequest is ConnectRequest request)
                {
                    Connecting(request);
                }

                return Bed.Client.State != AssociationState.Connecting;
            },
            100_000);
        Assert.AreEqual(AssociationState.Connected, Client.State, Client.LastError.ToString());
        Network.Run(100);
        return this;
    }

    /// <summary>Closes, and connects again; both ends must agree on whether that resumed.</summary>
    internal bool Reconnect()
    {
        Close();
        Connect();
        Assert.AreEqual(Client.IsResumed, Server.IsResumed);
        Bed.VerifyEcho();
        Network.Settle();
        Bed.VerifyPools();
        return Client.IsResumed;
    }

    internal void VerifyResumes(string what = "")
    {
        Assert.IsTrue(Reconnect(), what + ": it was a full handshake.");
        CollectionAssert.AreEqual(TestBed.Text("sensor-1"), Client.PskIdentity, what);
        CollectionAssert.AreEqual(TestBed.Text("sensor-1"), Server.PskIdentity, what);
    }

    internal void VerifyFull(string what = "")
    {
        Assert.IsFalse(Reconnect(), what + ": it was resumed.");
    }

    internal void Close()
    {
        Client.Close(0, Network.Now);
        Network.Run(100);
    }

    /// <summary>The server is started anew; what it had in memory is gone.</summary>
    internal void RestartServer(SessionResumption? resumption = null, Action<DtlsOptions>? change = null)
    {
        OfServer = resumption ?? new SessionResumption();
        Network.Server = new DtlsServerEngine(Options(true, 4711 + _made++, change, OfServer));
        Bed = Bed.With(Network.Server, Bed.Client.Engine);
    }

    /// <summary>The client is made anew, with the session of the one before or another.</summary>
    internal void RestartClient(Action<DtlsOptions>? change = null, ResumableSession? session = null)
    {
        ResumableSession? kept = session ?? OfClient.Session;
        Close();
        OfClient = new SessionResumption { Session = kept };
        Network.Remove(Bed.Client);
        Bed = Bed.With(Bed.Server, new DtlsClientEngine(Options(false, 4711 + _made++, change, OfClient)));
    }

    internal List<Datagram> TakeSent()
    {
        List<Datagram> sent = Network.Sent.ToList();
        Network.Sent.Clear();
        return sent;
    }

    private DtlsOptions Options(bool isServer, int seed, Action<DtlsOptions>? change, SessionResumption resumption)
    {
        DtlsOptions options = Bed13.Options(isServer, seed, Groups, AllowsPskAlone, Suites);
        options.Features = [resumption];
        change?.Invoke(options);
        return options;
    }
}
