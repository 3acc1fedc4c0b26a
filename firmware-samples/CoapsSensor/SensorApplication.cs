using System;
using System.Text;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Samples.CoapsSensor
{
    /// <summary>Reports a temperature again and again; connects anew when the session was lost.</summary>
    internal sealed class SensorApplication
    {
        // RFC 7252 section 4.8: ACK_TIMEOUT in milliseconds, MAX_RETRANSMIT.
        private const int AckTimeout = 2000;
        private const int MaxRetransmit = 4;
        private const int ConnectTimeout = 60000;

        private readonly DtlsClient _client;
        private readonly string _server;
        private readonly int _port;
        private readonly Thermometer _thermometer = new Thermometer();
        private readonly CoapMessage _message = new CoapMessage();
        private readonly byte[] _buffer = new byte[CoapMessage.MaxLength];
        private int _messageId = 1;

        internal SensorApplication(CryptoProvider crypto, string server, int port)
        {
            // Words for what goes wrong; without room for them leave this and NfDtls.Texts out, and see numbers.
            DtlsErrors.UseInExceptions();
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;
            options.Suites = PskSuites.All();
            options.Psk = new PskStore();
            options.Psk.Add(Encoding.UTF8.GetBytes(Settings.Key), Settings.Identity);
            options.PoolPackets = 6;
            _client = new DtlsClient(options);
            _client.Error += OnError;
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

                string temperature = _thermometer.Read();
                bool isTaken = Report(temperature);
                Platform.Print(temperature + (isTaken ? " was taken." : " was not taken."));
                taken += isTaken ? 1 : 0;
            }

            _client.Close(1000);
            _client.Dispose();
            return taken;
        }

        private bool Report(string temperature)
        {
            try
            {
                if (_client.State != AssociationState.Connected && !_client.Connect(_server, _port, ConnectTimeout))
                {
                    // The handshake goes on, and the next report waits for it.
                    bool isKey = _client.LikelyError == DtlsError.KeyMismatchSuspected;
                    Platform.Print(isKey ? _server + " answers, but most likely has another key." : "No answer from " + _server + " yet.");
                    return false;
                }

                return Exchange(temperature);
            }
            catch (DtlsException exception)
            {
                // Next time it connects anew.
                Platform.Print(exception.Message);
                _client.Reset();
                return false;
            }
        }

        /// <summary>Sends a confirmable request until it is acknowledged, each time after twice the time.</summary>
        private bool Exchange(string temperature)
        {
            _messageId = (_messageId + 1) & 0xFFFF;
            _message.WritePut(_messageId, Settings.Resource, temperature);
            int timeout = AckTimeout;
            for (int i = 0; i <= MaxRetransmit; i++)
            {
                _client.Send(_message.Bytes, 0, _message.Length);
                int length = _client.Receive(_buffer, 0, timeout);
                int code = length < 0 ? -1 : CoapMessage.ReadAnswer(_buffer, length, _messageId);
                if (code >= 0)
                {
                    return IsTaken(code);
                }

                timeout *= 2;
            }

            // Nobody is there any more: a new session finds out.
            Platform.Print("No acknowledgement from " + _server + "; the next report connects anew.");
            _client.Reset();
            return false;
        }

        private static bool IsTaken(int code)
        {
            bool isTaken = code == CoapMessage.Created || code == CoapMessage.Changed;
            if (!isTaken)
            {
                Platform.Print("The server answered " + (code >> 5).ToString() + "." + ((code & 31) / 10).ToString() + ((code & 31) % 10).ToString() + ".");
            }

            return isTaken;
        }

        // What no call reports: no network, above all.
        private static void OnError(DtlsError error, Exception exception)
        {
            Platform.Print(exception.Message);
        }
    }
}
