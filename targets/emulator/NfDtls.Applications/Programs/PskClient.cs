using NfDtls.Sockets;

namespace NfDtls.Applications
{
    /// <summary>A sensor with a key: connects, sends, waits for an answer.</summary>
    public static class Program
    {
        public static void Main()
        {
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = Firmware.Crypto();
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }, "sensor-1");
            DtlsClient client = new DtlsClient(options);
            byte[] buffer = new byte[64];
            while (client.Connect("192.168.1.10", 5684, 60000))
            {
                client.Send(buffer, 0, buffer.Length);
                client.Receive(buffer, 0, 2000);
                client.Close(1000);
            }
        }
    }
}
