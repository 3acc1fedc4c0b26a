using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.Dtls13Client
{
    /// <summary>The application on a board: the firmware has connected to the network as it was configured.</summary>
    public static class Platform
    {
        /// <summary>Runs the client.</summary>
        public static void Main()
        {
            Network.WaitForAddress();
            new Reporter(StockProvider.Create(new StockEntropy()), Settings.Server, Settings.Port, Settings.Key, Settings.Identity).Run(0, Settings.Interval);
        }
    }
}
