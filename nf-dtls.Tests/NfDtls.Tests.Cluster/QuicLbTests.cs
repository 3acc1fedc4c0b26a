using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Crypto.Host;
using NfDtls.Extensions;
using NfDtls.Net;
using NfDtls.Tests.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>Connection IDs that name their node.</summary>
[TestClass]
public sealed class QuicLbTests
{
    private const string Key = "8f95f09245765f80256934e50c66207f";

    // Appendix B of draft-ietf-quic-load-balancers-21. Its fourth row with a key says configuration 3 and shows 0, whose bits are none of the text.
    [TestMethod]
    [DataRow(0, "c4605e", "4504cc4f", null, "07c4605e4504cc4f")]
    [DataRow(1, "350d28b420", "3487d970b0", null, "2a350d28b4203487d970b0")]
    [DataRow(0, "ed793a", "ee080dbf", Key, "0720b1d07b359d3c")]
    [DataRow(1, "ed793a51d49b8f5fab65", "ee080dbf48", Key, "2fcc381bc74cb4fbad2823a3d1f8fed2")]
    [DataRow(2, "ed793a51d49b8f5f", "ee080dbf48c0d1e5", Key, "504dd2d05a7b0de9b2b9907afb5ecf8cc3")]
    [DataRow(0, "ed793a51d49b8f5fab", "ee080dbf48c0d1e55d", Key, "125779c9cc86beb3a3a4a3ca96fce4bfe0cdbc")]
    [DataRow(0, "31441a", "9c69c275", "fdf726a9893ec05c0632d3956680baf0", "0767947d29be054a")]
    public void Ids_are_those_of_the_draft(int configuration, string node, string nonce, string? key, string id)
    {
        byte[] nodeId = Convert.FromHexString(node);
        byte[] nonceBytes = Convert.FromHexString(nonce);
        using QuicLbCodec codec = new(new QuicLbOptions { ConfigurationId = configuration, NodeId = nodeId, NonceLength = nonceBytes.Length, Key = key == null ? null : Convert.FromHexString(key) });
        byte[] made = new byte[codec.Length];
        codec.Encode(nodeId, nonceBytes, made);
        Assert.AreEqual(id, Convert.ToHexStringLower(made));
        byte[] readNode = new byte[nodeId.Length];
        byte[] readNonce = new byte[nonceBytes.Length];
        Assert.IsTrue(codec.TryDecode(made, readNode, readNonce));
        CollectionAssert.AreEqual(nodeId, readNode);
        CollectionAssert.AreEqual(nonceBytes, readNonce);
    }

    [TestMethod]
    public void Every_length_is_read_back_by_nodes_and_balancers_that_have_the_key_and_by_no_others()
    {
        Random random = new(7);
        for (int node = 1; node <= 15; node++)
        {
            for (int nonce = 4; node + nonce <= 19; nonce++)
            {
                QuicLbOptions options = Some(node, nonce, random);
                using QuicLbCodec codec = new(options);
                byte[] nonceBytes = Bytes(nonce, random);
                byte[] id = new byte[codec.Length];
                codec.Encode(options.NodeId!, nonceBytes, id);
                byte[] read = new byte[node];
                Assert.IsTrue(codec.TryDecode(id, read, default));
                CollectionAssert.AreEqual(options.NodeId, read);
                using QuicLbCodec stranger = new(new QuicLbOptions { NodeIdLength = node, NonceLength = nonce, Key = Bytes(16, random) });
                byte[] guessed = new byte[node];
                byte[] guessedNonce = new byte[nonce];
                Assert.IsTrue(stranger.TryDecode(id, guessed, guessedNonce));
                Assert.IsFalse(guessed.Concat(guessedNonce).SequenceEqual(read.Concat(nonceBytes)));
                Assert.IsFalse(codec.TryDecode(id.AsSpan(0, id.Length - 1), read, default));
                id[0] ^= 0x20;
                Assert.IsFalse(codec.TryDecode(id, read, default), "of another configuration");
            }
        }
    }

    [TestMethod]
    public void What_is_out_of_its_range_is_refused_and_named()
    {
        (Action<QuicLbOptions> Change, string Name)[] cases =
        [
            (options => options.ConfigurationId = 7, "ConfigurationId"), (options => options.NodeId = null, "NodeId"), (options => options.NodeId = [], "node's ID"),
            (options => options.NodeId = new byte[16], "node's ID"), (options => options.NonceLength = 3, "NonceLength"), (options => options.NonceLength = 18, "NonceLength"),
            (options => options.Key = new byte[15], "Key"), (options => options.NodeIdLength = 3, "NodeIdLength"),
        ];
        foreach ((Action<QuicLbOptions> change, string name) in cases)
        {
            QuicLbOptions options = new() { NodeId = [1, 2] };
            change(options);
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new QuicLbIds(options));
            Assert.Contains(name, e.Message);
        }
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(Key)]
    public void A_session_is_found_by_its_id_at_its_node_alone_and_no_two_ids_are_the_same(string? key)
    {
        const int Places = 1000;
        HostProvider crypto = new();
        QuicLbIds here = Ids(1, key, crypto, Places);
        QuicLbIds there = Ids(2, key, crypto, Places);
        HashSet<string> all = [];
        byte[] id = new byte[here.Length];
        for (int place = 0; place < Places; place++)
        {
            here.Create(place, id, 0);
            Assert.AreEqual(place, here.FindPlace(id, 0));
            Assert.AreEqual(-1, there.FindPlace(id, 0));
            Assert.IsTrue(all.Add(Convert.ToHexString(id)));
        }
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task A_listener_gives_its_clients_ids_that_a_balancer_reads(DtlsProtocols version)
    {
        QuicLbOptions lb = new() { NodeId = [0x12, 0x34], NonceLength = 7, Key = Convert.FromHexString(Key) };
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.EnabledProtocols = version;
            options.ConnectionIdLength = null;
            options.ConfigureEngine = engine => engine.Features = [.. engine.Features, new ConnectionIdFeature(new QuicLbIds(lb))];
        });
        _ = Ends.EchoAsync(listener);
        await using DtlsConnection client = await Ends.ConnectAsync(listener, options =>
        {
            options.EnabledProtocols = version;
            options.ConnectionIdLength = 0;
        });
        using QuicLbCodec balancer = new(new QuicLbOptions { NodeIdLength = 2, NonceLength = 7, Key = lb.Key });
        byte[] node = new byte[2];
        Assert.IsTrue(balancer.TryDecode(client.RemoteConnectionId.Span, node, default));
        CollectionAssert.AreEqual(lb.NodeId, node);
        await Ends.AssertEchoesAsync(client, "routed");
    }

    private static QuicLbIds Ids(byte node, string? key, CryptoProvider crypto, int places)
    {
        QuicLbIds ids = new(new QuicLbOptions { NodeId = [node], NonceLength = 10, Key = key == null ? null : Convert.FromHexString(key) });
        ids.Attach(crypto, places);
        return ids;
    }

    private static QuicLbOptions Some(int node, int nonce, Random random)
    {
        return new QuicLbOptions { NodeId = Bytes(node, random), NonceLength = nonce, Key = Bytes(16, random) };
    }

    private static byte[] Bytes(int count, Random random)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
