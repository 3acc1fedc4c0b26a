using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>
    /// Stands for the bus of a board: transfers go as datagrams to a program that plays the chip, on another machine or on this one. So the key
    /// is nowhere in the device here either. A board with a chip has a class over System.Device.I2c in place of this one (README.md).
    /// </summary>
    internal sealed class UdpBus : ElementBus
    {
        internal const byte Waking = (byte)'W';
        internal const byte Writing = (byte)'C';
        internal const byte Reading = (byte)'R';

        /// <summary>Bytes before those of the transfer: its number and its kind, or its number and whether it was acknowledged.</summary>
        internal const int Head = 2;

        internal const int MostBytes = 160;
        private const int AnswerTimeout = 10000;

        // While there was no answer at all, nobody is waited for as long again.
        private const int SilentTimeout = 200;

        private readonly IPEndPoint _chip;
        private readonly byte[] _buffer = new byte[MostBytes];
        private byte _number;
        private int _timeout = AnswerTimeout;

        internal UdpBus(string host, int port)
        {
            _chip = new IPEndPoint(Ipv4.Resolve(host), port);
        }

        internal override void Wake()
        {
            Transfer(Waking, 0);
        }

        internal override bool Write(byte[] bytes, int count)
        {
            Array.Copy(bytes, 0, _buffer, Head, count);
            return Transfer(Writing, count) >= Head;
        }

        internal override bool Read(byte[] bytes, int count)
        {
            _buffer[Head] = (byte)count;
            int length = Transfer(Reading, 1);
            if (length != Head + count)
            {
                return false;
            }

            Array.Copy(_buffer, Head, bytes, 0, count);
            return true;
        }

        // Returns the bytes of the answer, or -1 where there was none or the chip did not acknowledge.
        private int Transfer(byte kind, int count)
        {
            _number++;
            _buffer[0] = _number;
            _buffer[1] = kind;
            Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, 0));
                socket.SendTo(_buffer, 0, Head + count, SocketFlags.None, _chip);
                if (!socket.Poll(_timeout * 1000, SelectMode.SelectRead))
                {
                    _timeout = SilentTimeout;
                    return -1;
                }

                _timeout = AnswerTimeout;

                EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
                int length = socket.ReceiveFrom(_buffer, 0, _buffer.Length, SocketFlags.None, ref sender);
                return length >= Head && _buffer[0] == _number && _buffer[1] != 0 ? length : -1;
            }
            catch (SocketException)
            {
                // As where nobody acknowledges.
                return -1;
            }
            finally
            {
                socket.Close();
            }
        }
    }
}
