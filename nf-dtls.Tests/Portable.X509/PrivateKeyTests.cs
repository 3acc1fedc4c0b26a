using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    [TestClass]
    public class PrivateKeyTests
    {
        [TestMethod]
        public void Each_kind_is_read_in_place()
        {
            Read(Chains.EndKey, KeyKind.Secp256r1, 32);
            Read(Chains.EndKeySec1, KeyKind.Secp256r1, 32);
            Read(Kinds.Ed25519Key, KeyKind.Ed25519, 32);
            Read(Kinds.RsaKey, KeyKind.Rsa, 256);
        }

        [TestMethod]
        public void Both_forms_of_a_key_hold_the_same_scalar()
        {
            StoredPrivateKey one = PrivateKeyReader.Read(Check.Hex(Chains.EndKey));
            StoredPrivateKey other = PrivateKeyReader.Read(Check.Hex(Chains.EndKeySec1));
            byte[] scalar = Check.Part(one.Buffer, one.OffsetOf(StoredPrivateKey.Scalar), 32);
            Check.Equal(scalar, other.Buffer, other.OffsetOf(StoredPrivateKey.Scalar), 32, "scalar");
        }

        [TestMethod]
        public void A_scalar_may_lack_its_leading_zero_or_have_one_too_many_and_a_point_may_be_compressed()
        {
            const string Curve = "A00A06082A8648CE3D030107";
            const string Rest = "149E1758CD78573A15DF6F32D25A998A40BC5704AE53B40D4D0B89ECD597CA";
            Read("3030020101041F" + Rest + Curve, KeyKind.Secp256r1, 31);
            Read("303202010104210000" + Rest + Curve, KeyKind.Secp256r1, 32);
            string compressed = "30570201010420" + "00" + Rest + Curve + "A12403220003E8EDDFE4CFD80C5E8A8A0333E30C1602D385A1C9E7B185071137" + "94F27BAA3AE2";
            Read(compressed, KeyKind.Secp256r1, 32);
            Assert.IsNull(PrivateKeyReader.Read(Check.Hex(compressed)).Public);
        }

        [TestMethod]
        public void An_RSA_key_has_the_modulus_of_its_certificate()
        {
            StoredPrivateKey key = PrivateKeyReader.Read(Check.Hex(Kinds.RsaKey));
            PublicKey known = Bench.Certificate(Kinds.Rsa).PublicKey;
            byte[] modulus = Check.Part(known.Buffer, known.Offset, known.Count);
            Check.Equal(modulus, key.Buffer, key.OffsetOf(StoredPrivateKey.Modulus), key.CountOf(StoredPrivateKey.Modulus), "modulus");
            Assert.AreEqual(128, key.CountOf(StoredPrivateKey.Prime1), "prime");
        }

        [TestMethod]
        public void Pem_is_decoded()
        {
            string pem = "-----BEGIN PRIVATE KEY-----\n" + Convert.ToBase64String(Check.Hex(Chains.EndKey)) + "\n-----END PRIVATE KEY-----\n";
            Check.Equal(Check.Hex(Chains.EndKey), PrivateKeyReader.Read(pem).Buffer, "key");
        }

        [TestMethod]
        public void Each_truncation_is_refused()
        {
            Truncate(Chains.EndKey);
            Truncate(Chains.EndKeySec1);
            Truncate(Kinds.Ed25519Key);
        }

        [TestMethod]
        public void A_certificate_is_no_key()
        {
            Check.Throws(typeof(ArgumentException), delegate { PrivateKeyReader.Read(Check.Hex(Chains.End)); });
        }

        private static void Read(string hex, int kind, int length)
        {
            byte[] der = Check.Hex(hex);
            StoredPrivateKey key = PrivateKeyReader.Read(der);
            Assert.AreEqual(kind, key.Kind, "kind");
            Assert.AreSame(der, key.Buffer, "buffer");
            Assert.AreEqual(length, key.CountOf(0), "first number");
        }

        private static void Truncate(string hex)
        {
            byte[] der = Check.Hex(hex);
            for (int length = 0; length < der.Length; length++)
            {
                byte[] cut = Check.Part(der, 0, length);
                Check.Throws(typeof(ArgumentException), delegate { PrivateKeyReader.Read(cut); }, length.ToString());
            }
        }
    }
}
