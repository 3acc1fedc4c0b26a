using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Engine;

/// <summary>What a provider keeps of a master secret for the next use of it goes with the handshake.</summary>
[TestClass]
public class ForgetTests
{
    [TestMethod]
    public void A_handshake_that_succeeded_leaves_no_secret_in_its_provider()
    {
        DtlsOptions client = TestBed.Options(1);
        DtlsOptions server = TestBed.Options(2);
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
        DtlsOptions client = TestBed.Options(1);
        DtlsOptions server = TestBed.Options(2);
        client.Psk = TestBed.Store(TestBed.Bytes(16, 9), TestBed.Text("sensor-1"));
        TestBed bed = new TestBed(client, server);
        bed.VerifyClientFails(DtlsError.KeyMismatchSuspected);
        bed.Network.Run(1_000_000);
        Assert.IsFalse(Keeps(client), "client");
        Assert.IsFalse(Keeps(server), "server");
    }

    private static bool Keeps(DtlsOptions options)
    {
        FieldInfo field = typeof(SoftwareProvider).GetField("_masterHash", BindingFlags.Instance | BindingFlags.NonPublic)!;
        return (int)field.GetValue(options.Crypto)! != 0;
    }
}
