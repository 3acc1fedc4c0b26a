using System;
using System.Text;
using NfDtls.Extensions;
using NfDtls.Sockets;

namespace NfDtls.Samples.SleepyDevice
{
    /// <summary>
    /// One life of the device, from waking to sleeping: nothing of it is left but what it keeps. It goes on with the association that the
    /// life before kept, from whatever address it has now, and makes a new one only where there is none or the server has forgotten it.
    /// </summary>
    internal sealed class Device
    {
        private const int ConnectTimeout = 120000;

        // A report is repeated until it comes back, each time after twice the time.
        private const int AnswerTimeout = 2000;
        private const int Tries = 6;

        private readonly KeptState _kept;
        private readonly DtlsClient _client;
        private readonly string _server;
        private readonly int _port;
        private readonly byte[] _buffer = new byte[DurableAssociations.UsualLength];

        internal Device(CryptoProvider crypto, KeptState kept, string server, int port)
        {
            // Words for what goes wrong; without room for them leave this and NfDtls.Texts out, and see numbers.
            DtlsErrors.UseInExceptions();
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(Settings.Key, Settings.Identity);
            options.PoolPackets = 6;

            // The server knows us by its connection ID, wherever we come from; records to us need none.
            options.Features = new Feature[] { new ConnectionIdFeature(0), new DurableAssociations() };
            _client = new DtlsClient(options);
            _client.Error += OnError;
            _kept = kept;
            _server = server;
            _port = port;
        }

        /// <summary>Wakes, reports, keeps the association and is ready to sleep; false where the report was not taken.</summary>
        internal bool Live(string report)
        {
            try
            {
                bool goesOn = TakeBack();
                bool isTaken = (goesOn || Connect()) && Exchange(report);
                if (!isTaken && goesOn)
                {
                    // The server was restarted, or has no connection IDs and our address is another one.
                    Platform.Print("The server does not know the association any more.");
                    _client.Reset();
                    isTaken = Connect() && Exchange(report);
                }

                if (isTaken)
                {
                    Keep();
                }

                return isTaken;
            }
            catch (DtlsException exception)
            {
                // The next life connects anew.
                Platform.Print(exception.Message);
                return false;
            }
            finally
            {
                _client.Dispose();
            }
        }

        /// <summary>Goes on with what was kept.</summary>
        private bool TakeBack()
        {
            byte[] saved = _kept.Read();
            if (saved == null)
            {
                return false;
            }

            string refusal = Import(saved);

            // Used or of no use: the same bytes must never be taken back twice, for their record numbers would be used twice.
            _kept.Erase();
            if (refusal != null)
            {
                Platform.Print("What was kept is of no use: " + refusal);
                return false;
            }

            _client.SavedIsGone();
            Platform.Print("Went on without a handshake, from port " + _client.LocalPort.ToString() + ".");
            return true;
        }

        private string Import(byte[] saved)
        {
            try
            {
                _client.Import(null, Settings.StorageKey, saved, 0, saved.Length, 0);
                return null;
            }
            catch (ArgumentException exception)
            {
                return exception.Message;
            }
            catch (DtlsException exception)
            {
                return exception.Message;
            }
        }

        private bool Connect()
        {
            if (!_client.Connect(_server, _port, ConnectTimeout))
            {
                Platform.Print("No answer from " + _server + ".");
                return false;
            }

            Platform.Print("Connected by a handshake, from port " + _client.LocalPort.ToString() + ".");
            return true;
        }

        /// <summary>Sends a report until the server has sent it back.</summary>
        private bool Exchange(string report)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(report);
            int timeout = AnswerTimeout;
            for (int i = 0; i < Tries; i++)
            {
                _client.Send(bytes, 0, bytes.Length);
                int length = _client.Receive(_buffer, 0, timeout);
                if (IsEcho(bytes, length))
                {
                    return true;
                }

                timeout *= 2;
            }

            return false;
        }

        /// <summary>Whether what came is the report: an answer to one of a life before may come late, and be as long.</summary>
        private bool IsEcho(byte[] bytes, int length)
        {
            bool isEcho = length == bytes.Length;
            for (int i = 0; i < bytes.Length && isEcho; i++)
            {
                isEcho = _buffer[i] == bytes[i];
            }

            return isEcho;
        }

        /// <summary>Ends the association here, and keeps it sealed for the next life. The server is told nothing.</summary>
        private void Keep()
        {
            int length = _client.Export(Settings.StorageKey, _buffer, 0);
            _kept.Write(_buffer, length);
            Platform.Print("Sleeps, and keeps " + length.ToString() + " bytes.");
        }

        // What no call reports: no network, above all.
        private static void OnError(DtlsError error, Exception exception)
        {
            Platform.Print(exception.Message);
        }
    }
}
