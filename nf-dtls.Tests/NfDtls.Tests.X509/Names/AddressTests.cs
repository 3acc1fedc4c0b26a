using System;
using System.Linq;
using System.Net;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Names;

/// <summary>Addresses as text: RFC 4291 section 2.2, RFC 4007's zone, and four decimals.</summary>
[TestClass]
public class AddressTests
{
    [TestMethod]
    [DataRow("0.0.0.0", "00000000")]
    [DataRow("255.255.255.255", "FFFFFFFF")]
    [DataRow("9.19.190.99", "0913BE63")]
    [DataRow("::", "00000000000000000000000000000000")]
    [DataRow("::1", "00000000000000000000000000000001")]
    [DataRow("1::", "00010000000000000000000000000000")]
    [DataRow("::2:3:4:5:6:7:8", "00000002000300040005000600070008")]
    [DataRow("1:2:3:4:5:6:7::", "00010002000300040005000600070000")]
    [DataRow("1:2::7:8", "00010002000000000000000000070008")]
    [DataRow("90aF:bCdE:fA09::9", "90AFBCDEFA0900000000000000000009")]
    [DataRow("::1.2.3.4", "00000000000000000000000001020304")]
    [DataRow("a::9.8.7.6", "000A0000000000000000000009080706")]
    [DataRow("1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304")]
    [DataRow("1:2:3:4:5::1.2.3.4", "00010002000300040005000001020304")]
    [DataRow("::1%a", "00000000000000000000000000000001")]
    [DataRow("::%%", "00000000000000000000000000000000")]
    public void AnAddressIsItsBytes(string text, string hex)
    {
        // Whatever stood there before.
        byte[] bytes = [.. Enumerable.Repeat((byte)0xEE, 16)];
        Assert.AreEqual(hex.Length / 2, IpAddress.Parse(text, bytes));
        Assert.AreEqual(hex, Convert.ToHexString(bytes, 0, hex.Length / 2));
        Assert.IsTrue(bytes.Skip(hex.Length / 2).All(rest => rest == 0xEE));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1")]
    [DataRow("1.2.3")]
    [DataRow("1.2.3.")]
    [DataRow("1.2.3.4.")]
    [DataRow("1.2.3.4.5")]
    [DataRow(".1.2.3")]
    [DataRow("1..2.3")]
    [DataRow("1.2.3.256")]
    [DataRow("256.2.3.4")]
    [DataRow("1.2.3.1000")]
    [DataRow("01.2.3.4")]
    [DataRow("1.2.3.04")]
    [DataRow("00.2.3.4")]
    [DataRow("1.2.3.4a")]
    [DataRow("1.2.3/4")]
    [DataRow("1.2.3.:")]
    [DataRow("1.2.3.4%a")]
    [DataRow("%a")]
    [DataRow(":")]
    [DataRow(":::")]
    [DataRow(":1")]
    [DataRow("1:")]
    [DataRow("::1:")]
    [DataRow(":1::")]
    [DataRow("1:::2")]
    [DataRow("::1::")]
    [DataRow("1::2::3")]
    [DataRow("1:2:3:4:5:6:7")]
    [DataRow("1:2:3:4:5:6:7:8:9")]
    [DataRow("1:2:3:4:5:6:7:8::")]
    [DataRow("::1:2:3:4:5:6:7:8")]
    [DataRow("1:2:3:4:5:6:7:8:")]
    [DataRow("1:2:3:4:5:6:7:1.2.3.4")]
    [DataRow("1:2:3:4:5:1.2.3.4")]
    [DataRow("::1:2:3:4:5:6:1.2.3.4")]
    [DataRow("::1.2.3.4:5")]
    [DataRow("::1.2.3")]
    [DataRow("::1.2.3.256")]
    [DataRow("::01.2.3.4")]
    [DataRow("::a.2.3.4")]
    [DataRow("1.2.3.4::")]
    [DataRow("12345::")]
    [DataRow("::00001")]
    [DataRow("g::")]
    [DataRow("::G")]
    [DataRow("::`")]
    [DataRow("::@")]
    [DataRow("::/")]
    [DataRow("::1 ")]
    [DataRow("1;2")]
    [DataRow("1:2:3:4:5:6:7;8")]
    [DataRow("::1%")]
    [DataRow("%::1")]
    [DataRow("%a:")]
    public void WhatIsNearlyAnAddressIsNone(string text)
    {
        Assert.AreEqual(0, IpAddress.Parse(text, new byte[16]));
    }

    [TestMethod]
    public void AnAddressIsReadAsItIsWrittenHere()
    {
        // Words of zero are what is left out.
        Gen<byte[]> v6 = Gen.OneOf(Gen.Const(0), Gen.Int[0, 0xFFFF]).Array[8].Select(words => words.SelectMany(word => new[] { (byte)(word >> 8), (byte)word }).ToArray());
        Law.Holds(Gen.OneOf(Gen.Byte.Array[4], v6), 1000, address =>
        {
            byte[] bytes = new byte[16];
            foreach (string text in new[] { new IPAddress(address).ToString(), IpAddress.Text(address, 0, address.Length) })
            {
                Assert.AreEqual(address.Length, IpAddress.Parse(text, bytes), text);
                CollectionAssert.AreEqual(address, bytes[..address.Length], text);
            }

            byte[] among = [1, .. address, 2];
            Assert.AreEqual(new IPAddress(address), IPAddress.Parse(IpAddress.Text(among, 1, address.Length)));
        });
    }
}
