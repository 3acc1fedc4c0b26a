using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using Managed = NfDtls.Crypto.Software.SoftwareProvider;

namespace NfDtls.Tests.Engine;

/// <summary>What the managed provider keeps of a master secret for the next use of it goes with the handshake.</summary>
[TestClass]
public class ForgetTests
{
    [TestMethod]
    public void A_handshake_that_succeeded_leaves_no_secret_in_its_provider()
    {
        DtlsOptions client = Options(1);
        DtlsOptions server = Options(2);
        bool wasKept = false;
        TestBed bed = new TestBed(client, server);
        bed.Network.Filter = datagram =>
        {
            wasKept |= Keeps(client);
            return true;
        };
        bed.Connect();
        Assert.IsTrue(wasKept, "the test sees what is kept");
        Assert.IsFalse(Keeps(client), "client");
        Assert.IsFalse(Keeps(server), "server");
    }

    [TestMethod]
    public void A_handshake_that_failed_leaves_no_secret_in_its_provider()
    {
        DtlsOptions client = Options(1);
        DtlsOptions server = Options(2);
        client.Psk = TestBed.Store(TestBed.Bytes(16, 9), TestBed.Text("sensor-1"));
        TestBed bed = new TestBed(client, server);
        bed.VerifyClientFails(DtlsError.KeyMismatchSuspected);
        bed.Network.Run(1_000_000);
        Assert.IsFalse(Keeps(client), "client");
        Assert.IsFalse(Keeps(server), "server");
    }

    // By its own name: where these tests run over another provider, that one is called SoftwareProvider.
    private static DtlsOptions Options(int seed)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Crypto = new Managed(new SeededEntropy(seed));
        return options;
    }

    private static bool Keeps(DtlsOptions options)
    {
        FieldInfo field = typeof(ConstrainedProvider).GetField("_masterHash", BindingFlags.Instance | BindingFlags.NonPublic)!;
        return (int)field.GetValue(options.Crypto)! != 0;
    }
}
