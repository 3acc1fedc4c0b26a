using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Net;
using NfDtls.Tests.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>What tests of several nodes in one process share: the nodes' keys, who lives, a node, clients who say things until they are heard.</summary>
internal static class Fleet
{
    internal static readonly byte[] IdKey = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");
    internal static readonly byte[] Key = Convert.FromHexString("101112131415161718191a1b1c1d1e1f");

    internal static QuicLbOptions Ids(byte node)
    {
        return new QuicLbOptions { NodeId = [node], NonceLength = 8, Key = IdKey };
    }

    internal static async Task<DtlsConnection> ConnectAsync(IPEndPoint server, DtlsProtocols version)
    {
        DtlsClientOptions options = Ends.ClientOptions(server);
        options.EnabledProtocols = version;
        options.ConnectionIdLength = 0;
        return await DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Ends.Patience);
    }

    internal static async Task SendUntilAsync(DtlsConnection client, Func<bool> isSo, string what)
    {
        using CancellationTokenSource end = new(Ends.Patience);
        while (!isSo())
        {
            Assert.IsFalse(end.IsCancellationRequested, "In vain: " + what);
            await Ends.SendAsync(client, "late");
            await Task.Delay(5);
        }
    }

    /// <summary>Says it until it is heard, as a client does whose records may be lost.</summary>
    internal static async Task GoOnAsync(DtlsConnection client, string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        byte[] buffer = new byte[100];
        for (int i = 0; ; i++)
        {
            Assert.IsLessThan(3000, i);
            await client.SendAsync(bytes);
            using CancellationTokenSource wait = new(TimeSpan.FromMilliseconds(100));
            try
            {
                while (true)
                {
                    int length = await client.ReceiveAsync(buffer, wait.Token);
                    if (buffer.AsSpan(0, length).SequenceEqual(bytes))
                    {
                        return;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Once more.
            }
        }
    }

    internal sealed class Members : IFleetMembers
    {
        private readonly ConcurrentDictionary<string, IPEndPoint> _all = new();

        public IPEndPoint? Find(ReadOnlySpan<byte> name)
        {
            return _all.GetValueOrDefault(Convert.ToHexString(name));
        }

        internal void Add(byte[] name, IPEndPoint address)
        {
            _all[Convert.ToHexString(name)] = address;
        }

        internal void Forget(byte[] name)
        {
            _all.TryRemove(Convert.ToHexString(name), out _);
        }
    }

    internal sealed class Node : IAsyncDisposable
    {
        internal required DtlsListener Listener { get; init; }

        internal required FleetNode Fleet { get; init; }

        internal required byte[] Name { get; init; }

        internal ConcurrentBag<DtlsListenerErrorEventArgs> Errors { get; } = [];

        internal IPEndPoint Address => Listener.LocalEndPoint;

        internal static async Task<Node> StartAsync(byte name, DtlsProtocols version, int shards, Members members, AssociationStore? store, bool isDeaf = false, Action<DtlsListenerOptions>? change = null)
        {
            FleetNode fleet = new(Ids(name), members, new IPEndPoint(IPAddress.Loopback, 0), Key);
            DtlsListener listener = await Ends.ListenAsync(options =>
            {
                options.EnabledProtocols = version;
                options.Shards = shards;
                options.Node = fleet;
                options.Associations = store;
                options.AssociationKey = store == null ? null : fleet.AssociationKey;
                options.PromisedReads = 2;
                options.PromisedWrites = 8;
                options.ListenBacklog = isDeaf ? 1 : options.ListenBacklog;
                change?.Invoke(options);
            });
            Node node = new() { Listener = listener, Fleet = fleet, Name = [name] };
            listener.Error += (_, e) =>
            {
                if (e.Exception != null && e.Exception is not TimeoutException)
                {
                    node.Errors.Add(e);
                }
            };
            members.Add(node.Name, fleet.HandOverEndPoint);
            fleet.Serve(listener);
            if (!isDeaf)
            {
                _ = Ends.EchoAsync(listener);
            }

            return node;
        }

        public async ValueTask DisposeAsync()
        {
            await Listener.DisposeAsync();
            await Fleet.DisposeAsync();
        }
    }
}
