using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>ECDSA signatures have one encoding.</summary>
[TestClass]
public class DerSignatureTests
{
    [TestMethod]
    public void Integers_are_written_as_short_as_they_can_be_and_read_back()
    {
        string[] numbers = new string[] { "01", "7F", "80", "FF", "0100", "7FFF", "8000" };
        for (int size = 32; size <= 48; size += 16)
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                for (int lead = 0; lead < 2; lead++)
                {
                    byte[] number = Ecc.Bytes(numbers[i]);
                    byte[] r = new byte[size];
                    System.Array.Copy(number, 0, r, lead == 0 ? 0 : size - number.Length, number.Length);
                    byte[] s = new byte[size];
                    s[size - 1] = 1;
                    byte[] der = new byte[104];
                    int count = DerSignature.Write(r, s, der, 0);
                    byte[] r2 = new byte[size];
                    byte[] s2 = new byte[size];
                    Assert.IsTrue(DerSignature.TryRead(der, 0, count, r2, s2), numbers[i]);
                    Ecc.Equal(r, r2, "r");
                    Ecc.Equal(s, s2, "s");
                }
            }
        }

        byte[] longest = new byte[104];
        byte[] all = new byte[48];
        for (int i = 0; i < 48; i++)
        {
            all[i] = 0xFF;
        }

        Assert.AreEqual(104, DerSignature.Write(all, all, longest, 0));
    }

    [TestMethod]
    public void Any_other_encoding_is_refused()
    {
        Refuse("", "nothing");
        Refuse("30", "a tag alone");
        Refuse("3005020101" + "0201", "an integer without its byte");
        Refuse("3106020101020101", "a set");
        Refuse("308106020101020101", "a length in two bytes");
        Refuse("3080020101020101" + "0000", "an indefinite length");
        Refuse("3007020101020101", "a length too large");
        Refuse("3005020101020101", "a length too small");
        Refuse("300602010102010100", "a byte behind the sequence");
        Refuse("3007020101020101" + "00", "a byte behind the integers");
        Refuse("3006030101020101", "no integer");
        Refuse("300702020001020101", "a zero too many");
        Refuse("3006020181020101", "a negative number");
        Refuse("300502000201" + "01", "an integer of no bytes");
        Refuse("3006028101" + "020101", "an integer's length in two bytes");
        Refuse("3003020101", "one integer");
        Refuse("3009020101020101020101", "three integers");
        Refuse("3026" + "0221" + "010000000000000000000000000000000000000000000000000000000000000000" + "020101", "33 bytes");
    }

    private static void Refuse(string hex, string what)
    {
        byte[] der = Ecc.Bytes(hex);
        Assert.IsFalse(DerSignature.TryRead(der, 0, der.Length, new byte[32], new byte[32]), what);
    }
}
