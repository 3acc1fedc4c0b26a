using System;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster.Orleans;
using NfDtls.Net;
using NfDtls.Tests.Net;
using Orleans.Runtime;
using static NfDtls.Tests.Cluster.Fleet;

namespace NfDtls.Tests.Cluster.Devices;

/// <summary>Devices as grains of Orleans: two silos over loopback with their members in Redis, each with a listener, and clients of ours.</summary>
[TestClass]
public sealed class DeviceGrainTests
{
    private static RedisServer? s_redis;
    private static OrleansNode[] s_silos = [];

    private readonly Members _members = new();
    private readonly MemoryStore _store = new();

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _ = context;
        s_redis = new RedisServer();
        s_silos = [await OrleansNode.StartAsync(s_redis.Address), await OrleansNode.StartAsync(s_redis.Address)];
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        foreach (OrleansNode silo in s_silos)
        {
            await silo.DisposeAsync();
        }

        s_redis?.Dispose();
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task What_a_device_says_reaches_its_grain_at_another_silo_and_what_the_grain_sends_reaches_the_device(DtlsProtocols version)
    {
        string name = "thermometer of " + version;
        await using Node node = await s_silos[0].ListenAsync(1, version, _members, null);
        IThermometer grain = await s_silos[1].GrainAsync(name);
        Assert.AreNotEqual(await grain.SiloAsync(), await (await s_silos[0].GrainAsync(name + "'s neighbour")).SiloAsync());
        await using DtlsConnection client = await ConnectAsync(node.Address, version, name);
        for (int i = 0; i < 20; i++)
        {
            await Ends.SendAsync(client, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        await AssertAnsweredAsync(client, name);
        string[] said = [.. Enumerable.Range(0, 20).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        CollectionAssert.AreEqual((string[])["+", .. said, "ask"], await grain.HeardAsync());
        Assert.IsTrue(await s_silos[0].SendAsync(name, "unasked"));
        Assert.AreEqual("unasked", await Ends.ReceiveAsync(client));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => grain.SendAsync(new byte[20000]).WaitAsync(Ends.Patience));
        await client.CloseAsync();
        await UntilAsync(async () => (await grain.HeardAsync())[^1] == "-", "the end, told to the grain");
        Assert.IsFalse(await s_silos[0].SendAsync(name, "too late"));
        Assert.IsFalse(await s_silos[1].SendAsync("nobody", "to nobody"));
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task A_device_that_another_node_took_over_is_reached_by_that_one_whether_or_not_its_grain_remembers(DtlsProtocols version)
    {
        string name = "moving " + version;
        await using Node first = await s_silos[0].ListenAsync(1, version, _members, _store);
        await using Node second = await s_silos[1].ListenAsync(2, version, _members, _store);
        await using Balancer balancer = new(Ids(0));
        balancer.Only = first.Address;
        IThermometer grain = await s_silos[0].GrainAsync(name);
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, version, name);
        await AssertAnsweredAsync(client, name);
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");

        // The first counts as fallen, and does not know.
        _members.Forget(first.Name);
        balancer.Only = second.Address;
        await SendUntilAsync(client, () => grain.HeardAsync().GetAwaiter().GetResult().Count(said => said == "+") == 2, "a take-over, told to the grain");
        await Ends.UntilAsync(() => first.Listener.GetStatistics().Sessions == 1, "the old node's idea of it");
        for (int i = 0; i < 2; i++)
        {
            int sent = first.Listener.GetStatistics().DatagramsSent is var count ? (int)count : 0;
            await UntilAsync(() => s_silos[0].SendAsync(name, "unasked"), "a promise that is stored");
            Assert.AreEqual("unasked", await Ends.ReceiveAsync(client));
            Assert.AreEqual(sent, (int)first.Listener.GetStatistics().DatagramsSent, "The old node sent it.");
            await grain.PutAwayAsync();
            await UntilAsync(async () => (await grain.HeardAsync()).Length == 0, "a grain that knows nothing");
        }
    }

    [TestMethod]
    public async Task A_link_to_a_silo_that_is_gone_is_passed_over_and_a_grain_that_fails_keeps_its_connection()
    {
        await using Node node = await s_silos[0].ListenAsync(1, DtlsProtocols.Dtls12, _members, null);
        IThermometer grain = await s_silos[1].GrainAsync("failing");
        await using DtlsConnection client = await ConnectAsync(node.Address, DtlsProtocols.Dtls12, "failing");
        long failures = s_silos[0].Devices.Failures;
        await Ends.SendAsync(client, "fail");
        await AssertAnsweredAsync(client, "failing");
        Assert.AreEqual(failures + 1, s_silos[0].Devices.Failures);
        await grain.OnConnected(new DeviceLink(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 9), 1), Guid.NewGuid()));
        await grain.OnConnected(new DeviceLink(s_silos[1].Silo, Guid.NewGuid()));
        Assert.IsTrue(await s_silos[1].SendAsync("failing", "unasked"));
        Assert.AreEqual("unasked", await Ends.ReceiveAsync(client));
    }

