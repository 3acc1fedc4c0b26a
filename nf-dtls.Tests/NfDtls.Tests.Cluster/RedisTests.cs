using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Net;
using NfDtls.Tests.Net;
using StackExchange.Redis;

namespace NfDtls.Tests.Cluster;

/// <summary>What waits for Redis, what does not, and who is told of in it.</summary>
[TestClass]
public sealed class RedisTests
{
    [TestMethod]
    public async Task What_waits_for_replicas_holds_up_nothing_else()
    {
        const int Stores = 20;
        using RedisServer primary = new("--repl-diskless-sync-delay", "0");
        await using ConnectionMultiplexer shared = await primary.ConnectAsync();
        await using ConnectionMultiplexer own = await primary.ConnectAsync();
        Assert.ThrowsExactly<ArgumentException>(() => new RedisAssociations(shared, shared, 1));
        await using RedisAssociations store = new(shared, own, 1, Ends.Patience);
        Assert.AreEqual(1, store.Replicas);

        // Nobody replicates yet, and so all of them wait.
        Task<bool>[] stores = Enumerable.Range(0, Stores).Select(i => StoreAsync(store, (byte)i)).ToArray();
        await Ends.UntilAsync(() => shared.GetDatabase().HashGetAll("nfdtls:association:00").Length > 0, "the first one");
        for (int i = 0; i < 50; i++)
        {
            await store.FindAsync(new byte[] { 0 }, CancellationToken.None).AsTask().WaitAsync(Ends.Patience);
        }

        Assert.IsFalse(stores.Any(one => one.IsCompleted), "A store counts that no replica has.");
        using RedisServer replica = new("--replicaof", "127.0.0.1 " + RedisServer.Text(primary.Port));
        bool[] all = await Task.WhenAll(stores).WaitAsync(Ends.Patience);
        Assert.IsTrue(all.All(isStored => isStored), string.Join(" ", all));

        // Two replicas there are not, and who waits for them is told; what may not be stored at all waits for nobody.
        await using RedisAssociations strict = new(shared, own, 2, TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsExactlyAsync<TimeoutException>(() => StoreAsync(strict, Stores));
        Assert.IsFalse(await StoreAsync(strict, 0));
        await strict.DisposeAsync();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => StoreAsync(strict, Stores + 1));
    }

    [TestMethod]
    public async Task A_write_counts_only_by_a_wait_behind_it_on_its_own_connection()
    {
        TimeSpan soon = TimeSpan.FromMilliseconds(100);
        using RedisServer primary = new("--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "3600");
        using RedisServer replica = new("--replicaof", "127.0.0.1 " + RedisServer.Text(primary.Port));
        await using ConnectionMultiplexer shared = await primary.ConnectAsync();
        await using ConnectionMultiplexer own = await primary.ConnectAsync();
        await using RedisAssociations patient = new(shared, own, 1, Ends.Patience);
        await using RedisAssociations store = new(shared, own, 1, soon);
        Assert.IsTrue(await StoreAsync(patient, 1));

        // Redis has forgotten its scripts, as after a restart: what is sent once more would come behind the WAIT, when the replica has
        // all that was written before.
        await shared.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        await Ends.UntilAsync(() => HasAll((string)shared.GetDatabase().Execute("INFO", "replication")!), "what the replica has");
        replica.Freeze();
        await Assert.ThrowsExactlyAsync<TimeoutException>(() => StoreAsync(store, 2));

        // The connection breaks between the write and the WAIT: a new one may be to another server, whose replicas have all of nothing.
        await using ReplicaWait wait = new(own.GetDatabase(), 1, soon);
        await Assert.ThrowsExactlyAsync<RedisConnectionException>(() => wait.WriteAsync(database =>
        {
            RedisResult written = database.Execute("INCR", "promise");
            Replace(database, shared.GetDatabase());
            return Task.FromResult(written);
        }));
        await Assert.ThrowsExactlyAsync<TimeoutException>(() => StoreAsync(store, 3));
    }

    [TestMethod]
    public async Task Who_tells_an_address_that_nobody_can_send_to_is_not_a_member()
    {
        using RedisServer server = new();
        await using ConnectionMultiplexer redis = await server.ConnectAsync();
        await using RedisMembers members = new(redis, [1], "fleet", TimeSpan.FromMilliseconds(20));
        foreach (IPEndPoint wrong in new[] { new IPEndPoint(IPAddress.Any, 5), new IPEndPoint(IPAddress.IPv6Any, 5), new IPEndPoint(IPAddress.Loopback, 0) })
        {
            ArgumentException e = await Assert.ThrowsExactlyAsync<ArgumentException>(() => members.JoinAsync(wrong));
            StringAssert.Contains(e.Message, wrong.ToString());
        }

        await redis.GetDatabase().HashSetAsync("fleet:nodes", [new HashEntry("02", "1 0.0.0.0:5"), new HashEntry("03", "1 127.0.0.1:5")]);
        await members.JoinAsync(new IPEndPoint(IPAddress.Loopback, 7));
        Assert.IsNull(members.Find([2]));
        Assert.AreEqual(new IPEndPoint(IPAddress.Loopback, 7), members.Find([1]));
    }

    /// <summary>Breaks a connection, and waits until another one is in its place.</summary>
    private static void Replace(IDatabase connection, IDatabase other)
    {
        long broken = (long)connection.Execute("CLIENT", "ID");
        other.Execute("CLIENT", "KILL", "ID", broken);
        SpinWait.SpinUntil(() => IsAnother(connection, broken), Ends.Patience);
    }

    private static bool HasAll(string replication)
    {
        string[] lines = replication.Split("\r\n");
        string[] written = lines.Where(line => line.StartsWith("master_repl_offset:", StringComparison.Ordinal)).Select(line => line.Split(':')[1]).ToArray();
        return lines.Any(line => line.StartsWith("slave0:", StringComparison.Ordinal) && line.Contains(",offset=" + written.Single() + ",", StringComparison.Ordinal));
    }

    private static bool IsAnother(IDatabase connection, long than)
    {
        try
        {
            return (long)connection.Execute("CLIENT", "ID") != than;
        }
        catch (RedisConnectionException)
        {
            return false;
        }
    }

    private static Task<bool> StoreAsync(RedisAssociations store, byte id)
    {
        return store.StoreAsync(new byte[] { id }, new StoredAssociation([1], [2]), new AssociationFence(new byte[16], 1, 0), CancellationToken.None).AsTask();
    }
}
