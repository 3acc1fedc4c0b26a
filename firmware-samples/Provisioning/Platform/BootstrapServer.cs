using System;
using System.Text;
using System.Threading;
using NfDtls.Crypto.Stock;
using NfDtls.Sockets;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>
    /// A bootstrap server for trying, on .NET: gives each device that asks what the command line has, the next device the next of several,
    /// and the last of them to all that come later.
    /// </summary>
    internal sealed class BootstrapServer
    {
        private const int Octets = 42;
        private const int AckTimeout = 2000;
        private const int Tries = 15;
        private const int MaxMessage = 512;
        private const int Fixed = 2;
        private const int PartsOfEach = 3;
        private static readonly byte[] NoToken = new byte[0];

        private readonly string[] _arguments;
        private int _given;
        private int _messageId;

        private BootstrapServer(string[] arguments)
        {
            _arguments = arguments;
        }

        /// <summary>Runs it for ever: "bootstrap-server", port, then URI, identity and key, once or more.</summary>
        internal static int Run(string[] arguments)
        {
            if (arguments.Length < Fixed + PartsOfEach || (arguments.Length - Fixed) % PartsOfEach != 0)
            {
                Console.WriteLine("usage: bootstrap-server PORT URI IDENTITY KEY [URI IDENTITY KEY...]");
                return 2;
            }

            DtlsOptions options = new DtlsOptions();
            options.Crypto = StockProvider.Create(new SystemEntropy());
            options.Suites = PskSuites.All();
            options.Psk = new PskStore();
#pragma warning disable NFD001 // A server for trying, with the key that the sample of a device has from its factory.
            options.Psk.Add(Encoding.UTF8.GetBytes(Settings.BootstrapKey), Settings.BootstrapIdentity);
#pragma warning restore NFD001
            BootstrapServer bootstrap = new BootstrapServer(arguments);
            using (DtlsServer server = new DtlsServer(options))
            {
                server.Connected += session => new Thread(() => bootstrap.Serve(session)).Start();
                server.Start(int.Parse(arguments[1]));
                Console.WriteLine("The bootstrap server listens on UDP port " + server.LocalPort + ".");
                Thread.Sleep(Timeout.Infinite);
            }

            return 0;
        }

        private void Serve(DtlsSession session)
        {
            try
            {
                string device = Await(session);
                int first = Math.Min(Fixed + (PartsOfEach * (Interlocked.Increment(ref _given) - 1)), _arguments.Length - PartsOfEach);
                Delete(session);
                Write(session, "0/0/0", 0, _arguments[first]);
                Write(session, "0/0/2", 0, "0");
                Write(session, "0/0/3", Octets, _arguments[first + 1]);
                Write(session, "0/0/5", Octets, _arguments[first + 2]);
                Ask(session, CoapMessage.Post, "bs", -1, null);
                Console.WriteLine(device + " was given " + _arguments[first] + " as " + _arguments[first + 1] + ".");
            }
            catch (Exception exception) when (exception is DtlsException or InvalidOperationException)
            {
                Console.WriteLine("A device was given nothing: " + exception.Message);
            }

            session.Close();
        }

        /// <summary>Waits for a device's request, and acknowledges it; returns the device's name.</summary>
        private static string Await(DtlsSession session)
        {
            byte[] buffer = new byte[MaxMessage];
            CoapReader reader = new CoapReader();
            int length = session.Receive(buffer, 0, AckTimeout * Tries);
            if (length < 0 || !reader.Read(buffer, length) || reader.Code != CoapMessage.Post || reader.Path != "bs")
            {
                throw new InvalidOperationException("It did not ask.");
            }

            CoapMessage answer = new CoapMessage(MaxMessage);
            answer.Begin(CoapMessage.Acknowledgement, CoapMessage.Changed, reader.MessageId, buffer, reader.TokenOffset, reader.TokenLength);
            session.Send(answer.Bytes, 0, answer.Length);
            string text = Encoding.UTF8.GetString(buffer, 0, length);
            int name = text.IndexOf("ep=", StringComparison.Ordinal);
            return name < 0 ? "A device" : text.Substring(name + 3);
        }

        private void Delete(DtlsSession session)
        {
            Ask(session, CoapMessage.Delete, "0", -1, null);
        }

        private void Write(DtlsSession session, string path, int format, string value)
        {
            Ask(session, CoapMessage.Put, path, format, value);
        }

        /// <summary>Sends a request until it is acknowledged.</summary>
        private void Ask(DtlsSession session, int method, string path, int format, string value)
        {
            int id = Interlocked.Increment(ref _messageId) & 0xFFFF;
            CoapMessage message = new CoapMessage(MaxMessage);
            message.Begin(CoapMessage.Confirmable, method, id, NoToken, 0, 0);
            message.AddPath(path);
            if (value != null)
            {
                message.AddOption(CoapMessage.ContentFormat, format == 0 ? new byte[0] : new byte[] { (byte)format });
                message.AddPayload(Encoding.UTF8.GetBytes(value));
            }

            byte[] buffer = new byte[MaxMessage];
            CoapReader reader = new CoapReader();
            for (int i = 0; i < Tries; i++)
            {
                session.Send(message.Bytes, 0, message.Length);
                int length = session.Receive(buffer, 0, AckTimeout);
                if (length >= 0 && reader.Read(buffer, length) && reader.Type == CoapMessage.Acknowledgement && reader.MessageId == id)
                {
                    if (reader.Code >> 5 != 2)
                    {
                        throw new InvalidOperationException("It answered " + CoapMessage.Describe(reader.Code) + " to /" + path + ".");
                    }

                    return;
                }
            }

            throw new InvalidOperationException("It does not answer any more.");
        }
    }
}