    [TestMethod]
    public async Task A_device_whose_identity_is_no_text_or_looks_like_a_certificates_is_refused()
    {
        await using Node node = await s_silos[0].ListenAsync(1, DtlsProtocols.Dtls12, _members, null);
        long refused = s_silos[0].Devices.Refused;
        foreach (byte[] identity in (byte[][])[[0xFF, 0x41], Encoding.UTF8.GetBytes("certificate/00")])
        {
            Assert.IsNull(DeviceGrainOptions.KeyOf(identity));
            await using DtlsConnection client = await ConnectAsync(node.Address, DtlsProtocols.Dtls12, new DtlsPskCredential(identity, Ends.Key));
            await client.Closed.WaitAsync(Ends.Patience);
            Assert.AreEqual(++refused, s_silos[0].Devices.Refused);
        }
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task A_device_with_a_certificate_is_the_grain_of_that_certificate(DtlsProtocols version)
    {
        using Certified authority = new();
        using X509Certificate2 own = authority.Client();
        await using Node node = await s_silos[0].ListenAsync(1, version, _members, null, options =>
        {
            options.PskCallback = null;
            options.Certificates = [authority.Server()];
            options.ClientCertificates = ClientCertificates.Require;
            options.TrustedCertificates = [authority.Root];
        });
        DtlsClientOptions client = Ends.ClientOptions(node.Address);
        client.EnabledProtocols = version;
        client.Psk = null;
        client.Certificates = [own];
        client.TrustedCertificates = [authority.Root];
        client.TargetHost = Certified.ServerName;
        await using DtlsConnection connection = await DtlsConnection.ConnectAsync(client).AsTask().WaitAsync(Ends.Patience);
        string name = "certificate/" + own.GetCertHashString(HashAlgorithmName.SHA256);
        await AssertAnsweredAsync(connection, name);
        Assert.IsTrue(await s_silos[1].SendAsync(name, "unasked"));
        Assert.AreEqual("unasked", await Ends.ReceiveAsync(connection));
    }

    private static Task<DtlsConnection> ConnectAsync(IPEndPoint server, DtlsProtocols version, string identity)
    {
        return ConnectAsync(server, version, new DtlsPskCredential(identity, Ends.Key));
    }

    private static Task<DtlsConnection> ConnectAsync(IPEndPoint server, DtlsProtocols version, DtlsPskCredential credential)
    {
        DtlsClientOptions options = Ends.ClientOptions(server);
        options.EnabledProtocols = version;
        options.ConnectionIdLength = 0;
        options.Psk = credential;
        return DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Ends.Patience);
    }

    private static async Task AssertAnsweredAsync(DtlsConnection client, string name)
    {
        await Ends.SendAsync(client, "ask");
        Assert.AreEqual(name + " answers ask", await Ends.ReceiveAsync(client));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        for (long left = (long)Ends.Patience.TotalMilliseconds / 10; !await isSo(); left--)
        {
            Assert.IsGreaterThan(0, left, "did not come about: " + what);
            await Task.Delay(10);
        }
    }
}
