using System;
using System.Text;
using System.Threading;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>Reports a temperature by CoAP, over a modem.</summary>
    internal sealed class ModemApplication
    {
        private const int MaxMessage = 128;
        private const int ConnectTimeout = 180000;
        private const int Tries = 3;

        private readonly Thermometer _thermometer = new Thermometer();
        private readonly UdpModem _modem;
        private readonly ModemSession _session;
        private readonly CoapExchange _exchange;

        /// <param name="crypto">The cryptography.</param>
        /// <param name="modem">The modem's socket to the server.</param>
        /// <param name="retransmitTimeout">Milliseconds until an unanswered flight of the handshake is sent again.</param>
        /// <param name="ackTimeout">Milliseconds until an unanswered report is sent again.</param>
        internal ModemApplication(CryptoProvider crypto, UdpModem modem, int retransmitTimeout, int ackTimeout)
        {
            // Words for what goes wrong; without room for them leave this and NfDtls.Texts out, and see numbers.
            DtlsErrors.UseInExceptions();
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
#pragma warning disable NFD001 // A key to try the sample with; a device reads its own from where it was provisioned.
            options.Psk.Add(Encoding.UTF8.GetBytes(Settings.Key), Settings.Identity);
#pragma warning restore NFD001
            options.Mtu = UdpModem.MaxDatagram;
            options.RetransmitTimeout = retransmitTimeout;
            options.PoolPackets = 4;
            options.HeldRecords = 2;
            options.ReceiveQueue = 2;
            _modem = modem;
            _session = new ModemSession(options, modem);
            _exchange = new CoapExchange(_session, MaxMessage, ackTimeout);
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
                Console.WriteLine(temperature + (isTaken ? " was taken." : " was not taken."));
                taken += isTaken ? 1 : 0;
            }

            _session.Close();
            return taken;
        }

        private bool Report(string temperature)
        {
            for (int i = 0; i < Tries; i++)
            {
                try
                {
                    return Connect() && Exchange(temperature);
                }
                catch (DtlsException exception)
                {
                    // A new session, at once.
                    Console.WriteLine(exception.Message);
                    _session.Reset();
                }
                catch (Exception exception)
                {
                    // The line: what a serial port throws is not one type. The next report begins with the modem anew.
                    Console.WriteLine("The modem cannot be used: " + exception.Message);
                    _session.Reset();
                    _modem.BeginAnew();
                    return false;
                }
            }

            return false;
        }

        private bool Connect()
        {
            if (_session.State == AssociationState.Connected)
            {
                return true;
            }

            if (!_session.Connect(ConnectTimeout))
            {
                // The handshake goes on, and the next report waits for it.
                bool isKey = _session.LikelyError == DtlsError.KeyMismatchSuspected;
                string why = _modem.Fault == null ? "No answer from the server yet." : _modem.Fault;
                Console.WriteLine(isKey ? "The server answers, but most likely has another key." : why);
                return false;
            }

            Console.WriteLine("Connected by a handshake, over socket " + _modem.Openings.ToString() + " of the modem; records of up to " + _session.MaxPayload.ToString() + " bytes.");
            return true;
        }

        private bool Exchange(string temperature)
        {
            int code = _exchange.Put(Settings.Resource, temperature);
            if (code == CoapExchange.NoAnswer)
            {
                Console.WriteLine("No answer from the server; the next report connects anew.");
                _session.Reset();
                return false;
            }

            bool isTaken = code == CoapMessage.Created || code == CoapMessage.Changed;
            if (!isTaken)
            {
                Console.WriteLine("The server answered " + CoapMessage.Describe(code) + ".");
            }

            return isTaken;
        }
    }
}
