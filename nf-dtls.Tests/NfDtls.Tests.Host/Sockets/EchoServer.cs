using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>A server on this machine that sends everything back, unless told otherwise, and remembers what it was told.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly byte[] _buffer = new byte[DtlsOptions.MaxMtu];

    public readonly ConcurrentQueue<DtlsSession> Connected = new();
    public readonly ConcurrentQueue<DtlsError> Disconnected = new();
    public readonly ConcurrentQueue<DtlsError> Errors = new();
    public readonly ConcurrentQueue<Exception> Exceptions = new();

    public EchoServer()
        : this(Setup.Options())
    {
    }

    public EchoServer(DtlsOptions options)
        : this(options, IPAddress.Loopback)
    {
    }

    public EchoServer(DtlsOptions options, IPAddress address)
    {
        Server = new DtlsServer(options) { CloseTimeout = Setup.Patience, StopTimeout = Setup.Patience };
        Server.Connected += Connected.Enqueue;
        Server.DataReceived += OnDataReceived;
        Server.Disconnected += (_, reason) => Disconnected.Enqueue(reason);
        Server.Error += OnError;

        // A port that nobody gets by chance: tests stop the server and start it there again.
        EndPoint = new IPEndPoint(address, FreePorts.Udp());
        Server.Start(EndPoint);
    }

    public DtlsServer Server { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>What is done with data in place of sending them back: called once for each record.</summary>
    public Action<DtlsSession, byte[]> OnRecord { get; set; } = (session, record) => session.Send(record);

    /// <summary>Whether records are left where they are.</summary>
    public volatile bool IsLazy;

    /// <summary>A client that is connected to it.</summary>
    public DtlsClient Connect()
    {
        return Connect(Setup.Options());
    }

    public DtlsClient Connect(DtlsOptions options)
    {
        DtlsClient client = new DtlsClient(options) { LeftTime = Setup.Patience };
        if (!client.Connect(EndPoint, Setup.Patience))
        {
            throw new TimeoutException("The client does not connect.");
        }

        return client;
    }

    /// <summary>A client that is connected, and the session that it has here.</summary>
    public DtlsClient Connect(out DtlsSession session)
    {
        int before = Connected.Count;
        DtlsClient client = Connect();
        Setup.Until(() => Connected.Count > before, "Connected");
        session = Connected.Last();
        return client;
    }

    public void Dispose()
    {
        Server.Dispose();
    }

    private void OnDataReceived(DtlsSession session)
    {
        if (IsLazy)
        {
            return;
        }

        int count = session.Receive(_buffer, 0, 0);
        if (count >= 0)
        {
            OnRecord(session, _buffer.AsSpan(0, count).ToArray());
        }
    }

    private void OnError(DtlsSession? session, DtlsException error)
    {
        Errors.Enqueue(error.Error);
        if (error.InnerException != null)
        {
            Exceptions.Enqueue(error.InnerException);
        }
    }
}
