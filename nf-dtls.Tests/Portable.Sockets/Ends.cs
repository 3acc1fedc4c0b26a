using System.Net;
using NfDtls.Crypto.Software;
using NfDtls.Sockets;

namespace NfDtls.Tests.Sockets
{
    /// <summary>What the tests' clients and servers on loopback have in common; both ends fit into one small heap.</summary>
    internal static class Ends
    {
        internal static IPAddress Loopback()
        {
            return new IPAddress(new byte[] { 127, 0, 0, 1 });
        }

        internal static void SendBack(DtlsSession session)
        {
            byte[] buffer = new byte[64];
            int length = session.Receive(buffer, 0, 0);
            if (length > 0)
            {
                session.Send(buffer, 0, length);
            }
        }

        internal static DtlsOptions Options(int seed, int maxHandshakeMessage = 256)
        {
            DtlsOptions options = new DtlsOptions();
            options.Crypto = new SoftwareProvider(new SeededEntropy(seed));
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(Check.Bytes(16, 0x40), "device-000000001");
            options.Mtu = 640;
            options.PoolPackets = 6;
            options.MaxSessions = 1;
            options.MaxHandshakes = 1;
            options.MaxHandshakeMessage = maxHandshakeMessage;
            options.MaxFlight = 512;
            options.OutOfOrderSlots = 2;
            options.OutOfOrderBytes = 128;
            options.HeldRecords = 2;
            options.ReceiveQueue = 2;
            return options;
        }
    }
}
