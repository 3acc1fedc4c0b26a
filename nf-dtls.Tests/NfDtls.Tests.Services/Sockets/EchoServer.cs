using System;
using System.Collections.Concurrent;
using System.Net;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Sockets;

/// <summary>A server on the loopback address that sends everything back and counts what it was told.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly byte[] _buffer = new byte[DtlsOptions.MaxMtu];
    private int _connected;
    private int _disconnected;

    internal EchoServer(DtlsOptions options)
    {
        Server = new DtlsServer(options);
        Server.Connected += _ => Interlocked.Increment(ref _connected);
        Server.DataReceived += OnDataReceived;
        Server.Disconnected += OnDisconnected;
        Server.Error += OnError;
        Server.Start(Setup.Loopback(0));
        EndPoint = Setup.Loopback(Server.LocalPort);
    }

    internal DtlsServer Server { get; }

    internal IPEndPoint EndPoint { get; }

    internal int Connected
    {
        get { return Volatile.Read(ref _connected); }
    }

    internal int Disconnected
    {
        get { return Volatile.Read(ref _disconnected); }
    }

    internal ConcurrentQueue<DtlsError> Reasons { get; } = new();

    internal ConcurrentQueue<DtlsError> Errors { get; } = new();

    internal ConcurrentQueue<Exception> Exceptions { get; } = new();

    public void Dispose()
    {
        Server.Dispose();
    }

    private void OnDataReceived(DtlsSession session)
    {
        try
        {
            int count = session.Receive(_buffer, 0, 0);
            if (count >= 0)
            {
                session.Send(_buffer, 0, count);
            }
        }
        catch (DtlsException e) when (e.Error is not (DtlsError.InternalError or DtlsError.MessageTooLarge))
        {
            // The session ended with the record still here.
        }
    }

    private void OnDisconnected(DtlsSession session, DtlsError reason)
    {
        Reasons.Enqueue(reason);
        Interlocked.Increment(ref _disconnected);
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
