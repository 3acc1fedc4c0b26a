using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Net;
using StackExchange.Redis;

namespace NfDtls.Tests.Cluster;

/// <summary>What a store lets whom store: the fence of the other tests' store, and of Redis.</summary>
[TestClass]
public sealed class AssociationStoreTests
{
    private static readonly byte[] Id = [1, 2, 3];
    private static readonly byte[] First = new byte[16];
    private static readonly byte[] Second = [.. First.AsSpan(1), 2];
    private static readonly byte[] Third = [.. First.AsSpan(1), 3];

    [TestMethod]
    public async Task The_store_in_memory_lets_one_life_go_on()
    {
        await TryAsync(() => new MemoryStore());
    }

    [TestMethod]
    public async Task Redis_lets_one_life_go_on()
    {
        using RedisServer server = new();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        int fleet = 0;
        await TryAsync(() => new RedisAssociations(connection, "fleet" + (fleet++).ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task TryAsync(Func<AssociationStore> create)
    {
        await GoesOnAsync(create());
        await IsTakenOverAsync(create());
        await IsOverAsync(create());
        await WasNeverStoredAsync(create());
    }

    private static async Task GoesOnAsync(AssociationStore store)
    {
        Assert.IsFalse(await StoreAsync(store, First, 1, null), "It was stored before, and is lost.");
        Assert.IsFalse(await StoreAsync(store, Second, 2, 1), "There is nothing to be taken over.");
        Assert.IsTrue(await StoreAsync(store, First, 1, 0));
        Assert.IsTrue(await StoreAsync(store, First, 3, 0), "Nobody heard of the first one.");
        Assert.IsFalse(await StoreAsync(store, First, 2, 0), "It comes late.");
        Assert.IsFalse(await StoreAsync(store, First, 3, null));
        Assert.IsTrue(await StoreAsync(store, First, 4, null));
        Assert.IsFalse(await StoreAsync(store, Second, 5, 0), "It is another's.");
        await AssertFoundAsync(store, First, 4);
    }

    private static async Task IsTakenOverAsync(AssociationStore store)
    {
        Assert.IsTrue(await StoreAsync(store, First, 1, 0));
        Assert.IsTrue(await StoreAsync(store, Second, 2, 1));
        Assert.IsFalse(await StoreAsync(store, Third, 2, 1), "Another was faster.");
        Assert.IsFalse(await StoreAsync(store, Third, 9, 1), "Another was faster.");
        Assert.IsFalse(await StoreAsync(store, First, 8, null), "A higher generation does not make it its own.");
        Assert.IsFalse(await StoreAsync(store, First, 8, 0), "A higher generation does not make it its own.");
        await RemoveAsync(store, First, 8);
        await AssertFoundAsync(store, Second, 2);
        Assert.IsTrue(await StoreAsync(store, Second, 3, null));
        Assert.IsTrue(await StoreAsync(store, Third, 4, 3));
        Assert.IsFalse(await StoreAsync(store, Second, 5, null));
        await AssertFoundAsync(store, Third, 4);
    }

    private static async Task IsOverAsync(AssociationStore store)
    {
        Assert.IsTrue(await StoreAsync(store, First, 1, 0));
        Assert.IsTrue(await StoreAsync(store, Second, 2, 1));
        await RemoveAsync(store, Second, 2);
        Assert.IsNull(await store.FindAsync(Id, CancellationToken.None));
        foreach (long? follows in new long?[] { null, 0, 1, 2 })
        {
            Assert.IsFalse(await StoreAsync(store, First, 8, follows), "It is over.");
            Assert.IsFalse(await StoreAsync(store, Second, 8, follows), "It is over.");
            Assert.IsFalse(await StoreAsync(store, [], 8, follows), "It is over.");
        }

        await RemoveAsync(store, First, 9);
        Assert.IsFalse(await StoreAsync(store, First, 10, 0), "It is over.");
        Assert.IsNull(await store.FindAsync(Id, CancellationToken.None));
    }

    private static async Task WasNeverStoredAsync(AssociationStore store)
    {
        await RemoveAsync(store, First, 1);
        Assert.IsFalse(await StoreAsync(store, First, 1, 0), "It comes late, and is over.");
        Assert.IsNull(await store.FindAsync(Id, CancellationToken.None));
    }

    private static async Task<bool> StoreAsync(AssociationStore store, byte[] life, long generation, long? follows)
    {
        return await store.StoreAsync(Id, new StoredAssociation([(byte)generation], life), new AssociationFence(life, generation, follows), CancellationToken.None);
    }

    private static async Task RemoveAsync(AssociationStore store, byte[] life, long generation)
    {
        await store.RemoveAsync(Id, new AssociationFence(life, generation, null), CancellationToken.None);
    }

    private static async Task AssertFoundAsync(AssociationStore store, byte[] life, long generation)
    {
        StoredAssociation? found = await store.FindAsync(Id, CancellationToken.None);
        Assert.IsNotNull(found);
        CollectionAssert.AreEqual(life, found.Owner);
        CollectionAssert.AreEqual(new[] { (byte)generation }, found.Saved);
    }
}
