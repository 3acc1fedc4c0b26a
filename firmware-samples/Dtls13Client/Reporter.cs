using System;
using System.Text;
using NfDtls.Dtls13;

namespace NfDtls.Samples.Dtls13Client
{
    /// <summary>Reports to a server that sends back what it gets, over DTLS 1.3.</summary>
    internal sealed class Reporter : ReportingClient
    {
        private const int AnswerTimeout = 5000;
        private const int Tries = 4;

        private readonly byte[] _buffer = new byte[64];
        private int _reports;

        internal Reporter(CryptoProvider crypto, string server, int port, string key, string identity)
            : base(Options(crypto, key, identity), server, port)
        {
        }

        protected override string NextReport()
        {
            _reports++;
            return "report " + _reports.ToString();
        }

        protected override void OnConnected()
        {
            DtlsStatistics statistics = Client.Statistics;
            Console.WriteLine(
                "Connected by DTLS 1." + (Client.Version == DtlsVersion.Dtls12 ? "2" : "3") + " with " + Client.Suite.Name + ", after "
                + (statistics.BytesSent + statistics.BytesReceived).ToString() + " bytes.");
        }

        /// <summary>Sends a report until it comes back.</summary>
        protected override bool Exchange(string report)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(report);
            for (int i = 0; i < Tries; i++)
            {
                Client.Send(bytes);
                int length = Client.Receive(_buffer, 0, AnswerTimeout);
                if (length == bytes.Length && IsSame(bytes))
                {
                    return true;
                }
            }

            GiveUp();
            return false;
        }

        private bool IsSame(byte[] report)
        {
            for (int i = 0; i < report.Length; i++)
            {
                if (_buffer[i] != report[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static DtlsOptions Options(CryptoProvider crypto, string key, string identity)
        {
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;

            // The key alone, without a key agreement (psk_ke): what stock firmware computes in milliseconds. With groups, and a
            // provider that has them, in its place, records of today stay secret though the key becomes known later.
            options.Versions = new VersionTable().Add(new Version13(new int[0], true));
            options.Suites = Suites13.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(Bytes(key), identity);
            options.PoolPackets = 6;
            return options;
        }

        private static byte[] Bytes(string hex)
        {
            byte[] bytes = new byte[hex.Length / 2];
            for (int i = 0; i < hex.Length; i++)
            {
                int digit = hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10;
                bytes[i / 2] = (byte)((bytes[i / 2] << 4) | digit);
            }

            return bytes;
        }
    }
}
