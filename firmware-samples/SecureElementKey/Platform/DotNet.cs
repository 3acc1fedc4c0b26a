using System;
using System.IO;
using NfDtls.Samples.CertificateClient;
using NfDtls.X509;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>The application on .NET, and a program that plays the chip; what Settings holds on a board is given by arguments and files.</summary>
    public static class Platform
    {
        private const string Usage =
            "SecureElementKey chip PORT [FAULT...]     plays the chip; faults (busy, crc, nak, refuse, wrong) befall a signature each, in their order\n"
            + "SecureElementKey public CHIP              the public key in the chip, in PEM\n"
            + "SecureElementKey SERVER PORT NAME AUTHORITY.pem DEVICE.pem CHIP [TIME SERVERS [REPORTS [MILLISECONDS]]]\n"
            + "CHIP is where the program runs that plays it: HOST:PORT. The rest is as for CertificateClient.";

        /// <summary>Runs the client; the exit code is 0 if every report was taken.</summary>
        public static int Main(string[] arguments)
        {
            try
            {
                switch (arguments.Length > 0 ? arguments[0] : "")
                {
                    case "chip" when arguments.Length > 1:
                        using (Chip chip = new Chip(arguments[2..]))
                        {
                            return chip.Serve(int.Parse(arguments[1]));
                        }

                    case "public" when arguments.Length > 1:
                        Console.WriteLine(PublicKeyText.Of(KeyIn(arguments[1]).Public));
                        return 0;

                    default:
                        return Report(arguments);
                }
            }
            catch (ElementException exception)
            {
                Console.WriteLine(exception.Message);
                return 1;
            }
            catch (ArgumentException exception)
            {
                // A file that is none of what it should be, or a certificate of another key.
                Console.WriteLine(exception.Message);
                return 2;
            }
        }

        private static int Report(string[] arguments)
        {
            if (arguments.Length < 6)
            {
                Console.WriteLine(Usage);
                return 2;
            }

            string servers = arguments.Length > 6 ? arguments[6] : Settings.TimeServer + "," + Settings.OtherTimeServer;
            int reports = arguments.Length > 7 ? int.Parse(arguments[7]) : 3;
            int interval = arguments.Length > 8 ? int.Parse(arguments[8]) : 1000;

            // A pace of one's own is for servers of one's own.
            int pause = arguments.Length > 8 ? interval : Settings.TimePause;
            Pace pace = new Pace();
            CryptoProvider crypto = Board.MakeCrypto();
            DtlsCertificate[] own = DtlsCertificate.ReadAll(File.ReadAllText(arguments[4]));
            TimeKeeper time = new TimeKeeper(Board.TimeServers(crypto, servers, pace), own[0].NotBefore, pause, pace);
            Reporter reporter = new Reporter(
                crypto, File.ReadAllText(arguments[3]), own, KeyIn(arguments[5]), time, arguments[2], arguments[0], int.Parse(arguments[1]));
            return reporter.Run(reports, interval) == reports ? 0 : 1;
        }

        private static ElementKey KeyIn(string chip)
        {
            string[] parts = chip.Split(':');
            return new ElementKey(new SecureElement(new UdpBus(parts[0], int.Parse(parts[1]))), Settings.Slot);
        }
    }
}
