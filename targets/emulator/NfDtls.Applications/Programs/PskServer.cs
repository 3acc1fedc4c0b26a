using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Applications
{
    /// <summary>Sends back to four clients at a time, each with a key, what they send.</summary>
    public static class Program
    {
        private static readonly byte[] Buffer = new byte[64];

        public static void Main()
        {
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = Firmware.Crypto();
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }, "sensor-1");
            options.MaxSessions = 4;
            DtlsServer server = new DtlsServer(options);
            server.DataReceived += OnData;
            server.Start(5684);
            Thread.Sleep(Timeout.Infinite);
        }

        private static void OnData(DtlsSession session)
        {
            int length = session.Receive(Buffer, 0, 0);
            if (length > 0)
            {
                session.Send(Buffer, 0, length);
            }
        }
    }
}
