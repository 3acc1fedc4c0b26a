using System;
using System.Threading;
using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.SleepyDevice
{
    /// <summary>
    /// The application on .NET: name or address, port, number of lives, milliseconds between them, and a file that keeps the association, by
    /// which the next run of the program goes on, may be given. Each life has a socket of its own, and so another port.
    /// </summary>
    public static class Platform
    {
        /// <summary>Lives so many times; the exit code is 0 if every report was taken.</summary>
        public static int Main(string[] arguments)
        {
            string server = arguments.Length > 0 ? arguments[0] : "127.0.0.1";
            int port = arguments.Length > 1 ? int.Parse(arguments[1]) : Settings.Port;
            int lives = arguments.Length > 2 ? int.Parse(arguments[2]) : 3;
            int interval = arguments.Length > 3 ? int.Parse(arguments[3]) : 1000;
            KeptState kept = arguments.Length > 4 ? new FileState(arguments[4]) : new RamState();
            int taken = 0;
            for (int i = 1; i <= lives; i++)
            {
                string report = "report " + i;
                bool isTaken = new Device(StockProvider.Create(new SystemEntropy()), kept, server, port).Live(report);
                Print(report + (isTaken ? " was taken." : " was not taken."));
                taken += isTaken ? 1 : 0;
                Thread.Sleep(i < lives ? interval : 0);
            }

            return taken == lives ? 0 : 1;
        }

        internal static void Print(string line)
        {
            Console.WriteLine(line);
        }
    }
}
