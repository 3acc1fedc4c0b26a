using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    /// <summary>Changed certificates, keys and chains: no exception escapes, and nothing changed is let in.</summary>
    [TestClass]
    public class MutationTests
    {
        private const int Certificates = 400;
        private const int Keys = 200;
        private const int Lists = 200;

        [TestMethod]
        public void No_certificate_makes_the_reader_throw()
        {
            int accepted = Read(Chains.Rich, 1) + Read(Kinds.Rsa, 2) + Read(Kinds.Ed25519, 3) + Read(Chains.VersionOne, 4);
            Assert.IsGreaterThan(Certificates / 20, accepted, "accepted");
            Assert.IsLessThan(Certificates * 9 / 10, accepted, "accepted");
        }

        [TestMethod]
        public void Keys_make_their_reader_throw_argument_exceptions_and_no_others()
        {
            SeededRandom random = new SeededRandom(5);
            byte[] good = Check.Hex(Chains.EndKey);
            for (int i = 0; i < Keys; i++)
            {
                byte[] bytes = Mutate(good, random);
                try
                {
                    StoredPrivateKey key = PrivateKeyReader.Read(bytes);
                    Assert.IsTrue(key.OffsetOf(0) + key.CountOf(0) <= bytes.Length, "a number outside the array");
                }
                catch (ArgumentException)
                {
                }
            }
        }

        [TestMethod]
        public void No_changed_chain_is_let_in()
        {
            Bench bench = Bench.Strict();
            bench.Trust(Chains.Root);
            SeededRandom random = new SeededRandom(6);
            byte[] list = Check.Join(Bench.Entry(Check.Hex(Chains.End)), Bench.Entry(Check.Hex(Chains.Middle)));
            int signatures = 0;
            for (int i = 0; i < Lists; i++)
            {
                byte[] bytes = Mutate(list, random);
                DtlsError error = bench.VerifyList(bytes, bytes.Length);
                Assert.IsTrue(error != DtlsError.None || Same(list, bytes), "mutation " + i.ToString() + " was let in");
                signatures += bench.Verifier.Verifications;
            }

            Assert.IsGreaterThan(10, signatures, "verifications");
        }

        private static int Read(string hex, int seed)
        {
            SeededRandom random = new SeededRandom(seed);
            byte[] good = Check.Hex(hex);
            DtlsCertificate read = new DtlsCertificate();
            int accepted = 0;
            for (int i = 0; i < Certificates / 4; i++)
            {
                byte[] bytes = Mutate(good, random);
                if (read.Read(bytes, 0, bytes.Length) == DtlsError.None)
                {
                    accepted++;
                    Assert.IsTrue(read.CommonName == null || read.CommonName.Length >= 0, "common name");
                    read.AltNameAt(AltNameKind.Dns, 0);
                    read.AltNameAt(AltNameKind.Ip, 0);
                }
            }

            return accepted;
        }

        private static bool Same(byte[] one, byte[] other)
        {
            if (one.Length != other.Length)
            {
                return false;
            }

            for (int i = 0; i < one.Length; i++)
            {
                if (one[i] != other[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>A copy with one to three changes: a byte, a bit, a step, a cut, a piece left out or doubled.</summary>
        private static byte[] Mutate(byte[] good, SeededRandom random)
        {
            byte[] bytes = Check.Part(good, 0, good.Length);
            for (int changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
            {
                int at = random.Next(bytes.Length);
                int some = random.Next(1, 9);
                some = some > bytes.Length - at ? bytes.Length - at : some;
                switch (random.Next(6))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                    case 2: bytes[at]++; break;
                    case 3: bytes[at]--; break;
                    case 4: bytes = Check.Join(Check.Part(bytes, 0, at), Check.Part(bytes, at + some, bytes.Length - at - some)); break;
                    default: bytes = Check.Join(Check.Part(bytes, 0, at + some), Check.Part(bytes, at, bytes.Length - at)); break;
                }
            }

            return bytes;
        }
    }
}
