using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>A server and its clients on a network of their own, with handlers that do what the plan says.</summary>
internal sealed class Stage
{
    private const int ServerPort = 5684;

    private static readonly byte[] Identity = Encoding.ASCII.GetBytes(Setup.Identity);

    private readonly Plan _plan;
    private readonly MemoryNetwork _network;
    private int _reactions;
    private int _connected;
    private int _disconnected;
    private int _records;

    internal Stage(Plan plan)
    {
        _plan = plan;
        _network = new MemoryNetwork(plan.Seed, plan.Loss);
        DtlsOptions options = Options(plan.Packets, null);
        options.MaxSessions = plan.Sessions;
        options.MaxHandshakes = 2;
        options.EvictLeastRecentlyUsed = plan.Evicts;
        options.EvictAfter = 0;
        Server = new DtlsServer(options);
        Server.Connected += OnConnected;
        Server.DataReceived += OnData;
        Server.Disconnected += OnDisconnected;
        Server.Error += (_, error) => OnError(error.Error, error.InnerException);
        if (plan.AsksForKeys)
        {
            Server.PskWanted += OnPskWanted;
        }

        if (plan.AsksToConnect)
        {
            Server.ClientConnecting += OnConnecting;
        }

        Clients = new DtlsClient[Plan.Clients];
        for (int i = 0; i < Clients.Length; i++)
        {
            Clients[i] = new DtlsClient(Options(plan.Packets, plan.SharesPool ? Server.Pool : null), _network.Bind(40_000 + i));
            Clients[i].Error += OnError;
            if (plan.AsksForKeys)
            {
                Clients[i].PskWanted += OnPskWanted;
            }
        }

        StartServer();
    }

    internal static IPEndPoint Address { get; } = MemoryNetwork.AddressOf(ServerPort);

    internal DtlsServer Server { get; }

    internal DtlsClient[] Clients { get; }

    /// <summary>Sessions that a handler has left for others to answer.</summary>
    internal ConcurrentQueue<DtlsSession> Open { get; } = new();

    /// <summary>What nobody should have thrown.</summary>
    internal ConcurrentQueue<Exception> Failures { get; } = new();

    internal int Connected
    {
        get { return Volatile.Read(ref _connected); }
    }

    internal int Records
    {
        get { return Volatile.Read(ref _records); }
    }

    internal void StartServer()
    {
        try
        {
            Server.Start(_network.Bind(ServerPort));
        }
        catch (DtlsException e) when (e.Error == DtlsError.AlreadyStarted)
        {
            // Another thread was faster; and the port just made hears nothing that matters.
        }
        catch (ObjectDisposedException)
        {
            // As documented after Dispose.
        }
    }

    /// <summary>Disposes of everything.</summary>
    internal void Dispose()
    {
        foreach (DtlsClient client in Clients)
        {
            client.Dispose();
        }

        Server.Dispose();
    }

    /// <summary>Checks that nothing is left.</summary>
    internal void CheckEmpty()
    {
        Thread[] threads;
        do
        {
            threads = _network.Threads;
            foreach (Thread thread in threads)
            {
                Assert.IsTrue(thread.Join(Setup.Patience), "A thread is left.");
            }
        }
        while (_network.Threads.Length != threads.Length);

        Assert.IsTrue(Failures.IsEmpty, string.Join(Environment.NewLine, Failures));
        Assert.AreEqual(0, Server.SessionCount, "Sessions.");
        Assert.IsFalse(Server.IsRunning);
        Assert.AreEqual(Connected, Volatile.Read(ref _disconnected), "An end for each beginning.");
        Assert.AreEqual(Server.Pool.Count, Server.Pool.Available, "The server's pool.");
        foreach (DtlsClient client in Clients)
        {
            Assert.AreEqual(AssociationState.Idle, client.State);
            Assert.AreEqual(client.Pool.Count, client.Pool.Available, "A client's pool.");
        }
    }

    private DtlsOptions Options(int packets, PacketPool? pool)
    {
        DtlsOptions options = Setup.HostOptions();
        options.PoolPackets = packets;
        options.Pool = pool;
        options.ReceiveQueue = 2;
        options.MaxHandshakeMessage = 512;
        options.MaxFlight = 512;
        options.RetransmitTimeout = 50;
        options.HandshakeTimeout = 200;
        options.AskForPsk = _plan.AsksForKeys;
        return options;
    }

    private Reaction Next()
    {
        return _plan.Reactions[(Interlocked.Increment(ref _reactions) & int.MaxValue) % _plan.Reactions.Length];
    }

    private void OnConnecting(DtlsSession session)
    {
        Reaction reaction = Next();
        switch (reaction)
        {
            case Reaction.Decline:
                session.Refuse();
                break;
            case Reaction.LeaveOpen:
                Open.Enqueue(session);
                break;
            default:
                session.Accept();
                React(reaction, session);
                break;
        }
    }

    private void OnConnected(DtlsSession session)
    {
        Interlocked.Increment(ref _connected);
        React(Next(), session);
    }

    private void OnData(DtlsSession session)
    {
        byte[] buffer = new byte[DtlsOptions.MaxMtu];
        Calls.Try(Calls.ReceiveErrors, () =>
        {
            int count = session.Receive(buffer, 0, 0);
            if (count >= 0)
            {
                Interlocked.Increment(ref _records);
                session.Send(buffer, 0, count);
            }
        });
        React(Next(), session);
    }

    private void OnDisconnected(DtlsSession session, DtlsError reason)
    {
        Interlocked.Increment(ref _disconnected);
        React(Next(), session);
    }

    private void OnError(DtlsError error, Exception? exception)
    {
        if (exception is not (null or StagedException) || (error == DtlsError.InternalError && exception == null))
        {
            Failures.Enqueue(exception ?? new DtlsException(error, "Told without an exception."));
        }

        React(Next(), null);
    }

    private void OnPskWanted(PskRequest request)
    {
        switch (Next())
        {
            case Reaction.Decline:
                request.Refuse();
                break;
            case Reaction.LeaveOpen:
                break;
            case Reaction.Throw:
                throw new StagedException();
            default:
                request.Answer(Setup.Key, Identity);
                break;
        }
    }

    private void React(Reaction reaction, DtlsSession? session)
    {
        switch (reaction)
        {
            case Reaction.Throw:
                throw new StagedException();
            case Reaction.Send:
                Calls.Try(Calls.SendErrors, () => session?.Send(new byte[3]));
                break;
            case Reaction.Close:
                session?.Close();
                break;
            case Reaction.CloseAll:
                Server.CloseAll();
                break;
            case Reaction.Restart:
                Server.Stop();
                StartServer();
                break;
            case Reaction.Stop:
                Server.Stop();
                break;
            case Reaction.Dispose:
                Clients.First().Dispose();
                break;
        }
    }

    /// <summary>What the handlers throw where the plan says so.</summary>
    private sealed class StagedException : Exception
    {
    }
}
