using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>
    /// Asks one server for the time by SNTP (RFC 4330). Nobody signs the answer: who sits on the way can give any time, so it is taken within
    /// bounds that <see cref="TimeKeeper"/> sets.
    /// </summary>
    internal sealed class SntpClient
    {
        private readonly CryptoProvider _crypto;
        private readonly string _host;
        private readonly int _port;
        private readonly SntpMessage _message = new SntpMessage();
        private readonly byte[] _stamp = new byte[SntpMessage.StampLength];

        /// <param name="crypto">Makes the number that an answer must know.</param>
        /// <param name="host">The server's name or IPv4 address.</param>
        /// <param name="port">Its UDP port.</param>
        internal SntpClient(CryptoProvider crypto, string host, int port)
        {
            _crypto = crypto;
            _host = host;
            _port = port;
        }

        internal string Host
        {
            get { return _host; }
        }

        /// <summary>Why the last question brought no time; null where it did.</summary>
        internal string Failure { get; private set; }

        /// <summary>Whether it has asked not to be asked again.</summary>
        internal bool IsDenied { get; private set; }

        /// <summary>Asks once. Returns milliseconds since 1970, or -1 with a <see cref="Failure"/>.</summary>
        internal long Ask(int timeout)
        {
            Socket socket = null;
            try
            {
                IPEndPoint server = new IPEndPoint(Ipv4.Resolve(_host), _port);
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new IPEndPoint(IPAddress.Any, 0));
                return Ask(socket, server, timeout);
            }
            catch (Exception exception)
            {
                // No such name, no network: what a board's stack throws there is not one type.
                Failure = exception.Message;
                return -1;
            }
            finally
            {
                if (socket != null)
                {
                    socket.Close();
                }
            }
        }

        private long Ask(Socket socket, IPEndPoint server, int timeout)
        {
            _crypto.Random(_stamp, 0, _stamp.Length);
            _message.WriteRequest(_stamp);
            long start = Environment.TickCount64;
            socket.SendTo(_message.Bytes, 0, SntpMessage.Length, SocketFlags.None, server);
            for (long left = timeout; left > 0; left = start + timeout - Environment.TickCount64)
            {
                if (!socket.Poll((int)left * 1000, SelectMode.SelectRead))
                {
                    break;
                }

                EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
                int length = socket.ReceiveFrom(_message.Bytes, 0, SntpMessage.Length, SocketFlags.None, ref sender);

                // What somebody else sent, or an answer to a question before, changes nothing: the right one may still come.
                if (sender.ToString() == server.ToString() && _message.Answers(_stamp, length))
                {
                    return Take(Environment.TickCount64 - start);
                }
            }

            Failure = "it does not answer";
            return -1;
        }

        private long Take(long roundTrip)
        {
            Failure = _message.Fault;
            IsDenied = _message.IsDenial;

            // It was that time when the answer left; half of the round trip ago, as far as anybody can tell.
            return Failure == null ? _message.UtcMilliseconds + (roundTrip / 2) : -1;
        }
    }
}
