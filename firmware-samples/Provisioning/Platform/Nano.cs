using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>
    /// The application on a board: the firmware has connected to the network as it was configured. As it stands the credentials stay in
    /// RAM, so that it runs on any board; README.md has what to put in their place.
    /// </summary>
    public static class Platform
    {
        /// <summary>Runs the device.</summary>
        public static void Main()
        {
            Network.WaitForAddress();
            CryptoProvider crypto = StockProvider.Create(new StockEntropy());
            DtlsLinks links = new DtlsLinks(crypto, Settings.BootstrapServer, Settings.BootstrapPort, Settings.RetransmitTimeout, Settings.Pause);
            new Device(links, new RamSlots()).Run(0, Settings.Interval);
        }
    }
}
