using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.CoapsSensor
{
    /// <summary>The application on a board: the firmware has connected to the network as it was configured.</summary>
    public static class Platform
    {
        /// <summary>Runs the sensor.</summary>
        public static void Main()
        {
            Network.WaitForAddress();
            new SensorApplication(ConstrainedStockProvider.Create(new StockEntropy()), Settings.Server, Settings.Port).Run(0, Settings.Interval);
        }
    }
}
