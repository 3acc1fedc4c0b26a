using System;
using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>
    /// The application on .NET, with the simulated modem: address, port, number of reports, milliseconds between them and until what is
    /// unanswered is sent again may be given; then "hex", and what the modem does wrong, as in drop=3 sleep=6 (README.md).
    /// </summary>
    public static class Platform
    {
        private const int Fixed = 5;

        /// <summary>Runs the application; the exit code is 0 if every report was taken.</summary>
        public static int Main(string[] arguments)
        {
            string server = arguments.Length > 0 ? arguments[0] : "127.0.0.1";
            int port = arguments.Length > 1 ? int.Parse(arguments[1]) : Settings.Port;
            int reports = arguments.Length > 2 ? int.Parse(arguments[2]) : 5;
            int interval = arguments.Length > 3 ? int.Parse(arguments[3]) : 1000;
            int patience = arguments.Length > 4 ? int.Parse(arguments[4]) : Settings.RetransmitTimeout;
            bool isHex = Settings.IsHex;
            ModemFaults faults = new ModemFaults();
            for (int i = Fixed; i < arguments.Length; i++)
            {
                isHex |= arguments[i] == "hex";
                Add(faults, arguments[i]);
            }

            SimulatedModem simulated = new SimulatedModem(faults);
            simulated.Start();
            int taken;
            try
            {
                UdpModem modem = new UdpModem(new SimulatedLine(simulated), isHex, server, port);
                taken = new ModemApplication(StockProvider.Create(new SystemEntropy()), modem, patience, patience).Run(reports, interval);
            }
            finally
            {
                simulated.Stop();
            }

            Console.WriteLine("The modem sent " + simulated.Sent + " datagrams, the longest of " + simulated.Longest + " bytes, and was woken " + simulated.Wakings + " times.");
            return taken == reports ? 0 : 1;
        }

        private static void Add(ModemFaults faults, string fault)
        {
            int number = fault.Contains('=') ? int.Parse(fault.Substring(fault.IndexOf('=') + 1)) : 0;
            switch (fault.Split('=')[0])
            {
                case "drop": faults.DropEvery = number; break;
                case "refuse": faults.RefuseSend = number; break;
                case "close": faults.CloseAfter = number; break;
                case "deactivate": faults.DeactivateAfter = number; break;
                case "sleep": faults.SleepAfter = number; break;
                case "pieces": faults.PieceLength = number; break;
                case "talkative": faults.IsTalkative = true; break;
                case "hex": break;
                default: throw new ArgumentException("There is no such fault: " + fault);
            }
        }
    }
}
