using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class PskStoreTests
{
    private static readonly byte[] s_key = Check.Bytes(16);

    [TestMethod]
    public void A_key_is_found_by_the_exact_bytes_of_its_identity()
    {
        PskStore store = new PskStore();
        store.Add(s_key, "node");
        Assert.IsNotNull(Find(store, "node"));
        Assert.IsNull(Find(store, "nod"));
        Assert.IsNull(Find(store, "node1"));
        Assert.IsNull(Find(store, "Node"));
        Assert.IsNull(Find(store, "node\u0001"));
        Assert.IsNull(Find(store, string.Empty));
    }

    [TestMethod]
    public void An_identity_that_begins_with_another_is_another()
    {
        PskStore store = new PskStore();
        store.Add(Check.Bytes(16, 1), Check.Hex("61"), null);
        store.Add(Check.Bytes(16, 2), Check.Hex("610062"), null);
        store.Add(Check.Bytes(16, 3), Check.Hex("6100"), null);
        Assert.AreEqual(1, Find(store, Check.Hex("61")).Key[0]);
        Assert.AreEqual(2, Find(store, Check.Hex("610062")).Key[0]);
        Assert.AreEqual(3, Find(store, Check.Hex("6100")).Key[0]);
        Assert.IsNull(Find(store, Check.Hex("61006200")));
    }

    [TestMethod]
    public void The_first_key_is_the_default_and_a_hint_finds_its_own()
    {
        PskStore store = new PskStore();
        Assert.IsNull(store.FindByHint(new byte[0], 0, 0));
        store.Add(Check.Bytes(16, 1), "one");
        store.Add(Check.Bytes(16, 2), "two", "gateway");
        store.Add(Check.Bytes(16, 3), Check.Ascii("three"), new byte[0]);
        byte[] hint = Check.Ascii("xgatewayx");
        Assert.AreEqual(2, store.FindByHint(hint, 1, 7).Key[0]);
        Assert.AreEqual(1, store.FindByHint(hint, 1, 6).Key[0]);
        Assert.AreEqual(1, store.FindByHint(hint, 0, 9).Key[0]);
        Assert.AreEqual(1, store.FindByHint(hint, 0, 0).Key[0], "No hint means the default key.");
    }

    [TestMethod]
    public void A_removed_key_is_gone_and_the_next_one_becomes_the_default()
    {
        PskStore store = new PskStore();
        store.Add(Check.Bytes(16, 1), "one");
        store.Add(Check.Bytes(16, 2), "two");
        Assert.IsTrue(store.Remove("one"));
        Assert.IsFalse(store.Remove("one"));
        Assert.AreEqual(1, store.Count);
        Assert.AreEqual(2, store.FindByHint(new byte[0], 0, 0).Key[0]);
    }

    [TestMethod]
    public void The_store_copies_what_it_is_given()
    {
        PskStore store = new PskStore();
        byte[] key = Check.Bytes(16, 1);
        byte[] identity = Check.Ascii("node");
        store.Add(key, identity, null);
        key[0] = 99;
        identity[0] = 99;
        Assert.AreEqual(1, Find(store, "node").Key[0]);
    }

    [TestMethod]
    public void Keys_and_identities_out_of_range_are_refused_and_nothing_is_added()
    {
        PskStore store = new PskStore();
        byte[] identity = Check.Ascii("x");
        Check.Throws(typeof(ArgumentException), () => store.Add(new byte[0], identity, null));
        Check.Throws(typeof(ArgumentException), () => store.Add(new byte[65], identity, null));
        Check.Throws(typeof(ArgumentException), () => store.Add(null, identity, null));
        Check.Throws(typeof(ArgumentException), () => store.Add(s_key, new byte[129], null));
        Check.Throws(typeof(ArgumentException), () => store.Add(s_key, identity, new byte[129]));
        Check.Throws(typeof(ArgumentNullException), () => store.Add(s_key, (byte[])null, null));
        Assert.AreEqual(0, store.Count);
        store.Add(new byte[64], new byte[128], new byte[128]);
        store.Add(s_key, new byte[0], null);
        Check.Throws(typeof(ArgumentException), () => store.Add(s_key, new byte[0], null), "no identity twice");
        Assert.AreEqual(2, store.Count);
    }

    [TestMethod]
    public void A_store_for_longer_keys_takes_them()
    {
        PskStore store = new PskStore(1024);
        store.Add(new byte[1024], "long");
        Check.Throws(typeof(ArgumentException), () => store.Add(new byte[1025], "longer"));
        Check.Throws(typeof(ArgumentOutOfRangeException), () => new PskStore(63));
        Check.Throws(typeof(ArgumentOutOfRangeException), () => new PskStore(1025));
    }

    [TestMethod]
    public void No_message_of_an_exception_holds_a_key()
    {
        PskStore store = new PskStore();
        byte[] key = Check.Ascii(new string('K', 80));
        string message = Check.Throws(typeof(ArgumentException), () => store.Add(key, "x"));
        Assert.AreEqual(-1, message.IndexOf("KKKK"), message);
    }

    [TestMethod]
    public void Bytes_that_are_no_text_are_identities_and_hints_as_well()
    {
        string[] texts = { "00", "0000", "80", "C0AF", "C3", "E08080", "EDA080", "F4908080", "FF", "FFFE", "9C3FE18010FF44C2A07BD10599EEF012" };
        PskStore store = new PskStore();
        for (int i = 0; i < texts.Length; i++)
        {
            store.Add(Check.Bytes(16, i), Check.Hex(texts[i]), Check.Hex(texts[i] + "80"));
        }

        for (int i = 0; i < texts.Length; i++)
        {
            byte[] hint = Check.Hex(texts[i] + "80");
            Assert.AreEqual(Check.Bytes(16, i)[0], Find(store, Check.Hex(texts[i])).Key[0], texts[i]);
            Assert.AreEqual(Check.Bytes(16, i)[0], store.FindByHint(hint, 0, hint.Length).Key[0], texts[i]);
            Assert.IsNull(Find(store, Check.Hex(texts[i] + "01FF")), texts[i]);
        }

        for (int i = 0; i < texts.Length; i++)
        {
            Assert.IsTrue(store.Remove(Check.Hex(texts[i])), texts[i]);
        }
    }

    [TestMethod]
    public void Strings_become_utf_8()
    {
        Check.Equal(Check.Hex("7fc280dfbfe0a080ed9fbfee8080efbfbf"), Utf8.Encode("\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF", "text"));
        Check.Equal(Check.Hex("476572c3a474"), Utf8.Encode("Ger\u00E4t", "text"));
        Check.Equal(new byte[0], Utf8.Encode(string.Empty, "text"));
    }

    private static PskEntry Find(PskStore store, string identity)
    {
        return Find(store, Check.Ascii(identity));
    }

    private static PskEntry Find(PskStore store, byte[] identity)
    {
        return store.FindByIdentity(identity, 0, identity.Length);
    }
}
