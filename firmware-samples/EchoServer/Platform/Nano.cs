using System;
using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.EchoServer
{
    /// <summary>The application on a board: the firmware has connected to the network as it was configured.</summary>
    public static class Platform
    {
        /// <summary>Runs the server.</summary>
        public static void Main()
        {
            Network.WaitForAddress();
            new EchoApplication(StockProvider.Create(new StockEntropy())).Run(Settings.Port);
        }

        // Not Debug.WriteLine, which a release build leaves out.
        internal static void Print(string line)
        {
            Console.WriteLine(line);
        }
    }
}
