using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    [TestClass]
    public class StoreTests
    {
        [TestMethod]
        public void A_key_must_belong_to_its_certificate()
        {
            CertificateStore store = Bench.Strict().Store;
            DtlsCertificate end = Bench.Certificate(Chains.End);
            store.AddLocal(end, null, PrivateKeyReader.Read(Check.Hex(Chains.EndKey)));
            Check.Throws(typeof(ArgumentException), delegate { store.AddLocal(end, null, PrivateKeyReader.Read(Check.Hex(Chains.OtherKey))); }, "another key");
            Check.Throws(typeof(ArgumentException), delegate { store.AddLocal(end, null, PrivateKeyReader.Read(Check.Hex(Kinds.RsaKey))); }, "another kind");
            Assert.AreEqual(1, store.Count, "entries");
        }

        [TestMethod]
        public void A_key_without_its_public_part_is_tried()
        {
            CertificateStore store = Bench.Strict().Store;
            DtlsCertificate end = Bench.Certificate(Chains.End);
            store.AddLocal(end, null, Bare(Chains.EndKey));
            Check.Throws(typeof(ArgumentException), delegate { store.AddLocal(end, null, Bare(Chains.OtherKey)); }, "another key");
        }

        [TestMethod]
        public void A_local_certificate_is_sent_with_its_chain()
        {
            CertificateStore store = Bench.Strict().Store;
            DtlsCertificate end = Bench.Certificate(Chains.End);
            DtlsCertificate middle = Bench.Certificate(Chains.Middle);
            store.AddLocal(end, new DtlsCertificate[] { middle }, PrivateKeyReader.Read(Check.Hex(Chains.EndKey)));
            LocalCertificate local = store.At(0).Local;
            Assert.AreEqual(2, local.Count, "certificates");
            Assert.AreEqual(end.Count + middle.Count + 6, local.ListLength, "bytes");
            Assert.IsTrue(local.MatchesName(Bench.Host), "its name");
            Assert.IsFalse(local.MatchesName("other.example.com"), "another name");
            Assert.IsFalse(local.MatchesName(null), "no name");
        }

        [TestMethod]
        public void Entries_are_removed_by_id_and_by_name()
        {
            CertificateStore store = Bench.Strict().Store;
            int root = store.AddTrusted(Bench.Certificate(Chains.Root));
            int other = store.AddTrusted(Bench.Certificate(Chains.Other));
            store.AddIntermediate(Bench.Certificate(Chains.Middle));
            Assert.AreNotEqual(root, other, "ids");
            Assert.IsTrue(store.Remove(root), "removed");
            Assert.IsFalse(store.Remove(root), "removed twice");
            Assert.AreEqual(1, store.RemoveByName("middle"), "by name");
            Assert.AreEqual(0, store.RemoveByName("middle"), "by name twice");
            Assert.AreEqual(1, store.Count, "entries");
            Assert.AreEqual(other, store.At(0).Id, "what is left");
            Assert.IsNull(store.At(1), "behind the last");
        }

        [TestMethod]
        public void What_no_chain_could_hold_is_not_added()
        {
            CertificateStore store = Bench.Strict().Store;
            Check.Throws(typeof(ArgumentException), delegate { store.AddTrusted(Bench.Certificate(Chains.UnknownCritical)); }, "critical extension");
            Check.Throws(typeof(ArgumentException), delegate { store.AddTrusted(Bench.Certificate(Kinds.RsaWeak)); }, "weak key");
            Check.Throws(typeof(ArgumentException), delegate { store.AddIntermediate(Bench.Certificate(Kinds.RsaWeak)); }, "weak intermediate");
            Check.Throws(typeof(ArgumentException), delegate { store.AddPin(new byte[20]); }, "a pin of 20 bytes");
            Check.Throws(typeof(ArgumentNullException), delegate { store.AddTrusted(null); }, "nothing");
            Assert.AreEqual(0, store.Count, "entries");
        }

        private static StoredPrivateKey Bare(string hex)
        {
            StoredPrivateKey key = PrivateKeyReader.Read(Check.Hex(hex));
            return new StoredPrivateKey(key.Kind, key.Buffer, key.OffsetOf(StoredPrivateKey.Scalar), key.CountOf(StoredPrivateKey.Scalar), null);
        }
    }
}
