using System;
using System.Text;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>The ways to the two servers by DTLS, one session at a time.</summary>
    internal sealed class DtlsLinks : Links
    {
        private const int CloseTime = 1000;

        private readonly CryptoProvider _crypto;
        private readonly string _bootstrapServer;
        private readonly int _bootstrapPort;
        private readonly int _retransmitTimeout;
        private readonly int _pause;
        private DtlsClient _client;

        /// <param name="crypto">The cryptography.</param>
        /// <param name="bootstrapServer">The bootstrap server's name or address.</param>
        /// <param name="bootstrapPort">Its port.</param>
        /// <param name="retransmitTimeout">Milliseconds until an unanswered flight of a handshake is sent again.</param>
        /// <param name="pause">Milliseconds between two tries.</param>
        internal DtlsLinks(CryptoProvider crypto, string bootstrapServer, int bootstrapPort, int retransmitTimeout, int pause)
        {
            // Words for what goes wrong; without room for them leave this and NfDtls.Texts out, and see numbers.
            DtlsErrors.UseInExceptions();
            _crypto = crypto;
            _bootstrapServer = bootstrapServer;
            _bootstrapPort = bootstrapPort;
            _retransmitTimeout = retransmitTimeout;
            _pause = pause;
        }

        /// <summary>The session with the server; null where there is none.</summary>
        internal DtlsClient Client
        {
            get { return _client; }
        }

        internal override Credentials Bootstrap()
        {
            byte[] identity = Encoding.UTF8.GetBytes(Settings.BootstrapIdentity);
            byte[] key = Encoding.UTF8.GetBytes(Settings.BootstrapKey);
            try
            {
                return Open(_bootstrapServer, _bootstrapPort, identity, key) ? new BootstrapDialog(new ClientChannel(_client)).Run(Settings.Endpoint) : null;
            }
            catch (DtlsException exception)
            {
                Console.WriteLine(exception.Message);
                return null;
            }
            finally
            {
                Close();
            }
        }

        internal override bool Connect(Credentials credentials)
        {
            try
            {
                if (Open(credentials.Host, credentials.Port, credentials.Identity, credentials.Key))
                {
                    return true;
                }
            }
            catch (DtlsException exception)
            {
                Console.WriteLine(exception.Message);
            }

            Close();
            return false;
        }

        internal override void Pause()
        {
            Thread.Sleep(_pause);
        }

        /// <summary>Ends the session.</summary>
        internal void Close()
        {
            if (_client != null)
            {
                _client.Close(CloseTime);
                _client.Dispose();
                _client = null;
            }
        }

        private bool Open(string server, int port, byte[] identity, byte[] key)
        {
            Close();
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = _crypto;
            options.Suites = PskSuites.Constrained();
            options.Psk = new PskStore();
            options.Psk.Add(key, identity, null);
            options.PoolPackets = 4;
            options.HeldRecords = 2;
            options.ReceiveQueue = 2;
            options.Mtu = 600;
            options.RetransmitTimeout = _retransmitTimeout;
            _client = new DtlsClient(options);
            _client.Error += OnError;
            if (_client.Connect(server, port, Settings.ConnectTimeout))
            {
                return true;
            }

            bool isKey = _client.LikelyError == DtlsError.KeyMismatchSuspected;
            Console.WriteLine(isKey ? server + " answers, but most likely has another key." : "No answer from " + server + ".");
            return false;
        }

        // What no call reports: no network, above all.
        private static void OnError(DtlsError error, Exception exception)
        {
            Console.WriteLine(exception.Message);
        }
    }
}
