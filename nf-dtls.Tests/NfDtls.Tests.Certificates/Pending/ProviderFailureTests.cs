using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.Tests.X509;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>A provider that fails while keys are made and agreed on, signatures made and verified, chains read.</summary>
[TestClass]
public class ProviderFailureTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256, 2);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");
    private static readonly Identity s_rsa = Identity.Of(CaKeyKind.Rsa2048, 1, CaKeyKind.Rsa2048);

    [TestMethod]
    [DataRow("ECDHE_ECDSA, mutual", false)]
    [DataRow("ECDHE_ECDSA, mutual", true)]
    [DataRow("RSA", false)]
    [DataRow("RSA", true)]
    [DataRow("ECDHE_PSK", false)]
    [DataRow("ECDHE_PSK", true)]
    public void A_provider_that_fails_at_any_call_costs_its_session_and_nothing_else(string what, bool ofServer)
    {
        int calls = Make(what, ofServer).CountCalls();
        Assert.IsTrue(calls > 40, calls.ToString());

        // Managed RSA takes its time.
        int step = what == "RSA" ? 5 : 1;
        for (int call = 1; call <= calls; call += step)
        {
            Make(what, ofServer).Fail(call, call % 2 == 0);
        }
    }

    private static FailingRun Make(string what, bool ofServer)
    {
        Func<CipherSuiteTable> suites = what switch
        {
            "RSA" => () => Setup.One(CertificateSuites.RsaAes128CbcSha256),
            "ECDHE_PSK" => () => Setup.One(EcdheSuites.PskAes128Ccm8Sha256),
            _ => () => Setup.One(EcdheSuites.EcdsaAes128Ccm8),
        };
        bool isMutual = what.EndsWith("mutual", StringComparison.Ordinal);
        WatchedProvider provider = new WatchedProvider(Setup.Crypto());
        Identity identity = what == "RSA" ? s_rsa : s_server;
        DtlsOptions client = Setup.Client(suites(), Store(isMutual ? s_client : null, identity, ofServer ? null : provider), ofServer ? null : provider);
        DtlsOptions server = Setup.Server(suites(), Store(identity, s_client, ofServer ? provider : null), isMutual ? ClientCertificates.Require : ClientCertificates.None, ofServer ? provider : null);
        if (what == "ECDHE_PSK")
        {
            client.Authenticator = null;
            server.Authenticator = null;
        }

        client.StepBudget = 1000;
        server.StepBudget = 1000;
        return new FailingRun(new TestBed(client, server, 1), provider, ofServer, what + (ofServer ? ", server" : ", client"), false);
    }

    private static CertificateStore Store(Identity? own, Identity trusted, CryptoProvider? crypto)
    {
        CertificateStore store = new CertificateStore(crypto ?? Setup.Crypto()) { Clock = new FixedClock(CertificateSpec.Now) };
        own?.AddLocalTo(store);
        trusted.TrustIn(store);
        return store;
    }
}
