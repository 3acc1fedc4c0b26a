using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>
    /// Asks one server for the time by SNTP (RFC 4330). Nobody signs the answer: who sits on the way can give any time, so it is taken within
    /// bounds that <see cref="TimeKeeper"/> sets.
    /// </summary>
    internal sealed class SntpClient : TimeSource
    {
        private readonly CryptoProvider _crypto;
        private readonly string _host;
        private readonly int _port;
        private readonly Pace _pace;
        private readonly Denials _denials = new Denials();
        private readonly SntpMessage _message = new SntpMessage();
        private readonly byte[] _stamp = new byte[SntpMessage.StampLength];

        /// <param name="crypto">Makes the number that an answer must know.</param>
        /// <param name="host">The server's name or IPv4 address.</param>
        /// <param name="port">Its UDP port.</param>
        /// <param name="pace">The time that passes.</param>
        internal SntpClient(CryptoProvider crypto, string host, int port, Pace pace)
        {
            _crypto = crypto;
            _host = host;
            _port = port;
            _pace = pace;
        }

        internal override string Host
        {
            get { return _host; }
        }

        /// <summary>Asks once, whoever has the name now. Returns milliseconds since 1970, or -1 with a failure.</summary>
        internal override long Ask(int timeout)
        {
            IsLeftAlone = false;
            Socket socket = null;
            try
            {
                IPEndPoint server = new IPEndPoint(Ipv4.Resolve(_host), _port);
                if (_denials.Hold(server.Address.ToString(), _pace.Now))
                {
                    IsLeftAlone = true;
                    Failure = "it denies us the time, and is left alone for a day";
                    return -1;
                }

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
            long start = _pace.Now;
            socket.SendTo(_message.Bytes, 0, SntpMessage.Length, SocketFlags.None, server);
            for (long left = timeout; left > 0; left = start + timeout - _pace.Now)
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
                    return Take(server, _pace.Now - start);
                }
            }

            Failure = "it does not answer";
            return -1;
        }

        private long Take(IPEndPoint server, long roundTrip)
        {
            Failure = _message.Fault;
            if (_message.IsDenial)
            {
                _denials.Add(server.Address.ToString(), _pace.Now);
            }

            // It was that time when the answer left; half of the round trip ago, as far as anybody can tell.
            return Failure == null ? _message.UtcMilliseconds + (roundTrip / 2) : -1;
        }
    }
}
