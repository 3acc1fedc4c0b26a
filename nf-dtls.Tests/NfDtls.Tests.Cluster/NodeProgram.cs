using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using NfDtls.Cluster;
using NfDtls.Extensions;
using NfDtls.Net;
using NfDtls.Tests.Net;
using StackExchange.Redis;

namespace NfDtls.Tests.Cluster;

/// <summary>This assembly as a program: a node of a fleet, which echoes, until its input ends or it is killed.</summary>
public static class NodeProgram
{
    private static readonly byte[] IdKey = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");
    private static readonly byte[] FleetKey = Convert.FromHexString("101112131415161718191a1b1c1d1e1f");

    /// <summary>How the fleet's connection IDs are.</summary>
    internal static QuicLbOptions Ids(byte node)
    {
        return new QuicLbOptions { NodeId = [0x4E, node], NonceLength = 8, Key = IdKey };
    }

    /// <param name="arguments">Redis's address, the node's number.</param>
    public static async Task<int> Main(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Length != 2)
        {
            return 2;
        }

        QuicLbOptions ids = Ids(byte.Parse(arguments[1], CultureInfo.InvariantCulture));
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(arguments[0]);
        await using ServiceProvider ring = new ServiceCollection().AddDataProtection().SetApplicationName("fleet").PersistKeysToStackExchangeRedis(redis, "fleet:ring").Services.BuildServiceProvider();
        using RingTicketKeys tickets = new(ring.GetRequiredService<IKeyManager>(), TimeSpan.FromSeconds(1));
        await using RedisMembers members = new(redis, ids.NodeId, "fleet", TimeSpan.FromMilliseconds(200));
        await using FleetNode node = new(ids, members, new IPEndPoint(IPAddress.Loopback, 0), FleetKey);
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13;
            options.Shards = 2;
            options.ListenBacklog = 1000;
            options.Node = node;
            options.Associations = new RedisAssociations(redis, "fleet");
            options.AssociationKey = node.AssociationKey;
            options.PromisedReads = 2;
            options.ConfigureEngine = engine => engine.Features = [.. engine.Features, new SessionResumption { Peers = new AnyPeer(), TicketKeys = tickets, StoreSize = 0 }];
        });
        listener.Error += (_, e) => Console.WriteLine("error " + e.Error + " " + e.Exception);
        node.Serve(listener);
        await members.JoinAsync(node.HandOverEndPoint);
        Task echoing = Ends.EchoAsync(listener);
        Console.WriteLine("ready on port " + listener.LocalEndPoint.Port.ToString(CultureInfo.InvariantCulture) + ".");
        await Console.In.ReadToEndAsync();
        await listener.DisposeAsync();
        await echoing;
        return 0;
    }
}
