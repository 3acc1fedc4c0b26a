using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>What .NET makes of strings; nanoCLR knows no NUL and no half surrogates in them.</summary>
[TestClass]
public class Utf8Tests
{
    [TestMethod]
    public void Strings_become_the_utf_8_that_dotnet_makes_of_them()
    {
        foreach (string text in new[] { "", "node-1", "\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF", "Gerät", "\U00010000\U0010FFFF", "\U0001F600x" })
        {
            CollectionAssert.AreEqual(TestBed.Text(text), Utf8.Encode(text, "text"));
        }
    }

    [TestMethod]
    public void Strings_with_nul_or_half_a_surrogate_pair_are_refused()
    {
        foreach (string text in new[] { "a\0b", "\0", "\uD800", "\uDC00", "a\uD800b", "\uD800\uD800", "\uDC00\uD800" })
        {
            Assert.ThrowsExactly<ArgumentException>(() => new PskStore().Add(TestBed.Key, text));
            Assert.ThrowsExactly<ArgumentException>(() => new PskStore().Add(TestBed.Key, "node", text));
        }
    }

    [TestMethod]
    public void Every_code_point_agrees_with_dotnet()
    {
        for (int scalar = 1; scalar <= 0x10FFFF; scalar += scalar < 0x3000 ? 1 : 97)
        {
            if (scalar >= 0xD800 && scalar < 0xE000)
            {
                continue;
            }

            string text = char.ConvertFromUtf32(scalar);
            CollectionAssert.AreEqual(TestBed.Text(text), Utf8.Encode(text, "text"));
        }
    }
}
