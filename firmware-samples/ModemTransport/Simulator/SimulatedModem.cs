using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>
    /// A modem that is none: it answers the commands of <see cref="UdpModem"/> on a thread of its own, and carries the datagrams by a real
    /// UDP socket. For trying without one, and with faults that a real one shows when nobody looks.
    /// </summary>
    internal sealed class SimulatedModem
    {
        // What a real one's serial port keeps, and its longest command: 1,024 bytes by two digits each.
        private const int PipeLength = 512;
        private const int MaxCommand = 2100;
        private const int MaxDatagram = 1500;
        private const int Look = 10;

        // How often it is asked before it has found the network.
        private const int Search = 2;
        private const byte Escape = 0x1B;

        internal readonly ModemFaults Faults;
        internal readonly BytePipe ToModem = new BytePipe(PipeLength);
        internal readonly BytePipe FromModem = new BytePipe(PipeLength);

        private readonly char[] _command = new char[MaxCommand];
        private readonly byte[] _datagram = new byte[MaxDatagram];
        private readonly byte[] _piece = new byte[64];
        private int _commandLength;
        private int _dataLength;
        private int _dataLeft;
        private bool _isEcho;
        private bool _isHex;
        private bool _isAsleep;
        private bool _isStopped;
        private int _searched;
        private bool _isActive;
        private bool _isAnnounced;
        private int _received;
        private Socket _socket;
        private EndPoint _server;

        internal SimulatedModem(ModemFaults faults)
        {
            Faults = faults;
            Boot();
        }

        /// <summary>Datagrams that it was given to send.</summary>
        internal int Sent;

        /// <summary>Bytes of the longest of these.</summary>
        internal int Longest;

        /// <summary>How often it was woken from its sleep.</summary>
        internal int Wakings;

        /// <summary>Begins, on a thread of its own.</summary>
        internal void Start()
        {
            new Thread(Run).Start();
        }

        /// <summary>Ends the thread.</summary>
        internal void Stop()
        {
            _isStopped = true;
        }

        /// <summary>The pin that wakes it.</summary>
        internal void Wake()
        {
            if (_isAsleep)
            {
                Wakings++;
                Boot();
                _isAsleep = false;
            }
        }

        private void Boot()
        {
            _isEcho = true;
            _isHex = false;
            _searched = 0;
            _isActive = false;
            _commandLength = 0;
            _dataLeft = 0;
        }

        private void Run()
        {
            while (!_isStopped)
            {
                int length = ToModem.Read(_piece, 0, _piece.Length, Look);
                for (int i = 0; i < length; i++)
                {
                    if (!_isAsleep)
                    {
                        Take(_piece[i]);
                    }
                }

                if (length == 0 && !_isAsleep)
                {
                    Announce();
                }
            }

            CloseSocket();
        }

        private void Take(byte value)
        {
            if (_dataLeft > 0)
            {
                _datagram[_dataLength - _dataLeft] = value;
                _dataLeft--;
                if (_dataLeft == 0)
                {
                    Transmit(_dataLength);
                }

                return;
            }

            if (value == '\r')
            {
                string command = new string(_command, 0, _commandLength);
                _commandLength = 0;
                if (_isEcho)
                {
                    Write(command + "\r");
                }

                if (command.Length > 0)
                {
                    Carry(command);
                }
            }
            else if (value != '\n' && value != Escape && _commandLength < MaxCommand)
            {
                _command[_commandLength] = (char)value;
                _commandLength++;
            }
        }

        private void Carry(string command)
        {
            if (Begins(command, "AT+QISEND=0,"))
            {
                BeginSend(command);
            }
            else if (Begins(command, "AT+QIRD=0,"))
            {
                ReadDatagram();
            }
            else if (Begins(command, "AT+QIOPEN=1,0,\"UDP\",\""))
            {
                OpenSocket(command);
            }
            else if (command == "AT+CEREG?")
            {
                _searched++;
                Say("+CEREG: 0," + (_searched > Search ? "1" : "2"));
                Finish("OK");
            }
            else
            {
                Finish(Obey(command) ? "OK" : "ERROR");
            }
        }

        private bool Obey(string command)
        {
            switch (command)
            {
                case "AT":
                case "AT+CMEE=1":
                    return true;
                case "ATE0":
                    _isEcho = false;
                    return true;
                case "AT+QICFG=\"dataformat\",1,1":
                    _isHex = true;
                    return true;
                case "AT+QICFG=\"dataformat\",0,0":
                    _isHex = false;
                    return true;
                case "AT+QIACT=1":
                    bool isNew = _searched > Search && !_isActive;
                    _isActive = _searched > Search;
                    return isNew;
                case "AT+QICLOSE=0":
                    CloseSocket();
                    return true;
                default:
                    return false;
            }
        }

        private void OpenSocket(string command)
        {
            if (!_isActive || _socket != null)
            {
                Finish("+CME ERROR: 563");
                return;
            }

            int start = command.IndexOf("UDP") + 6;
            int end = command.IndexOf('"', start);
            _server = new IPEndPoint(IPAddress.Parse(command.Substring(start, end - start)), AtChannel.Number(command.Substring(end), 1));
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            _isAnnounced = false;
            Finish("OK");
            Say("+QIOPEN: 0,0");
        }

        private void BeginSend(string command)
        {
            int length = AtChannel.Number(command, 1);
            if (_socket == null || length < 1 || length > UdpModem.MaxDatagram)
            {
                Finish("ERROR");
                return;
            }

            _dataLength = length;
            if (!_isHex)
            {
                _dataLeft = length;
                Write("\r\n> ");
                return;
            }

            int start = command.Length - (2 * length);
            if (start < 1 || command[start - 1] != ',')
            {
                Finish("ERROR");
                return;
            }

            for (int i = 0; i < length; i++)
            {
                _datagram[i] = (byte)((DigitOf(command[start + (2 * i)]) << 4) | DigitOf(command[start + (2 * i) + 1]));
            }

            Say("OK");
            Transmit(length);
        }

        private void Transmit(int length)
        {
            Sent++;
            Longest = length > Longest ? length : Longest;
            if (Sent == Faults.RefuseSend)
            {
                Finish("SEND FAIL");
                return;
            }

            if (Faults.DropEvery == 0 || Sent % Faults.DropEvery != 0)
            {
                SendTo(length);
            }

            Finish("SEND OK");
            if (Sent == Faults.CloseAfter)
            {
                CloseSocket();
                Say("+QIURC: \"closed\",0");
            }
            else if (Sent == Faults.DeactivateAfter)
            {
                CloseSocket();
                _isActive = false;
                Say("+QIURC: \"pdpdeact\",1");
            }
            else if (Sent == Faults.SleepAfter)
            {
                CloseSocket();
                Say("+QNBIOTEVENT: \"ENTER PSM\"");
                _isAsleep = true;
            }
        }

        private void SendTo(int length)
        {
            try
            {
                _socket.SendTo(_datagram, 0, length, SocketFlags.None, _server);
            }
            catch (SocketException)
            {
                // The network loses it.
            }
        }

        private void ReadDatagram()
        {
            if (_socket == null)
            {
                Finish("ERROR");
                return;
            }

            int length = Next();
            _isAnnounced = length > 0;
            if (Faults.IsTalkative)
            {
                Say("+QIURC: \"recv\",0");
            }

            Say("+QIRD: " + length.ToString());
            if (length > 0 && _isHex)
            {
                WriteHex(length);
                Write("\r\n");
            }
            else if (length > 0)
            {
                FromModem.Write(_datagram, 0, length);
                Write("\r\n");
            }

            Finish("OK");
        }

        // The next datagram that is not lost; 0 for none.
        private int Next()
        {
            try
            {
                while (_socket.Poll(0, SelectMode.SelectRead))
                {
                    EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                    int length = _socket.ReceiveFrom(_datagram, 0, MaxDatagram, SocketFlags.None, ref from);
                    _received++;
                    if (Faults.DropEvery == 0 || _received % Faults.DropEvery != 0)
                    {
                        return length;
                    }
                }
            }
            catch (SocketException)
            {
                // One was longer than it takes, or nobody listens there: nothing has come.
            }

            return 0;
        }

        private void Announce()
        {
            if (_socket != null && !_isAnnounced && _socket.Poll(0, SelectMode.SelectRead))
            {
                _isAnnounced = true;
                Say("+QIURC: \"recv\",0");
            }
        }

        private void CloseSocket()
        {
            if (_socket != null)
            {
                _socket.Close();
                _socket = null;
            }
        }

        /// <summary>Ends an answer.</summary>
        private void Finish(string result)
        {
            if (Faults.IsTalkative)
            {
                Say("+QIND: \"csq\",21,99");
            }

            Say(result);
        }

        private void Say(string line)
        {
            Write("\r\n" + line + "\r\n");
        }

        private void Write(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            FromModem.Write(bytes, 0, bytes.Length);
        }

        private void WriteHex(int length)
        {
            byte[] digits = new byte[2];
            for (int i = 0; i < length; i++)
            {
                digits[0] = (byte)"0123456789ABCDEF"[_datagram[i] >> 4];
                digits[1] = (byte)"0123456789ABCDEF"[_datagram[i] & 15];
                FromModem.Write(digits, 0, 2);
            }
        }

        private static int DigitOf(char letter)
        {
            return letter <= '9' ? letter - '0' : letter - 'A' + 10;
        }

        private static bool Begins(string text, string start)
        {
            return AtChannel.Begins(text, start);
        }
    }
}
