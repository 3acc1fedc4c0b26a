using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>
    /// The application on a board. As it stands the modem is simulated, over the board's own network, so that it runs on any; for a real
    /// one put your board's serial port in its place (README.md), and leave the wait for the network out.
    /// </summary>
    public static class Platform
    {
        /// <summary>Runs the application.</summary>
        public static void Main()
        {
            Network.WaitForAddress();
            SimulatedModem simulated = new SimulatedModem(new ModemFaults());
            simulated.Start();
            UdpModem modem = new UdpModem(new SimulatedLine(simulated), Settings.IsHex, Settings.Server, Settings.Port);
            CryptoProvider crypto = StockProvider.Create(new StockEntropy());
            new ModemApplication(crypto, modem, Settings.RetransmitTimeout, Settings.AckTimeout).Run(0, Settings.Interval);
        }
    }
}
