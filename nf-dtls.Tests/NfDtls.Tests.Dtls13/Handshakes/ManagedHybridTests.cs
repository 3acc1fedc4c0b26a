using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.Software;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Handshakes that agree by X25519MLKEM768 in managed code alone, as boards on stock firmware do.</summary>
[TestClass]
public class ManagedHybridTests
{
    private static readonly int[] Hybrid = [NamedGroup.X25519MlKem768];

    [TestMethod]
    public void Both_ends_agree_over_composites()
    {
        TestBed bed = new(Options(false, 1), Options(true, 2));
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        Assert.AreEqual("151 135 1232 222 1205 84 57 29", string.Join(' ', bed.Network.Sent.Select(datagram => datagram.Bytes.Length)));
        bed.VerifyEcho();
        bed.Network.Run(5000);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_changed_ciphertext_connects_nobody()
    {
        TestBed bed = new(Options(false, 1), Options(true, 2));
        bed.Network.Filter = datagram =>
        {
            if (!datagram.ToServer && datagram.Bytes[0] == ContentType.Handshake && datagram.Bytes.Length > 1000)
            {
                datagram.Bytes[600] ^= 1;
            }

            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreNotEqual(AssociationState.Connected, bed.Client.State);
    }

    [TestMethod]
    public void A_key_that_is_none_is_an_illegal_parameter_at_the_server()
    {
        TestBed bed = new(Options(false, 1), Options(true, 2));
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer && datagram.Bytes.Length > 1000)
            {
                // Numbers of 4,095 in the middle of the first fragment, far behind the cookie.
                datagram.Bytes.AsSpan(600, 6).Fill(0xFF);
            }

            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(Alert.IllegalParameter, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void It_agrees_with_the_native_core_at_either_end()
    {
        NativeProvider native;
        try
        {
            native = new NativeProvider();
        }
        catch (NotSupportedException)
        {
            Assert.Inconclusive("The native library is missing; run ./build.sh native.");
            return;
        }

        for (int i = 0; i < 2; i++)
        {
            DtlsOptions client = Options(false, 1);
            DtlsOptions server = Options(true, 2);
            DtlsOptions changed = i == 0 ? client : server;
            changed.Crypto = new CompositeProvider([native, changed.Crypto]);
            TestBed bed = new(client, server);
            Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
            bed.VerifyEcho();
        }
    }

    private static DtlsOptions Options(bool isServer, int seed)
    {
        DtlsOptions options = Bed13.Options(isServer, seed, Hybrid, false);
        options.Crypto = new CompositeProvider([options.Crypto, new SoftwareMlKemProvider(options.Crypto)]);
        return options;
    }
}
