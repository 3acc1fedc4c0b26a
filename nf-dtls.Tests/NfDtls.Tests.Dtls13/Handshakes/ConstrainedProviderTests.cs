using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Handshakes of either version over the providers that have AES-CCM and SHA-256 alone.</summary>
[TestClass]
public class ConstrainedProviderTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_key_and_CCM_8_connect_in_DTLS_1_2(bool isStock)
    {
        VerifyConnects(TestBed.Options(1), TestBed.Options(2), isStock);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_key_and_CCM_8_connect_in_DTLS_1_3(bool isStock)
    {
        VerifyConnects(Bed13.Options(false, 1, Bed13.NoGroup, true), Bed13.Options(true, 2, Bed13.NoGroup, true), isStock);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Of_all_suites_those_of_CCM_are_offered_and_one_without_any_is_refused(bool isStock)
    {
        DtlsOptions client = TestBed.Options(1);
        client.Suites = PskSuites.All();
        VerifyConnects(client, TestBed.Options(2), isStock);

        DtlsOptions lacking = TestBed.Options(3);
        lacking.Crypto = Make(isStock, 3);
        lacking.Suites = TestBed.Only(PskSuites.Aes128GcmSha256());
        DtlsException refusal = Assert.ThrowsExactly<DtlsException>(() => new DtlsClientEngine(lacking).Connect(0));
        Assert.AreEqual("None of DtlsOptions.Suites can be used: DtlsOptions.Crypto can do none of them.", refusal.Message);
    }

    private static void VerifyConnects(DtlsOptions client, DtlsOptions server, bool isStock)
    {
        client.Crypto = Make(isStock, 1);
        server.Crypto = Make(isStock, 2);
        TestBed bed = new TestBed(client, server);
        Assert.IsTrue(Bed13.Connect(bed));
        bed.VerifyEcho();
    }

    private static CryptoProvider Make(bool isStock, int seed)
    {
        return isStock ? ConstrainedStockProvider.Create(new SeededEntropy(seed)) : new ConstrainedProvider(new SeededEntropy(seed));
    }
}
