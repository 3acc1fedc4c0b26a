using System;
using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;
using NfDtls.Samples.CertificateClient;
using NfDtls.X509;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>The application on a board: the firmware has connected to the network as it was configured.</summary>
    public static class Platform
    {
        /// <summary>Reports for ever.</summary>
        public static void Main()
        {
            Network.WaitForAddress();

            // A board with a chip puts its own bus here.
            SecureElement element = new SecureElement(new UdpBus(Settings.Chip, Settings.ChipPort));
            Run(ElementStart.WaitForKey(element, Settings.Slot, new Pace()));
        }

        private static void Run(ElementKey key)
        {
            if (Settings.Authority.Length == 0 || Settings.Certificate.Length == 0)
            {
                Console.WriteLine("There are no certificates yet: Settings.Authority and Settings.Certificate want them. The latter is to be made for");
                Console.WriteLine(PublicKeyText.Of(key.Public));
                return;
            }

            CryptoProvider symmetric = StockProvider.Create(new StockEntropy());
            CryptoProvider crypto = new CompositeProvider(new CryptoProvider[] { symmetric, new SoftwareEccProvider(symmetric) });
            Pace pace = new Pace();
            TimeSource[] servers =
            {
                new SntpClient(crypto, Settings.TimeServer, Settings.TimePort, pace), new SntpClient(crypto, Settings.OtherTimeServer, Settings.TimePort, pace)
            };
            DtlsCertificate[] own = DtlsCertificate.ReadAll(Settings.Certificate);
            TimeKeeper time = new TimeKeeper(servers, own[0].NotBefore, Settings.TimePause, pace);
            new Reporter(crypto, Settings.Authority, own, key, time, Settings.ServerName, Settings.Server, Settings.Port).Run(0, Settings.Interval);
        }
    }
}
