using System;
using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>Measures each provider that the firmware has, and says so in lines.</summary>
    public static class Program
    {
        private delegate CryptoProvider Maker(uint seed);

        /// <summary>Measures.</summary>
        public static void Main()
        {
            Stopwatch nothing = new Stopwatch();
            nothing.Begin();
            nothing.End();
            nothing.Report("nothing", 1);
            Run(MakeSoftware, "software");
            Run(MakeStock, "stock");
            Run(MakeNative, "native");
            RunCertificates(MakeNative, "native");
            RunCertificates(MakeSoftwareEcc, "software");
            Console.WriteLine("That was all.");
        }

        private static void Run(Maker maker, string name)
        {
            try
            {
                Primitives.Run(maker(7), name);
                KeyWork.Run(maker(5), maker(3), name, false);
                KeyWork.Run(maker(5), maker(3), name, true);
            }
            catch (NotSupportedException)
            {
                SayMissing(name);
            }
        }

        private static void RunCertificates(Maker maker, string name)
        {
            try
            {
                CertificateWork.Run(maker(5), maker(3), name);
            }
            catch (NotSupportedException)
            {
                SayMissing(name);
            }
        }

        private static void SayMissing(string name)
        {
            Console.WriteLine(name + ": not in this firmware");
        }

        private static CryptoProvider MakeSoftware(uint seed)
        {
            return new SoftwareProvider(new SeededEntropy(seed));
        }

        private static CryptoProvider MakeStock(uint seed)
        {
            return StockProvider.Create(new SeededEntropy(seed));
        }

        private static CryptoProvider MakeNative(uint seed)
        {
            return Platform.MakeNative();
        }

        private static CryptoProvider MakeSoftwareEcc(uint seed)
        {
            SoftwareProvider inner = new SoftwareProvider(new SeededEntropy(seed));
            return new CompositeProvider(new CryptoProvider[] { new SoftwareEccProvider(inner), inner });
        }
    }
}
