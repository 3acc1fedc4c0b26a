using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    /// <summary>A store and a verifier, and short ways to fill and to ask them.</summary>
    internal sealed class Bench
    {
        /// <summary>2026-06-15 12:00, when the good certificates of the data are valid.</summary>
        internal const long Now = 1781524800;

        internal const string Host = "device.example.com";

        internal readonly CertificateStore Store;
        internal ChainVerifier Verifier;
        internal bool OfServer = true;
        internal string Name = Host;
        internal NameCheck NameCheck;
        internal int MaxChainLength = 4;
        private readonly CryptoProvider _crypto;

        internal Bench(CryptoProvider crypto)
        {
            _crypto = crypto;
            Store = new CertificateStore(crypto);
            Store.Clock = new FixedClock(Now);
        }

        /// <summary>Signatures are taken for good; the root is trusted.</summary>
        internal static Bench Believing()
        {
            Bench bench = new Bench(new BelievingProvider(new SoftwareProvider(new SeededEntropy(1))));
            bench.Trust(Chains.Root);
            return bench;
        }

        /// <summary>Signatures are verified; nothing is trusted.</summary>
        internal static Bench Strict()
        {
            return new Bench(Crypto());
        }

        internal static CryptoProvider Crypto()
        {
            SoftwareProvider inner = new SoftwareProvider(new SeededEntropy(1));
            return new CompositeProvider(new CryptoProvider[] { new SoftwareEccProvider(inner), new SoftwareRsaProvider(inner), inner });
        }

        internal static DtlsCertificate Certificate(string hex)
        {
            return new DtlsCertificate(Check.Hex(hex));
        }

        internal int Trust(string hex)
        {
            return Store.AddTrusted(Certificate(hex));
        }

        internal DtlsError Verify(string first, string second = "", string third = "")
        {
            byte[] list = Entry(Check.Hex(first));
            list = second.Length == 0 ? list : Check.Join(list, Entry(Check.Hex(second)));
            list = third.Length == 0 ? list : Check.Join(list, Entry(Check.Hex(third)));
            return VerifyList(list, list.Length);
        }

        internal DtlsError VerifyList(byte[] list, int count)
        {
            if (Verifier == null)
            {
                Verifier = new ChainVerifier(Store, _crypto, MaxChainLength);
            }

            DtlsError error = Verifier.Begin(list, 0, count, OfServer, Name, NameCheck);
            if (error != DtlsError.None)
            {
                return error;
            }

            while (!Verifier.Step(1000))
            {
            }

            return Verifier.Error;
        }

        /// <summary>A certificate as it stands in a certificate_list.</summary>
        internal static byte[] Entry(byte[] der)
        {
            byte[] length = { 0, (byte)(der.Length >> 8), (byte)der.Length };
            return Check.Join(length, der);
        }

        internal void Accept(string first, string second = "", string third = "")
        {
            Assert.AreEqual((int)DtlsError.None, (int)Verify(first, second, third), "error");
            Assert.IsNotNull(Verifier.Anchor, "anchor");
        }

        internal void Refuse(DtlsError error, string first, string second = "", string third = "")
        {
            Assert.AreEqual((int)error, (int)Verify(first, second, third), "error");
            Assert.IsNull(Verifier.Anchor, "anchor");
        }
    }
}
