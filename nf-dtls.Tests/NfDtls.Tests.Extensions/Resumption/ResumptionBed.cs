using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A client and a server that resume sessions, by tickets or by ids.</summary>
internal sealed class ResumptionBed
{
    private int _made;

    internal ResumptionBed(bool tickets, Action<DtlsOptions>? change = null, int seed = 1, Action<SessionResumption>? changeServer = null, Action<SessionResumption>? changeClient = null)
    {
        ClientOptions = TestBed.Options(seed);
        ServerOptions = TestBed.Options(seed + 1000);
        change?.Invoke(ClientOptions);
        change?.Invoke(ServerOptions);
        OfClient = new SessionResumption { Tickets = tickets };
        OfServer = new SessionResumption { Tickets = tickets };
        changeClient?.Invoke(OfClient);
        changeServer?.Invoke(OfServer);
        ClientOptions.Features = new Feature[] { OfClient };
        ServerOptions.Features = new Feature[] { OfServer };
        Bed = new TestBed(ClientOptions, ServerOptions, seed);
    }

    internal TestBed Bed { get; private set; }

    internal DtlsOptions ClientOptions { get; }

    internal DtlsOptions ServerOptions { get; }

    internal SessionResumption OfClient { get; private set; }

    internal SessionResumption OfServer { get; private set; }

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

    internal ResumptionBed Connect()
    {
        Bed.Connect();
        return this;
    }

    /// <summary>Closes, and connects again; both ends must agree on whether that resumed.</summary>
    internal bool Reconnect()
    {
        Close();
        Bed.Connect();
        Assert.AreEqual(Client.IsResumed, Server.IsResumed);
        Assert.AreEqual(AssociationState.Connected, Client.State);
        Bed.VerifyEcho();
        Network.Settle();
        Bed.VerifyPools();
        return Client.IsResumed;
    }

    internal void VerifyResumes()
    {
        Assert.IsTrue(Reconnect(), "It was a full handshake.");
        CollectionAssert.AreEqual(TestBed.Text("sensor-1"), Client.PskIdentity);
        CollectionAssert.AreEqual(TestBed.Text("sensor-1"), Server.PskIdentity);
    }

    internal void VerifyFull()
    {
        Assert.IsFalse(Reconnect(), "It was resumed.");
    }

    internal void Close()
    {
        Client.Close(0, Network.Now);
        Network.Run(100);
    }

    /// <summary>The server is started anew with these options; what it had in memory is gone.</summary>
    internal void RestartServer(SessionResumption? resumption = null, Action<DtlsOptions>? change = null)
    {
        OfServer = resumption ?? new SessionResumption { Tickets = OfServer.Tickets };
        DtlsOptions options = TestBed.Options(4711 + _made++);
        options.Suites = ServerOptions.Suites;
        change?.Invoke(options);
        options.Features = new Feature[] { OfServer };
        Network.Server = new DtlsServerEngine(options);
        Replace(Network.Server, Bed.Client.Engine);
    }

    /// <summary>The client is made anew, with the session of the one before.</summary>
    internal void RestartClient(Action<DtlsOptions>? change = null, ResumableSession? session = null)
    {
        ResumableSession? kept = session ?? OfClient.Session;
        Close();
        OfClient = new SessionResumption { Tickets = OfClient.Tickets, Session = kept };
        DtlsOptions options = TestBed.Options(4711 + _made++);
        options.Suites = ClientOptions.Suites;
        change?.Invoke(options);
        options.Features = new Feature[] { OfClient };
        Network.Remove(Bed.Client);
        Replace(Bed.Server, new DtlsClientEngine(options));
    }

    /// <summary>Goes on with other engines, before anything is connected.</summary>
    internal void Use(DtlsServerEngine server, DtlsClientEngine client)
    {
        Network.Remove(Bed.Client);
        Replace(server, client);
    }

    /// <summary>Datagrams since the last call, with who sent them.</summary>
    internal List<Datagram> TakeSent()
    {
        List<Datagram> sent = Network.Sent.ToList();
        Network.Sent.Clear();
        return sent;
    }

    private void Replace(DtlsServerEngine server, DtlsClientEngine client)
    {
        Bed = Bed.With(server, client);
    }
}
