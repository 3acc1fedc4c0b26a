using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Stock;

namespace NfDtls.Tests.Crypto;

/// <summary>What StockEntropy goes by: the firmware's names, and System.Random.</summary>
[TestClass]
public class EntropyProbes
{
    [TestMethod]
    public void Random_bytes_come_where_the_target_is_listed_and_an_exception_elsewhere()
    {
        byte[] bytes = new byte[48];
        bool isRefused = false;
        try
        {
            new StockEntropy().Read(bytes, 0, bytes.Length);
        }
        catch (System.InvalidOperationException exception)
        {
            isRefused = exception.Message.IndexOf("System.Random of target ") == 0;
        }

        int zeros = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            zeros += bytes[i] == 0 ? 1 : 0;
        }

        // 20 zeros of 48 come by chance once in 2^100.
        Assert.IsTrue(isRefused ? zeros == bytes.Length : zeros < 20, zeros.ToString() + " zeros");
    }
}
