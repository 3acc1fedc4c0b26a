using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Net;
using NfDtls.Tests.Net;
using StackExchange.Redis;

namespace NfDtls.Tests.Cluster;

/// <summary>What a node may do in Redis is what docs/gateway.md says, and not more than it needs.</summary>
[TestClass]
public sealed class RedisAccessTests
{
    private const string User = "user nfdtls ";

    [TestMethod]
    public async Task A_node_needs_the_commands_that_the_page_names_and_no_others()
    {
        string[] rules = File.ReadLines(Path.Combine(Root(), "docs", "gateway.md")).Single(line => line.StartsWith(User, StringComparison.Ordinal))[User.Length..].Split(' ');
        string[] commands = rules.Where(rule => rule[0] == '+').ToArray();
        Assert.IsGreaterThan(5, commands.Length);
        using RedisServer server = new();
        await using ConnectionMultiplexer admin = await server.ConnectAsync();
        await UseAsync(server, admin, "all", rules);

        // What StackExchange.Redis asks when it connects, one or the other: without them it waits in vain, for as long as it was told to.
        string[] connecting = ["+ping", "+echo"];
        CollectionAssert.IsSubsetOf(connecting, commands);
        foreach (string command in commands.Except(connecting))
        {
            // Whoever lacks one is told, and in no other way than that.
            string name = "without" + command.Replace("+", "-", StringComparison.Ordinal).Replace("|", "-", StringComparison.Ordinal);
            Exception e = await Assert.ThrowsAsync<Exception>(() => UseAsync(server, admin, name, rules.Where(rule => rule != command).ToArray()), command + " is not needed.");
            Assert.IsTrue(e.ToString().Contains(nameof(RedisServerException), StringComparison.Ordinal), command + ": " + e);
        }
    }

    // Everything that a node does.
    private static async Task UseAsync(RedisServer server, ConnectionMultiplexer admin, string user, string[] rules)
    {
        await admin.GetDatabase().ExecuteAsync("ACL", ["SETUSER", user, .. rules]);
        await admin.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        await admin.GetDatabase().ExecuteAsync("FLUSHALL");
        string password = rules.Single(rule => rule[0] == '>')[1..];
        ConfigurationOptions options = ConfigurationOptions.Parse(server.Address + ",asyncTimeout=60000,syncTimeout=60000,connectTimeout=60000,abortConnect=false,user=" + user + ",password=" + password);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(options);
        await using ConnectionMultiplexer storing = await ConnectionMultiplexer.ConnectAsync(options);
        await using (RedisMembers members = new(redis, [1]))
        {
            await members.JoinAsync(new IPEndPoint(IPAddress.Loopback, 7));
            Assert.IsNotNull(members.Find([1]));
        }

        // One leaves silently where Redis does not let it.
        Exception? left = await LeaveAsync(redis);
        await using RedisAssociations associations = new(redis);
        await using RedisAssociations replicated = new(redis, storing, 1, TimeSpan.FromMilliseconds(1));
        AssociationFence fence = new(new byte[16], 1, 0);
        Assert.IsTrue(await associations.StoreAsync(new byte[] { 1 }, new StoredAssociation([1], [2]), fence, CancellationToken.None));

        // A script may go by its hash the second time, and goes whole where it may not.
        Assert.IsTrue(await associations.StoreAsync(new byte[] { 1 }, new StoredAssociation([1], [2]), fence with { Generation = 2, Follows = null }, CancellationToken.None));
        Assert.IsNotNull(await associations.FindAsync(new byte[] { 1 }, CancellationToken.None));
        await associations.RemoveAsync(new byte[] { 1 }, fence, CancellationToken.None);
        Assert.IsNull(await associations.FindAsync(new byte[] { 1 }, CancellationToken.None));

        // There is no replica: that is what it fails with.
        Exception late = await Assert.ThrowsAsync<Exception>(() => replicated.StoreAsync(new byte[] { 2 }, new StoredAssociation([1], [2]), fence, CancellationToken.None).AsTask());
        await using ServiceProvider ring = new ServiceCollection().AddDataProtection().SetApplicationName("fleet").PersistKeysToStackExchangeRedis(redis, "nfdtls:ring").Services.BuildServiceProvider();
        using RingTicketKeys tickets = new(ring.GetRequiredService<IKeyManager>());
        if (late is not TimeoutException)
        {
            throw late;
        }

        if (left != null)
        {
            throw left;
        }
    }

    private static async Task<Exception?> LeaveAsync(ConnectionMultiplexer redis)
    {
        try
        {
            await redis.GetDatabase().HashDeleteAsync("nfdtls:nodes", "01");
            return null;
        }
        catch (RedisServerException e)
        {
            return e;
        }
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NfDtls.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException("The repository's folder is not above " + AppContext.BaseDirectory);
        }

        return folder;
    }
}
