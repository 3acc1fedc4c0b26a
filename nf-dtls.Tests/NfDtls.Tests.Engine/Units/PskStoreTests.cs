using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class PskStoreTests
{
    private static readonly byte[] s_key = TestBed.Bytes(16);

    [TestMethod]
    public void A_key_is_found_by_the_exact_bytes_of_its_identity()
    {
        PskStore store = new PskStore();
        store.Add(s_key, "node");
        Assert.IsNotNull(Find(store, "node"));
        Assert.IsNull(Find(store, "nod"));
        Assert.IsNull(Find(store, "node1"));
        Assert.IsNull(Find(store, "Node"));
        Assert.IsNull(Find(store, "node\0"));
        Assert.IsNull(Find(store, string.Empty));
    }

    [TestMethod]
    public void An_identity_that_begins_with_another_is_another()
    {
        PskStore store = new PskStore();
        store.Add(TestBed.Bytes(16, 1), TestBed.Text("a"), null);
        store.Add(TestBed.Bytes(16, 2), TestBed.Text("a\0b"), null);
        store.Add(TestBed.Bytes(16, 3), TestBed.Text("a\0"), null);
        Assert.AreEqual(1, Find(store, "a")!.Key[0]);
        Assert.AreEqual(2, Find(store, "a\0b")!.Key[0]);
        Assert.AreEqual(3, Find(store, "a\0")!.Key[0]);
        Assert.IsNull(Find(store, "a\0b\0"));
    }

    [TestMethod]
    public void The_first_key_is_the_default_and_a_hint_finds_its_own()
    {
        PskStore store = new PskStore();
        Assert.IsNull(store.FindByHint(new byte[0], 0, 0));
        store.Add(TestBed.Bytes(16, 1), "one");
        store.Add(TestBed.Bytes(16, 2), "two", "gateway");
        store.Add(TestBed.Bytes(16, 3), TestBed.Text("three"), new byte[0]);
        byte[] hint = TestBed.Text("xgatewayx");
        Assert.AreEqual(2, store.FindByHint(hint, 1, 7).Key[0]);
        Assert.AreEqual(1, store.FindByHint(hint, 1, 6).Key[0]);
        Assert.AreEqual(1, store.FindByHint(hint, 0, 9).Key[0]);
        Assert.AreEqual(1, store.FindByHint(hint, 0, 0).Key[0], "No hint means the default key.");
    }

    [TestMethod]
    public void A_removed_key_is_gone_and_the_next_one_becomes_the_default()
    {
        PskStore store = new PskStore();
        store.Add(TestBed.Bytes(16, 1), "one");
        store.Add(TestBed.Bytes(16, 2), "two");
        Assert.IsTrue(store.Remove("one"));
        Assert.IsFalse(store.Remove("one"));
        Assert.AreEqual(1, store.Count);
        Assert.AreEqual(2, store.FindByHint(new byte[0], 0, 0).Key[0]);
    }

    [TestMethod]
    public void The_store_copies_what_it_is_given()
    {
        PskStore store = new PskStore();
        byte[] key = TestBed.Bytes(16, 1);
        byte[] identity = TestBed.Text("node");
        store.Add(key, identity, null);
        key[0] = 99;
        identity[0] = 99;
        Assert.AreEqual(1, Find(store, "node")!.Key[0]);
    }

    [TestMethod]
    public void Keys_and_identities_out_of_range_are_refused_and_nothing_is_added()
    {
        PskStore store = new PskStore();
        byte[] identity = TestBed.Text("x");
        Assert.ThrowsExactly<ArgumentException>(() => store.Add(new byte[0], identity, null));
        Assert.ThrowsExactly<ArgumentException>(() => store.Add(new byte[65], identity, null));
        Assert.ThrowsExactly<ArgumentException>(() => store.Add(null!, identity, null));
        Assert.ThrowsExactly<ArgumentException>(() => store.Add(s_key, new byte[129], null));
        Assert.ThrowsExactly<ArgumentException>(() => store.Add(s_key, identity, new byte[129]));
        Assert.ThrowsExactly<ArgumentNullException>(() => store.Add(s_key, (byte[])null!, null));
        Assert.AreEqual(0, store.Count);
        store.Add(new byte[64], new byte[128], new byte[128]);
        store.Add(s_key, new byte[0], null);
        Assert.ThrowsExactly<ArgumentException>(() => store.Add(s_key, new byte[0], null), "no identity twice");
        Assert.AreEqual(2, store.Count);
    }

    [TestMethod]
    public void A_store_for_longer_keys_takes_them()
    {
        PskStore store = new PskStore(1024);
        store.Add(new byte[1024], "long");
        Assert.ThrowsExactly<ArgumentException>(() => store.Add(new byte[1025], "longer"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PskStore(63));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PskStore(1025));
    }

    [TestMethod]
    public void No_message_of_an_exception_holds_a_key()
    {
        PskStore store = new PskStore();
        byte[] key = TestBed.Text(new string('K', 80));
        ArgumentException thrown = Assert.ThrowsExactly<ArgumentException>(() => store.Add(key, "x"));
        Assert.IsFalse(thrown.ToString().Contains("KKKK"));
    }

    [TestMethod]
    [DataRow("80")]
    [DataRow("C0AF")]
    [DataRow("C1BF")]
    [DataRow("C3")]
    [DataRow("C328")]
    [DataRow("E08080")]
    [DataRow("E09FBF")]
    [DataRow("E282")]
    [DataRow("EDA080")]
    [DataRow("EDBFBF")]
    [DataRow("F0808080")]
    [DataRow("F08FBFBF")]
    [DataRow("F4908080")]
    [DataRow("F5808080")]
    [DataRow("FF")]
    [DataRow("F09F98")]
    [DataRow("61E282AC80")]
    public void Ill_formed_utf_8_is_refused(string hex)
    {
        byte[] text = Convert.FromHexString(hex);
        Assert.IsFalse(Utf8.IsWellFormed(text));
        Assert.ThrowsExactly<ArgumentException>(() => new PskStore().Add(s_key, text, null));
        Assert.ThrowsExactly<ArgumentException>(() => new PskStore().Add(s_key, TestBed.Text("x"), text));
    }

    [TestMethod]
    public void Strings_become_the_utf_8_that_dotnet_makes_of_them()
    {
        foreach (string text in new[] { "", "node-1", "\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF", "Gerät", "\U00010000\U0010FFFF", "\U0001F600x" })
        {
            byte[] encoded = Utf8.Encode(text, "text");
            CollectionAssert.AreEqual(TestBed.Text(text), encoded);
            Assert.IsTrue(Utf8.IsWellFormed(encoded));
        }
    }

    [TestMethod]
    public void Strings_with_nul_or_half_a_surrogate_pair_are_refused()
    {
        foreach (string text in new[] { "a\0b", "\0", "\uD800", "\uDC00", "a\uD800b", "\uD800\uD800", "\uDC00\uD800" })
        {
            Assert.ThrowsExactly<ArgumentException>(() => new PskStore().Add(s_key, text));
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

    private static PskEntry? Find(PskStore store, string identity)
    {
        byte[] bytes = TestBed.Text(identity);
        return store.FindByIdentity(bytes, 0, bytes.Length);
    }
}
