using System;
using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;
using NfDtls.X509;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>The application on a board: the firmware has connected to the network as it was configured.</summary>
    public static class Platform
    {
        /// <summary>Reports for ever.</summary>
        public static void Main()
        {
            if (Settings.Authority.Length == 0 || Credentials.Certificate.Length == 0)
            {
                Console.WriteLine("There are no certificates yet: Settings.Authority and Credentials.cs want them.");
                return;
            }

            Network.WaitForAddress();

            // Firmware with our native library takes NativeProvider in place of these, and a hundredth of the time.
            CryptoProvider symmetric = StockProvider.Create(new StockEntropy());
            CryptoProvider crypto = new CompositeProvider(new CryptoProvider[] { symmetric, new SoftwareEccProvider(symmetric) });
            Pace pace = new Pace();
            TimeSource[] servers =
            {
                new SntpClient(crypto, Settings.TimeServer, Settings.TimePort, pace), new SntpClient(crypto, Settings.OtherTimeServer, Settings.TimePort, pace)
            };
            DtlsCertificate[] own = DtlsCertificate.ReadAll(Credentials.Certificate);
            TimeKeeper time = new TimeKeeper(servers, own[0].NotBefore, Settings.TimePause, pace);
            PrivateKey key = PrivateKeyReader.Read(Credentials.PrivateKey);
            new Reporter(crypto, Settings.Authority, own, key, time, Settings.ServerName, Settings.Server, Settings.Port).Run(0, Settings.Interval);
        }
    }
}
