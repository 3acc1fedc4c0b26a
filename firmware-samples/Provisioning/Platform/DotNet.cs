using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>
    /// The application on .NET: the bootstrap server's name or address, port, number of reports, milliseconds between them, and a file that
    /// keeps the credentials, may be given. With "bootstrap-server", a port, and URI, identity and key of a server, it is a bootstrap server.
    /// </summary>
    public static class Platform
    {
        // A person waits here, on a network that is quick.
        private const int RetransmitTimeout = 300;
        private const int Pause = 100;

        /// <summary>Runs the device; the exit code is 0 if every report was taken.</summary>
        public static int Main(string[] arguments)
        {
            if (arguments.Length > 0 && arguments[0] == "bootstrap-server")
            {
                return BootstrapServer.Run(arguments);
            }

            string server = arguments.Length > 0 ? arguments[0] : "127.0.0.1";
            int port = arguments.Length > 1 ? int.Parse(arguments[1]) : Settings.BootstrapPort;
            int reports = arguments.Length > 2 ? int.Parse(arguments[2]) : 5;
            int interval = arguments.Length > 3 ? int.Parse(arguments[3]) : 1000;
            SlotMemory memory = arguments.Length > 4 ? new FileSlots(arguments[4]) : new RamSlots();
            DtlsLinks links = new DtlsLinks(StockProvider.Create(new SystemEntropy()), server, port, RetransmitTimeout, Pause);
            return new Device(links, memory).Run(reports, interval) == reports ? 0 : 1;
        }
    }
}
