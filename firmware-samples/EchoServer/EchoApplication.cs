using System;
using System.Net;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Samples.EchoServer
{
    /// <summary>Sends back to each client what it sends, and tells what happens.</summary>
    internal sealed class EchoApplication
    {
        private readonly DtlsServer _server;
        private readonly byte[] _buffer = new byte[1232];

        internal EchoApplication(CryptoProvider crypto)
        {
            // Words for what goes wrong; without room for them leave this and NfDtls.Texts out, and see numbers.
            DtlsErrors.UseInExceptions();
            DtlsOptions options = new DtlsOptions();
            options.Crypto = crypto;
            options.Suites = PskSuites.All();
            options.Psk = new PskStore();
            Settings.AddKeys(options.Psk);
            Settings.SetSizes(options);
            Print("This takes " + options.PlanMemory(true).Total.ToString() + " bytes.");

            // All of these are called by one thread, one after the other, so they may share the buffer.
            _server = new DtlsServer(options);
            _server.Connected += OnConnected;
            _server.DataReceived += OnData;
            _server.Disconnected += OnDisconnected;
            _server.Error += OnError;
        }

        /// <summary>Serves for ever; prints statistics now and then.</summary>
        internal void Run(int port)
        {
            _server.Start(port);
            Print("Listening on port " + _server.LocalPort.ToString() + ".");
            while (true)
            {
                Thread.Sleep(Settings.ReportInterval);
                Report();
            }
        }

        private static void OnConnected(DtlsSession session)
        {
            Print(Name(session) + " connected with " + session.Suite.Name + ".");
        }

        private void OnData(DtlsSession session)
        {
            // One record at a time; the event comes again for the next.
            int length = session.Receive(_buffer, 0, 0);
            if (length > 0)
            {
                session.Send(_buffer, 0, length);
            }
        }

        private static void OnDisconnected(DtlsSession session, DtlsError reason)
        {
            Print(Name(session) + " is gone: " + DtlsErrors.DescribeWith(reason, session.AlertReceived) + ".");
        }

        // Whose handshake failed, why, and who said so; or what broke.
        private static void OnError(DtlsSession session, DtlsException error)
        {
            Print(session == null ? error.Message : session.RemoteEndPoint.ToString() + ": " + error.Message);
        }

        private void Report()
        {
            DtlsStatistics statistics = _server.Statistics;
            Print(
                _server.SessionCount.ToString() + " sessions, "
                + statistics.HandshakesCompleted.ToString() + " handshakes done, "
                + statistics.HandshakesFailed.ToString() + " failed, "
                + statistics.RecordsReceived.ToString() + " records in, "
                + statistics.RecordsSent.ToString() + " out, "
                + statistics.DroppedInAll.ToString() + " dropped.");
        }

        private static string Name(DtlsSession session)
        {
            IPEndPoint peer = session.RemoteEndPoint;
            byte[] identity = session.PskIdentity;
            char[] text = new char[identity == null ? 0 : identity.Length];
            for (int i = 0; i < text.Length; i++)
            {
                // What a client calls itself is not to be trusted with control characters.
                text[i] = identity[i] >= 32 && identity[i] < 127 ? (char)identity[i] : '?';
            }

            return new string(text) + " at " + peer.ToString();
        }

        private static void Print(string line)
        {
            Platform.Print(line);
        }
    }
}
