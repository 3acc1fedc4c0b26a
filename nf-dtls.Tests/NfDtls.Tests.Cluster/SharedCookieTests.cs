using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Net;
using NfDtls.Server;
using NfDtls.Tests.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>Cookies that one node gives and another takes.</summary>
[TestClass]
public sealed class SharedCookieTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("nfdtls-ring").FullName;
    private readonly Calendar _time = new();

    [TestCleanup]
    public void Clean()
    {
        System.IO.Directory.Delete(_folder, true);
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12, true)]
    [DataRow(DtlsProtocols.Dtls12, false)]
    [DataRow(DtlsProtocols.Dtls13, true)]
    [DataRow(DtlsProtocols.Dtls13, false)]
    public async Task A_client_whose_second_hello_comes_to_another_node_is_not_asked_again(DtlsProtocols version, bool areShared)
    {
        using ServiceProvider first = Node();
        using ServiceProvider second = Node();
        using RingCookies firstCookies = new(first.GetRequiredService<IKeyManager>(), null, _time);
        using RingCookies secondCookies = new(second.GetRequiredService<IKeyManager>(), null, _time);
        await using DtlsListener here = await ListenAsync(version, areShared ? firstCookies : null);
        await using DtlsListener there = await ListenAsync(version, areShared ? secondCookies : null);
        await using Balancer balancer = new(Fleet.Ids(0));
        balancer.Only = here.LocalEndPoint;
        balancer.Seen = (_, _, isClients) =>
        {
            // The answer is a cookie, and what follows it goes to the other.
            balancer.Only = isClients ? balancer.Only : there.LocalEndPoint;
        };
        if (version == DtlsProtocols.Dtls13 && !areShared)
        {
            // A second hello of 1.3 is one by its cookie alone (RFC 8446 section 4.2.2): asked again, it has no third.
            await Ends.FailsAsync(DtlsError.AlertReceived, () => Fleet.ConnectAsync(balancer.EndPoint, version));
            return;
        }

        await using DtlsConnection client = await Fleet.ConnectAsync(balancer.EndPoint, version);
        await Ends.AssertEchoesAsync(client, "hello");
        Assert.IsGreaterThan(0, here.GetStatistics().CookiesSent);
        Assert.AreEqual(1, there.GetStatistics().Sessions);
        Assert.AreEqual(areShared, there.GetStatistics().CookiesSent == 0);
    }

    [TestMethod]
    public void Each_minute_has_a_key_that_all_nodes_know_and_that_a_new_key_of_the_ring_changes_at_its_time()
    {
        using ServiceProvider node = Node();
        IKeyManager manager = node.GetRequiredService<IKeyManager>();
        IKey old = manager.CreateNewKey(Noon.AddDays(-1), Noon.AddDays(90));
        using RingCookies one = new(manager, null, _time);
        using RingCookies other = new(Node().GetRequiredService<IKeyManager>(), null, _time);
        CookieKeys keys = one.ForEngine();
        CookieKeys others = other.ForEngine();
        long period = keys.GetPeriod(0);
        Assert.AreEqual(period, others.GetPeriod(5));
        string[] minutes = Enumerable.Range(0, 10).Select(i => Key(keys, period + i)).ToArray();
        Assert.HasCount(10, minutes.Distinct().ToArray());
        CollectionAssert.AreEqual(minutes, Enumerable.Range(0, 10).Select(i => Key(others, period + i)).ToArray());
        _time.Now = Noon.AddMinutes(3);
        Assert.AreEqual(period + 3, keys.GetPeriod(0));

        // A key that begins in the fifth minute serves from the sixth on, and until then nobody sees a change.
        manager.CreateNewKey(Noon.AddMinutes(5).AddSeconds(1), Noon.AddDays(90));
        one.Refresh();
        Assert.AreEqual(minutes[5], Key(keys, period + 5));
        Assert.AreNotEqual(minutes[6], Key(keys, period + 6));
        other.Refresh();
        Assert.AreEqual(Key(keys, period + 6), Key(others, period + 6));

        // What is revoked proves nothing from then on.
        manager.RevokeKey(old.KeyId, "Lost.");
        one.Refresh();
        Assert.AreNotEqual(minutes[4], Key(keys, period + 4));
    }

    [TestMethod]
    public void A_ring_without_a_key_that_can_be_read_is_told_of_at_once_and_later_changes_nothing()
    {
        using ServiceProvider node = Node();
        SharedSessionTests.WithUnreadable ring = new(node.GetRequiredService<IKeyManager>()) { AreAll = true };
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => new RingCookies(ring, null, _time));
        Assert.Contains("No key of the ring can be read", e.Message);
        ring.AreAll = false;
        using RingCookies cookies = new(ring, null, _time);
        CookieKeys keys = cookies.ForEngine();
        string before = Key(keys, keys.GetPeriod(0));
        ring.AreAll = true;
        Assert.ThrowsExactly<InvalidOperationException>(cookies.Refresh);
        int made = ring.GetAllKeys().Count;
        Assert.ThrowsExactly<InvalidOperationException>(cookies.Refresh);
        Assert.HasCount(made, ring.GetAllKeys(), "one more key each time");
        Assert.AreEqual(before, Key(keys, keys.GetPeriod(0)));
        Assert.IsGreaterThan(0, cookies.Unreadable);
    }

    private static string Key(CookieKeys keys, long period)
    {
        byte[] key = new byte[CookieKeys.KeyLength + 2];
        keys.WriteKey(period, key, 1);
        Assert.AreEqual(0, key[0] + key[^1]);
        return Convert.ToHexString(key);
    }

    private static async Task<DtlsListener> ListenAsync(DtlsProtocols version, RingCookies? cookies)
    {
        DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.EnabledProtocols = version;
            options.ConfigureEngine = engine => engine.Features = cookies == null ? engine.Features : [.. engine.Features, cookies.ForEngine()];
        });
        _ = Ends.EchoAsync(listener);
        return listener;
    }

    private ServiceProvider Node()
    {
        return new ServiceCollection().AddDataProtection().SetApplicationName("fleet").PersistKeysToFileSystem(new System.IO.DirectoryInfo(_folder)).Services.BuildServiceProvider();
    }

    /// <summary>A day that stands; timers are the system's.</summary>
    private sealed class Calendar : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = Noon;

        public override DateTimeOffset GetUtcNow()
        {
            return Now;
        }
    }
}
