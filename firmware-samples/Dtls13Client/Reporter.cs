using System;
using System.Text;
using System.Threading;
using NfDtls.Dtls13;
using NfDtls.Sockets;

namespace NfDtls.Samples.Dtls13Client
{
    /// <summary>Reports to a server that sends back what it gets, over DTLS 1.3; connects anew when the session was lost.</summary>
    internal sealed class Reporter
    {
        private const int ConnectTimeout = 60000;
        private const int AnswerTimeout = 5000;
        private const int Tries = 4;

        private readonly DtlsClient _client;
        private readonly string _server;
        private readonly int _port;
        private readonly byte[] _buffer = new byte[64];

        internal Reporter(CryptoProvider crypto, string server, int port, string key, string identity)
        {
            // Words for what goes wrong; without room for them leave this and NfDtls.Texts out, and see numbers.
            DtlsErrors.UseInExceptions();
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;

            // The key alone, without a key agreement (psk_ke): what stock firmware computes in milliseconds. With groups, and a
            // provider that has them, in its place, records of today stay secret though the key becomes known later.
            options.Versions = new VersionTable().Add(new Version13(new int[0], true));
            options.Suites = Suites13.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(Bytes(key), identity);
            options.PoolPackets = 6;
            _client = new DtlsClient(options);
            _client.Error += OnError;
            _server = server;
            _port = port;
        }

        /// <summary>Reports so many times, or for ever with 0; returns how many reports came back.</summary>
        internal int Run(int reports, int interval)
        {
            int taken = 0;
            for (int i = 0; reports == 0 || i < reports; i++)
            {
                if (i > 0)
                {
                    Thread.Sleep(interval);
                }

                string report = "report " + (i + 1).ToString();
                bool isTaken = Report(report);
                Platform.Print(report + (isTaken ? " was taken." : " was not taken."));
                taken += isTaken ? 1 : 0;
            }

            _client.Close(1000);
            _client.Dispose();
            return taken;
        }

        private bool Report(string report)
        {
            try
            {
                return Connect() && Exchange(Encoding.UTF8.GetBytes(report));
            }
            catch (DtlsException exception)
            {
                // Next time it connects anew.
                Platform.Print(exception.Message);
                _client.Reset();
                return false;
            }
        }

        private bool Connect()
        {
            if (_client.State == AssociationState.Connected)
            {
                return true;
            }

            if (!_client.Connect(_server, _port, ConnectTimeout))
            {
                // The handshake goes on, and the next report waits for it.
                Platform.Print("No answer from " + _server + " yet.");
                return false;
            }

            DtlsStatistics statistics = _client.Statistics;
            Platform.Print(
                "Connected by DTLS 1." + (_client.Version == DtlsVersion.Dtls12 ? "2" : "3") + " with " + _client.Suite.Name + ", after "
                + (statistics.BytesSent + statistics.BytesReceived).ToString() + " bytes.");
            return true;
        }

        /// <summary>Sends a report until it comes back.</summary>
        private bool Exchange(byte[] report)
        {
            for (int i = 0; i < Tries; i++)
            {
                _client.Send(report);
                int length = _client.Receive(_buffer, 0, AnswerTimeout);
                if (length == report.Length && IsSame(report))
                {
                    return true;
                }
            }

            // Nobody is there any more: a new session finds out.
            _client.Reset();
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

        // What no call reports: no network, above all.
        private static void OnError(DtlsError error, Exception exception)
        {
            Platform.Print(exception.Message);
        }
    }
}
