using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>Answers SNTP with this machine's time, where there is no time server at hand: as one of a distant stratum, for it knows nothing better.</summary>
    internal static class OwnTime
    {
        private const int Length = 48;

        // No leap second, version 4, mode 4: a server.
        private const byte ServerOfVersion4 = 0x24;
        private const int ClientMode = 3;
        private const byte Stratum = 10;
        private const int Originate = 24;
        private const int Receive = 32;
        private const int Transmit = 40;
        private static readonly DateTime s_epoch = new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        /// <summary>Answers for ever.</summary>
        internal static int Serve(int port)
        {
            using Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            Console.WriteLine("The time is on UDP port " + port + ".");
            byte[] request = new byte[Length];
            while (true)
            {
                EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
                int length = socket.ReceiveFrom(request, ref sender);
                if (length == Length && (request[0] & 7) == ClientMode)
                {
                    socket.SendTo(Answer(request), sender);
                }
            }
        }

        private static byte[] Answer(byte[] request)
        {
            byte[] answer = new byte[Length];
            answer[0] = ServerOfVersion4;
            answer[1] = Stratum;
            Array.Copy(request, Transmit, answer, Originate, 8);
            WriteNow(answer.AsSpan(Receive));
            WriteNow(answer.AsSpan(Transmit));
            return answer;
        }

        // Seconds since 1900, of which the lower 32 bits go, and a fraction.
        private static void WriteNow(Span<byte> stamp)
        {
            double seconds = (DateTime.UtcNow - s_epoch).TotalSeconds;
            BinaryPrimitives.WriteUInt32BigEndian(stamp, unchecked((uint)(long)seconds));
            BinaryPrimitives.WriteUInt32BigEndian(stamp.Slice(4), (uint)((seconds - Math.Floor(seconds)) * uint.MaxValue));
        }
    }
}
