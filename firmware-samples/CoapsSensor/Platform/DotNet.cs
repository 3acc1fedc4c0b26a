using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.CoapsSensor
{
    /// <summary>The application on .NET: name or address, port, number of reports and milliseconds between them may be given.</summary>
    public static class Platform
    {
        /// <summary>Runs the sensor; the exit code is 0 if every report was taken.</summary>
        public static int Main(string[] arguments)
        {
            string server = arguments.Length > 0 ? arguments[0] : "127.0.0.1";
            int port = arguments.Length > 1 ? int.Parse(arguments[1]) : Settings.Port;
            int reports = arguments.Length > 2 ? int.Parse(arguments[2]) : 5;
            int interval = arguments.Length > 3 ? int.Parse(arguments[3]) : 1000;
            int taken = new SensorApplication(ConstrainedStockProvider.Create(new SystemEntropy()), server, port).Run(reports, interval);
            return taken == reports ? 0 : 1;
        }
    }
}
