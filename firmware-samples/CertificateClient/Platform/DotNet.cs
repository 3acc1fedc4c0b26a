using System;
using System.IO;
using NfDtls.X509;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>The application on .NET; what Settings and Credentials hold on a board is given by arguments and files.</summary>
    public static class Platform
    {
        private const string Usage =
            "CertificateClient SERVER PORT NAME AUTHORITY.pem DEVICE.pem DEVICE.key [TIME SERVERS [REPORTS [MILLISECONDS]]]\n"
            + "CertificateClient time PORT     answers SNTP with this machine's time\n"
            + "NAME is what the server's certificate must say; time servers are HOST or HOST:PORT, with commas between them.";

        /// <summary>Runs the client; the exit code is 0 if every report was taken.</summary>
        public static int Main(string[] arguments)
        {
            if (arguments.Length == 2 && arguments[0] == "time")
            {
                return OwnTime.Serve(int.Parse(arguments[1]));
            }

            if (arguments.Length < 6)
            {
                Console.WriteLine(Usage);
                return 2;
            }

            try
            {
                return Report(arguments);
            }
            catch (ArgumentException exception)
            {
                // A file that is none of what it should be, or a key of another certificate.
                Console.WriteLine(exception.Message);
                return 2;
            }
        }

        private static int Report(string[] arguments)
        {
            string servers = arguments.Length > 6 ? arguments[6] : Settings.TimeServer + "," + Settings.OtherTimeServer;
            int reports = arguments.Length > 7 ? int.Parse(arguments[7]) : 3;
            int interval = arguments.Length > 8 ? int.Parse(arguments[8]) : 1000;

            // A pace of one's own is for servers of one's own.
            int pause = arguments.Length > 8 ? interval : Settings.TimePause;
            Pace pace = new Pace();
            CryptoProvider crypto = Board.MakeCrypto();
            DtlsCertificate[] own = DtlsCertificate.ReadAll(File.ReadAllText(arguments[4]));
            TimeKeeper time = new TimeKeeper(Board.TimeServers(crypto, servers, pace), own[0].NotBefore, pause, pace);
            PrivateKey key = PrivateKeyReader.Read(File.ReadAllText(arguments[5]));
            Reporter reporter = new Reporter(crypto, File.ReadAllText(arguments[3]), own, key, time, arguments[2], arguments[0], int.Parse(arguments[1]));
            return reporter.Run(reports, interval) == reports ? 0 : 1;
        }
    }
}
