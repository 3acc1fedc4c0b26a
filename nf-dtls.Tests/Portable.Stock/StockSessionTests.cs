using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Stock;
using NfDtls.Tests.Memory;

namespace NfDtls.Tests.Crypto;

/// <summary>How small a session is whose keys are the firmware's.</summary>
[TestClass]
public class StockSessionTests
{
    [TestMethod]
    public void A_session_with_the_firmwares_cryptography_takes_at_most_1536_bytes()
    {
        new SessionMeasure().Verify("the firmware's cryptography", StockProvider.Create(new TestEntropySource(1)), 3336, 1536, 6656);
    }
}
