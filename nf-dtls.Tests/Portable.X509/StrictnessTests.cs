using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    /// <summary>Bytes that are nearly a certificate.</summary>
    [TestClass]
    public class StrictnessTests
    {
        [TestMethod]
        public void Each_truncation_is_malformed()
        {
            byte[] der = Check.Hex(Chains.Rich);
            DtlsCertificate read = new DtlsCertificate();
            for (int length = 0; length < der.Length; length++)
            {
                Assert.AreEqual((int)DtlsError.BadCertificate, (int)read.Read(der, 0, length), length.ToString());
            }

            Assert.AreEqual((int)DtlsError.None, (int)read.Read(der, 0, der.Length), "whole");
            byte[] more = Check.Join(der, new byte[1]);
            Assert.AreEqual((int)DtlsError.BadCertificate, (int)read.Read(more, 0, more.Length), "a byte more");
        }

        [TestMethod]
        public void Each_truncation_in_an_array_of_its_own_is_malformed()
        {
            byte[] der = Check.Hex(Kinds.Ed25519);
            DtlsCertificate read = new DtlsCertificate();
            for (int length = 0; length < der.Length; length++)
            {
                Assert.AreEqual((int)DtlsError.BadCertificate, (int)read.Read(Check.Part(der, 0, length), 0, length), length.ToString());
            }
        }

        [TestMethod]
        public void Each_truncation_of_a_list_is_refused()
        {
            Bench bench = Bench.Believing();
            byte[] first = Bench.Entry(Check.Hex(Chains.End));
            byte[] list = Check.Join(first, Bench.Entry(Check.Hex(Chains.Middle)));
            Assert.AreEqual((int)DtlsError.None, (int)bench.VerifyList(list, list.Length), "whole");
            for (int length = 1; length < list.Length; length++)
            {
                DtlsError expected = length == first.Length ? DtlsError.UnknownCa : DtlsError.DecodeError;
                Assert.AreEqual((int)expected, (int)bench.VerifyList(list, length), length.ToString());
            }
        }

        [TestMethod]
        public void A_deviation_is_malformed()
        {
            Deviation("a003020102", "a003020103", "version 4");
            Deviation("a003020102", "a003020100", "version 1 spelled out");
            Deviation("a003020102", "a003020101", "version 2 with extensions");
            Deviation("0203112233", "0203002233", "a serial number with a leading zero");
            Deviation("06082a8648ce3d040302", "06082a8648ce3d040303", "two different algorithms");
            Deviation("170d323630313031303030303030", "170d323630323330303030303030", "30 February");
            Deviation("170d323630313031303030303030", "170d323631333031303030303030", "month 13");
            Deviation("170d323630313031303030303030", "170d323630313031323430303030", "hour 24");
            Deviation("170d323630313031303030303030", "170d3236303130313030303030ab", "a digit that is none");
            Deviation("170d3236303130313030303030305a", "170d32363031303130303030303059", "another zone");
            Deviation("0101ff", "010101", "a boolean of 1");
            Deviation("03020106", "03020806", "8 unused bits");
            Deviation("03020106", "03020306", "unused bits that are set");
            Deviation("06032b6501", "06002b6501", "an empty identifier");
            Deviation("8704c0000207", "8703c0000207", "an address of 3 bytes");
            Deviation("8704c0000207", "8904c0000207", "a name of no kind");
            Deviation("0c064e6644746c73", "0c804e6644746c73", "an indefinite length");
            Deviation("0c064e6644746c73", "1f064e6644746c73", "a tag of many bytes");
            Deviation("0c064e6644746c73", "0c8105446644746c", "a length that is not the shortest");
        }

        private static void Deviation(string find, string replace, string why)
        {
            int at = Chains.Rich.IndexOf(find);
            Assert.IsGreaterThan(0, at, why + " is not there");
            byte[] der = Check.Hex(Chains.Rich.Substring(0, at) + replace + Chains.Rich.Substring(at + find.Length));
            Assert.AreEqual((int)DtlsError.BadCertificate, (int)new DtlsCertificate().Read(der, 0, der.Length), why);
        }
    }
}
