using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>The managed Poly1305 where its arithmetic comes to the edge.</summary>
[TestClass]
public class Poly1305Tests
{
    private const string Zeros = "00000000000000000000000000000000";
    private const string Ones = "ffffffffffffffffffffffffffffffff";

    [TestMethod]
    public void The_edges_of_RFC_8439_appendix_A_3_are_right()
    {
        const string One = "01000000000000000000000000000000";
        const string Two = "02000000000000000000000000000000";
        Verify(Two + Zeros, Ones, "03000000000000000000000000000000");
        Verify(Two + Ones, Two, "03000000000000000000000000000000");
        Verify(One + Zeros, Ones + "f0ffffffffffffffffffffffffffffff" + "11000000000000000000000000000000", "05000000000000000000000000000000");
        Verify(One + Zeros, Ones + "fbfefefefefefefefefefefefefefefe" + "01010101010101010101010101010101", Zeros);
        Verify(Two + Zeros, "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff");
    }

    [TestMethod]
    public void A_carry_that_runs_through_all_limbs_and_round_again_is_not_lost()
    {
        // Found by solving for a product whose limbs are all ones but the lowest, which overflows a second time.
        Verify("0db9cb03000000000000000000000000" + Zeros, "21bb25ff44cc343c18db843ae8dca7d4", "03000008000000000000000000000000");
        Verify("2137ee03000000000000000000000000" + Zeros, "8168fd82ba56e4a368ec8314ead976d2", "01000008000000000000000000000000");
    }

    private static void Verify(string key, string data, string tag)
    {
        byte[] bytes = Check.Bytes(data);
        Poly1305 poly = new Poly1305();
        poly.Start(Check.Bytes(key), 0);
        for (int i = 0; i < bytes.Length; i += 16)
        {
            poly.Add(bytes, i);
        }

        byte[] actual = new byte[16];
        poly.Finish(actual, 0);
        Check.Equal(tag, actual, data);
    }
}
