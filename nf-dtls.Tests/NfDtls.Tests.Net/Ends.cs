using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

[assembly: DoNotParallelize]

namespace NfDtls.Tests.Net;

/// <summary>Options with a key that both ends have, and waits that a test which is stuck ends by.</summary>
internal static class Ends
{
    public const string Identity = "device";

    /// <summary>No machine is so slow that it comes near.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static readonly byte[] Key = Encoding.UTF8.GetBytes("16 bytes of key!");

    public static DtlsListenerOptions ListenerOptions()
    {
        return new DtlsListenerOptions
        {
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            PskCallback = (identity, _) => ValueTask.FromResult(Encoding.UTF8.GetString(identity.Span) == Identity ? Key : null),
            HandshakeTimeout = Patience,
            CloseTimeout = Patience,
            PskCallbackTimeout = Patience,
            Shards = 1,
        };
    }

    public static DtlsClientOptions ClientOptions(DtlsListener listener)
    {
        return ClientOptions(listener.LocalEndPoint);
    }

    public static DtlsClientOptions ClientOptions(IPEndPoint server)
    {
        return new DtlsClientOptions
        {
            RemoteEndPoint = server,
            Psk = new DtlsPskCredential(Identity, Key),
            HandshakeTimeout = Patience,
            CloseTimeout = Patience,
            RetransmitTimeout = TimeSpan.FromMilliseconds(200),
        };
    }

    /// <summary>For one client of many in one process.</summary>
    public static void MakeSmall(DtlsOptions engine)
    {
        engine.PoolPackets = 16;
        engine.ReceiveQueue = 8;
    }

    public static async Task<DtlsListener> ListenAsync(Action<DtlsListenerOptions>? change = null)
    {
        DtlsListenerOptions options = ListenerOptions();
        change?.Invoke(options);
        return await DtlsListener.ListenAsync(options);
    }

    public static async Task<DtlsConnection> ConnectAsync(DtlsListener listener, Action<DtlsClientOptions>? change = null)
    {
        DtlsClientOptions options = ClientOptions(listener);
        change?.Invoke(options);
        return await DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Patience);
    }

    /// <summary>A client's connection and the listener's of it.</summary>
    public static async Task<(DtlsConnection Client, DtlsConnection Server)> PairAsync(DtlsListener listener, Action<DtlsClientOptions>? change = null)
    {
        DtlsConnection client = await ConnectAsync(listener, change);
        DtlsConnection server = await listener.AcceptConnectionAsync().AsTask().WaitAsync(Patience);
        return (client, server);
    }

    /// <summary>Sends everything back, whoever connects, until the listener is disposed of.</summary>
    public static Task EchoAsync(DtlsListener listener)
    {
        return Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    _ = EchoAsync(await listener.AcceptConnectionAsync());
                }
            }
            catch (ObjectDisposedException)
            {
                // The listener has ended.
            }
        });
    }

    public static async Task EchoAsync(DtlsConnection connection)
    {
        await using (connection)
        {
            try
            {
                await foreach (DtlsDatagram datagram in connection.ReadAllAsync())
                {
                    using (datagram)
                    {
                        await SendBackAsync(connection, datagram);
                    }
                }
            }
            catch (Exception e) when (e is DtlsException or ObjectDisposedException)
            {
                // It is over.
            }
        }
    }

    private static async Task SendBackAsync(DtlsConnection connection, DtlsDatagram datagram)
    {
        try
        {
            await connection.SendAsync(datagram.Memory);
        }
        catch (DtlsException e) when (e.Error == DtlsError.PromiseNotStored)
        {
            // The store is slower than the client, who asks again.
        }
    }

    public static async Task SendAsync(DtlsConnection connection, string text)
    {
        await connection.SendAsync(Encoding.UTF8.GetBytes(text));
    }

    public static async Task<string> ReceiveAsync(DtlsConnection connection)
    {
        byte[] buffer = new byte[2048];
        int length = await connection.ReceiveAsync(buffer).AsTask().WaitAsync(Patience);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    public static async Task AssertEchoesAsync(DtlsConnection client, string text)
    {
        await SendAsync(client, text);
        Assert.AreEqual(text, await ReceiveAsync(client));
    }

    /// <summary>What a task fails with; it must fail.</summary>
    public static async Task<DtlsException> FailsAsync(DtlsError error, Func<Task> call)
    {
        DtlsException e = await Assert.ThrowsExactlyAsync<DtlsException>(() => call().WaitAsync(Patience));
        Assert.AreEqual(error, e.Error, e.Message);
        return e;
    }

    /// <summary>Waits for something that comes about by itself.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (long left = (long)Patience.TotalMilliseconds; !condition(); left--)
        {
            Assert.IsGreaterThan(0, left, "did not come about: " + what);
            await Task.Delay(1);
        }
    }
}
