using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.Dtls13Client
{
    /// <summary>The application on .NET: name or address, port, number of reports, milliseconds between them, key and identity may be given.</summary>
    public static class Platform
    {
        /// <summary>Runs the client; the exit code is 0 if every report came back.</summary>
        public static int Main(string[] arguments)
        {
            string server = arguments.Length > 0 ? arguments[0] : "127.0.0.1";
            int port = arguments.Length > 1 ? int.Parse(arguments[1]) : Settings.Port;
            int reports = arguments.Length > 2 ? int.Parse(arguments[2]) : 5;
            int interval = arguments.Length > 3 ? int.Parse(arguments[3]) : 1000;
            string key = arguments.Length > 4 ? arguments[4] : Settings.Key;
            string identity = arguments.Length > 5 ? arguments[5] : Settings.Identity;
            return new Reporter(StockProvider.Create(new SystemEntropy()), server, port, key, identity).Run(reports, interval) == reports ? 0 : 1;
        }
    }
}
