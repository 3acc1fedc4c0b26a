using System;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Samples
{
    /// <summary>Reports to a server again and again over one session that it keeps; connects anew when that was lost.</summary>
    internal abstract class ReportingClient
    {
        private const int ConnectTimeout = 60000;

        /// <summary>The session.</summary>
        protected readonly DtlsClient Client;

        private readonly string _server;
        private readonly int _port;

        /// <param name="options">What the session is made of.</param>
        /// <param name="server">The server's name or address.</param>
        /// <param name="port">Its UDP port.</param>
        protected ReportingClient(DtlsOptions options, string server, int port)
        {
            // Words for what goes wrong; without room for them leave this and NfDtls.Texts out, and see numbers.
            DtlsErrors.UseInExceptions();
            Client = new DtlsClient(options);
            Client.Error += OnError;
            _server = server;
            _port = port;
        }

        /// <summary>Reports so many times, or for ever with 0; returns how many reports were taken.</summary>
        internal int Run(int reports, int interval)
        {
            int taken = 0;
            for (int i = 0; reports == 0 || i < reports; i++)
            {
                if (i > 0)
                {
                    Thread.Sleep(interval);
                }

                string report = NextReport();
                bool isTaken = Report(report);
                Console.WriteLine(report + (isTaken ? " was taken." : " was not taken."));
                taken += isTaken ? 1 : 0;
            }

            Client.Close(1000);
            Client.Dispose();
            return taken;
        }

        /// <summary>What to report next.</summary>
        protected abstract string NextReport();

        /// <summary>Sends a report until the server has taken it; false where it refused, or where nobody is there any more and a new session is to find out.</summary>
        protected abstract bool Exchange(string report);

        /// <summary>The session has begun.</summary>
        protected virtual void OnConnected()
        {
        }

        /// <summary>Nobody answers any more: the next report connects anew.</summary>
        protected void GiveUp()
        {
            Console.WriteLine("No answer from " + _server + "; the next report connects anew.");
            Client.Reset();
        }

        private bool Report(string report)
        {
            try
            {
                return Connect() && Exchange(report);
            }
            catch (DtlsException exception)
            {
                // Next time it connects anew.
                Console.WriteLine(exception.Message);
                Client.Reset();
                return false;
            }
        }

        private bool Connect()
        {
            if (Client.State == AssociationState.Connected)
            {
                return true;
            }

            if (!Client.Connect(_server, _port, ConnectTimeout))
            {
                // The handshake goes on, and the next report waits for it.
                bool isKey = Client.LikelyError == DtlsError.KeyMismatchSuspected;
                Console.WriteLine(isKey ? _server + " answers, but most likely has another key." : "No answer from " + _server + " yet.");
                return false;
            }

            OnConnected();
            return true;
        }

        // What no call reports: no network, above all.
        private static void OnError(DtlsError error, Exception exception)
        {
            Console.WriteLine(exception.Message);
        }
    }
}
