using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>A provider may fail at any of its calls.</summary>
[TestClass]
public class FailureTests
{
    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void A_provider_that_fails_at_any_call_costs_its_session_and_nothing_else(bool ofServer, bool agrees)
    {
        int calls = Make(ofServer, agrees).CountCalls();
        Assert.IsGreaterThan(40, calls);
        for (int call = 1; call <= calls; call++)
        {
            // With the arithmetic of curves each call is tried one way only.
            if (!agrees || call % 2 == 0)
            {
                Make(ofServer, agrees).Fail(call, false);
            }

            if (!agrees || call % 2 == 1)
            {
                Make(ofServer, agrees).Fail(call, true);
            }
        }
    }

    private static FailingRun Make(bool ofServer, bool agrees)
    {
        int[] groups = agrees ? Bed13.X25519 : Bed13.NoGroup;
        DtlsOptions client = Bed13.Options(false, 1, groups, !agrees);
        DtlsOptions server = Bed13.Options(true, 2, groups, !agrees);
        DtlsOptions watched = ofServer ? server : client;
        WatchedProvider provider = new(watched.Crypto);
        watched.Crypto = provider;
        return new FailingRun(new TestBed(client, server), provider, ofServer, (ofServer ? "server" : "client") + (agrees ? ", agreement" : ", key alone"), false);
    }
}
