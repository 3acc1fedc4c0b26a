using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.Software;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Handshakes that agree by X25519MLKEM768, whose hellos are longer than a datagram.</summary>
[TestClass]
public class HybridTests
{
    private const int ServerHelloType = 2;
    private static readonly int[] Hybrid = [NamedGroup.X25519MlKem768];
    private static readonly int[] Both = [NamedGroup.X25519MlKem768, NamedGroup.X25519];

    [TestInitialize]
    public void RequireLibrary()
    {
        try
        {
            GC.KeepAlive(new NativeProvider());
        }
        catch (NotSupportedException)
        {
            Assert.Inconclusive("The native library is missing; run ./build.sh native.");
        }
    }

    [TestMethod]
    public void Both_ends_agree_and_the_key_goes_out_only_with_the_cookie()
    {
        TestBed bed = Make(Hybrid, Hybrid);
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Assert.AreEqual("151 135 1232 222 1205 84 57 29", string.Join(' ', bed.Network.Sent.Select(datagram => datagram.Bytes.Length)));
        bed.VerifyEcho();
        bed.Network.Run(5000);
        bed.VerifyPools();
    }

    [TestMethod]
    public void An_end_that_lacks_one_half_leaves_the_group_out()
    {
        DtlsOptions client = Bed13.Options(false, 1, Both, false);
        TestBed bed = new(client, Options(true, 2, Both));
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Assert.IsFalse(bed.Network.Sent.Any(datagram => datagram.Bytes.Length > 400), "a key of ML-KEM was sent");

        bed = new(Options(false, 1, Both), Bed13.Options(true, 2, Both, false));
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Assert.IsFalse(bed.Network.Sent.Any(datagram => datagram.Bytes.Length > 400), "a key of ML-KEM was sent");
    }

    [TestMethod]
    public void A_server_that_prefers_it_asks_a_client_for_it_that_sent_another_key()
    {
        TestBed bed = Make([NamedGroup.X25519, NamedGroup.X25519MlKem768], Hybrid);
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Assert.IsTrue(bed.Network.Sent.Any(datagram => datagram.Bytes.Length > 1000));
    }

    [TestMethod]
    public void Every_one_of_the_datagrams_may_be_lost_at_every_path_mtu()
    {
        foreach (int mtu in new[] { 228, 600, 1232 })
        {
            int count = Sendings(mtu, -1);
            for (int lost = 0; lost < count; lost++)
            {
                Sendings(mtu, lost);
            }
        }
    }

    [TestMethod]
    public void A_hundred_handshakes_connect_where_one_in_five_is_lost_doubled_and_late()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            TestBed bed = Make(Hybrid, Hybrid, seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            Assert.IsTrue(Bed13.Connect(bed, 400_000), "seed " + seed + ": " + bed.Client.Association.LastError);
        }
    }

    [TestMethod]
    public void A_key_that_is_none_is_an_illegal_parameter_at_the_server()
    {
        TestBed bed = Make(Hybrid, Hybrid);
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer && datagram.Bytes.Length > 1000)
            {
                // Two numbers of 4,095 in the middle of the first fragment, far behind the cookie.
                datagram.Bytes.AsSpan(600, 3).Fill(0xFF);
                datagram.Bytes.AsSpan(603, 3).Fill(0xFF);
            }

            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(Alert.IllegalParameter, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void A_ciphertext_that_was_changed_gives_keys_that_do_not_fit()
    {
        TestBed bed = Make(Hybrid, Hybrid);
        bed.Network.Filter = datagram =>
        {
            if (!datagram.ToServer && datagram.Bytes[0] == 22 && datagram.Bytes[13] == ServerHelloType && datagram.Bytes.Length > 1000)
            {
                datagram.Bytes[600] ^= 1;
            }

            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreNotEqual(AssociationState.Connected, bed.Client.State);
    }

    [TestMethod]
    public void An_end_whose_messages_may_not_be_that_long_says_so()
    {
        DtlsOptions client = Options(false, 1, Hybrid);
        client.MaxHandshakeMessage = 1024;
        TestBed bed = new(client, Options(true, 2, Hybrid));
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(DtlsError.HandshakeMessageTooLarge, bed.Client.Association.LastError);
    }

    [TestMethod]
    public void A_first_hello_in_fragments_is_refused_and_nothing_is_kept_of_it()
    {
        DtlsOptions client = Options(false, 1, Both);
        client.Mtu = 150;
        client.Crypto = Bed13.Options(false, 1, Both, false).Crypto;
        TestBed bed = new(client, Options(true, 2, Both));
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
        Assert.AreEqual(0, bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Server.HandshakeCount);
        Assert.IsTrue(bed.Network.Sent.Where(datagram => !datagram.ToServer).All(datagram => datagram.Bytes[0] == ContentType.Alert));
    }

    private static int Sendings(int mtu, int lost)
    {
        DtlsOptions client = Options(false, 1, Hybrid);
        DtlsOptions server = Options(true, 2, Hybrid);
        client.Mtu = mtu;
        server.Mtu = mtu;
        TestBed bed = new(client, server);
        int sent = 0;
        bed.Network.Filter = _ => sent++ != lost;
        Assert.IsTrue(Bed13.Connect(bed), "MTU " + mtu + " without " + lost + ": " + bed.Client.Association.LastError);
        int count = sent;
        bed.Network.Filter = null;
        bed.VerifyEcho();
        return count;
    }

    private static TestBed Make(int[] client, int[] server, int seed = 1)
    {
        return new TestBed(Options(false, seed, client), Options(true, seed + 1000, server), seed);
    }

    /// <summary>ML-KEM-768 of the native core beside managed cryptography.</summary>
    private static DtlsOptions Options(bool isServer, int seed, int[] groups)
    {
        DtlsOptions options = Bed13.Options(isServer, seed, groups, false);
        options.Crypto = new CompositeProvider([options.Crypto, new NativeProvider()]);
        return options;
    }
}
