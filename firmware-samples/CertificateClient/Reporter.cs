using System;
using System.Text;
using System.Threading;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Sockets;
using NfDtls.X509;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>
    /// Reports again and again, each time over a connection of its own in which both ends show certificates. The first takes key agreement
    /// and signatures; those after it resume its session, without either.
    /// </summary>
    internal sealed class Reporter
    {
        private const int ConnectTimeout = 120000;
        private const int CloseTimeout = 1000;

        // A report is repeated until somebody answers, each time after twice the time.
        private const int AnswerTimeout = 2000;
        private const int Tries = 5;

        private readonly DtlsClient _client;
        private readonly TimeKeeper _time;
        private readonly string _server;
        private readonly int _port;
        private readonly byte[] _buffer = new byte[256];

        /// <param name="crypto">The board's cryptography.</param>
        /// <param name="authority">The certificate that the server's must be issued by, in PEM.</param>
        /// <param name="own">Our certificate, and behind it its issuers but for the root.</param>
        /// <param name="key">Our private key: one in memory, or an object that signs somewhere else.</param>
        /// <param name="time">Knows the time, or waits for it.</param>
        /// <param name="name">What the server's certificate must say that it is.</param>
        /// <param name="server">The server's name or address on the network.</param>
        /// <param name="port">Its UDP port.</param>
        internal Reporter(CryptoProvider crypto, string authority, DtlsCertificate[] own, PrivateKey key, TimeKeeper time, string name, string server, int port)
        {
            // Words for what goes wrong; without room for them leave this and NfDtls.Texts out, and see numbers.
            DtlsErrors.UseInExceptions();
            CertificateStore store = new CertificateStore(crypto);

            // With TimeCheck.Required, which is the default, nobody is believed while the clock has no time.
            store.Clock = time.Clock;
            store.AddTrusted(new DtlsCertificate(authority));
            store.AddLocal(own[0], Behind(own), key);
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;
            options.Authenticator = new CertificateAuthenticator(store);
            options.ServerName = name;
            options.Suites = Suites();

            // A ticket of OpenSSL's has our certificate in it.
            SessionResumption resumption = new SessionResumption();
            resumption.MaxTicketLength = 1024;
            options.Features = new Feature[] { resumption };
            options.PoolPackets = 6;
            options.MaxChainLength = 2;
            options.MaxChainBytes = 2048;
            _client = new DtlsClient(options);
            _client.Error += OnError;
            _time = time;
            _server = server;
            _port = port;
        }

        /// <summary>Reports so many times, or for ever with 0; returns how many reports were answered.</summary>
        internal int Run(int reports, int interval)
        {
            int taken = 0;
            for (int i = 1; reports == 0 || i <= reports; i++)
            {
                _time.WaitForTime();
                string report = "report " + i.ToString();
                bool isTaken = Report(report);
                Console.WriteLine(report + (isTaken ? " was taken." : " was not taken."));
                taken += isTaken ? 1 : 0;
                Thread.Sleep(i == reports ? 0 : interval);
            }

            _client.Dispose();
            return taken;
        }

        /// <summary>Suites that OpenSSL has by default and RFC 7925's: P-256 for keys and signatures, AES-128.</summary>
        private static CipherSuiteTable Suites()
        {
            EcdheExtensions extensions = new EcdheExtensions(GroupTable.Constrained(), SchemeTable.Constrained());
            return new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128Ccm8(extensions)).Add(EcdheSuites.EcdsaAes128GcmSha256(extensions));
        }

        private static DtlsCertificate[] Behind(DtlsCertificate[] own)
        {
            DtlsCertificate[] rest = new DtlsCertificate[own.Length - 1];
            Array.Copy(own, 1, rest, 0, rest.Length);
            return rest;
        }

        private bool Report(string report)
        {
            try
            {
                if (!Connect())
                {
                    return false;
                }

                bool isTaken = Exchange(Encoding.UTF8.GetBytes(report + "\n"));
                _client.Close(CloseTimeout);
                return isTaken;
            }
            catch (DtlsException exception)
            {
                // The next report connects anew.
                Console.WriteLine(exception.Message);
                _client.Reset();
                if (exception.Error == DtlsError.CertificateExpired || exception.Error == DtlsError.CertificateNotYetValid)
                {
                    _time.Doubt();
                }

                return false;
            }
        }

        private bool Connect()
        {
            if (!_client.Connect(_server, _port, ConnectTimeout))
            {
                Console.WriteLine("No answer from " + _server + ".");
                _client.Reset();
                return false;
            }

            if (!_client.IsResumed)
            {
                _time.Confirm();
            }

            Console.WriteLine((_client.IsResumed ? "Resumed the session, with " : "Connected by certificates, with ") + _client.Suite.Name + ".");
            return true;
        }

        /// <summary>Sends a report until something comes back.</summary>
        private bool Exchange(byte[] report)
        {
            int timeout = AnswerTimeout;
            for (int i = 0; i < Tries; i++)
            {
                _client.Send(report, 0, report.Length);
                if (_client.Receive(_buffer, 0, timeout) >= 0)
                {
                    return true;
                }

                timeout *= 2;
            }

            return false;
        }

        // What no call reports: no network, or what a key of the application's has to say.
        private static void OnError(DtlsError error, Exception exception)
        {
            Console.WriteLine(exception.Message);
        }
    }
}
