using System;
using System.Threading;
using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.SleepyDevice
{
    /// <summary>
    /// The application on a board: the firmware has connected to the network as it was configured. As it stands it only pretends to sleep, so
    /// that it runs on any board: each life is made anew, and what is kept stays in RAM. For a real deep sleep put your board's memory in
    /// place of <see cref="RamState"/> and its sleep in place of the pause; a wake then begins at Main (README.md).
    /// </summary>
    public static class Platform
    {
        /// <summary>Lives, sleeps, lives.</summary>
        public static void Main()
        {
            Network.WaitForAddress();
            KeptState kept = new RamState();
            for (int i = 1; true; i++)
            {
                string report = "report " + i.ToString();
                bool isTaken = new Device(StockProvider.Create(new StockEntropy()), kept, Settings.Server, Settings.Port).Live(report);
                Print(report + (isTaken ? " was taken." : " was not taken."));
                Thread.Sleep(Settings.Interval);
            }
        }

        // Not Debug.WriteLine, which a release build leaves out.
        internal static void Print(string line)
        {
            Console.WriteLine(line);
        }
    }
}
