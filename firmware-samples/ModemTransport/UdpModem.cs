namespace NfDtls.Samples.ModemTransport
{
    /// <summary>
    /// One UDP socket of a modem for NB-IoT or LTE-M, by the commands of Quectel's (BG95, BC660 and their kin). Where the modem has slept,
    /// begun anew, or lost the network or the socket, the next datagram finds out and brings all of it back.
    /// </summary>
    internal sealed class UdpModem : AtListener
    {
        /// <summary>Bytes of the longest datagram that the modem sends.</summary>
        internal const int MaxDatagram = 1024;

        /// <summary>Milliseconds that a socket may take: a modem that begins, its network, an address there, and the socket.</summary>
        internal const int OpenTime = 500000;

        // Bytes that a datagram is asked for: more than is wanted, so that a longer one is known for what it is.
        private const int ReadLength = 1500;

        // Milliseconds, as the manuals have them: what takes the modem alone, and what takes the network.
        private const int CommandTime = 5000;
        private const int SendTime = 10000;
        private const int NetworkTime = 150000;
        private const int Pause = 500;
        private const int StartTries = 20;
        private const int MostFailures = 2;
        private const int MostNews = 32;

        private readonly SerialLine _line;
        private readonly AtChannel _channel;
        private readonly bool _isHex;
        private readonly string _open;
        private bool _isAsleep;
        private bool _isStarted;
        private bool _isActive;
        private bool _isOpen;
        private bool _hasData;
        private int _openResult;
        private int _failures;
        private long _end;

        /// <param name="line">The bytes to and from the modem.</param>
        /// <param name="isHex">Whether data go as hexadecimal digits (BC660), or as they are (BG95).</param>
        /// <param name="server">The server's address, or its name, which the modem resolves.</param>
        /// <param name="port">Its port.</param>
        internal UdpModem(SerialLine line, bool isHex, string server, int port)
        {
            _line = line;
            _channel = new AtChannel(line, this);
            _isHex = isHex;
            _open = "AT+QIOPEN=1,0,\"UDP\",\"" + server + "\"," + port.ToString() + ",0,0";
        }

        /// <summary>How often a socket was opened: each has a port of its own, and maybe an address.</summary>
        internal int Openings;

        /// <summary>Datagrams that were not sent, or came in a form that is none.</summary>
        internal int Lost;

        /// <summary>What went wrong last, in words; null for nothing.</summary>
        internal string Fault;

        /// <summary>Milliseconds of the line's clock.</summary>
        internal long Now
        {
            get { return _line.Now; }
        }

        /// <summary>
        /// Sees to it that there is a socket, within so many milliseconds and three seconds more where the modem must be asked whether it
        /// is there. False, and <see cref="Fault"/> says why, where it cannot be had; a further call goes on.
        /// </summary>
        internal bool Open(int timeout)
        {
            _end = _line.Now + timeout;

            // What it has said since it was listened to last, that the socket is gone among it.
            for (int i = 0; i < MostNews && _channel.Listen(0); i++)
            {
            }

            if (_isOpen)
            {
                return true;
            }

            try
            {
                if (!_isStarted)
                {
                    Start();
                }

                if (!_isActive)
                {
                    Activate();
                }

                OpenSocket();
                Fault = null;
                return true;
            }
            catch (ModemException exception)
            {
                Fault = exception.Message;
                return false;
            }
        }

        /// <summary>
        /// Sends a datagram, or loses it. So many milliseconds are for the socket, where there is none; the datagram itself may take 10 s
        /// more, for what has begun is waited for.
        /// </summary>
        internal void Send(byte[] datagram, int offset, int count, int timeout)
        {
            if (!Open(timeout))
            {
                Lost++;
                return;
            }

            int result = _channel.WriteBlock("AT+QISEND=0," + count.ToString(), datagram, offset, count, _isHex, SendTime);
            Note(result);
            Lost += result == AtChannel.Ok ? 0 : 1;
        }

        /// <summary>
        /// Waits so many milliseconds for a datagram. Returns its bytes, more than the buffer has where it was longer; or -1 when the time
        /// is over, or something else happened before.
        /// </summary>
        internal int Receive(byte[] buffer, int timeout)
        {
            if (!_hasData || !_isOpen)
            {
                // Also without a socket: nobody reads, but what the modem says is heard, and the time passes.
                _channel.Listen(timeout);
            }

            if (!_hasData || !_isOpen)
            {
                return -1;
            }

            // News of the next one may come in the midst of the answer, so what is known is forgotten before.
            _hasData = false;
            int result = _channel.ReadBlock("AT+QIRD=0," + ReadLength.ToString(), "+QIRD:", buffer, _isHex, CommandTime);
            int length = _channel.BlockLength;
            if (result != AtChannel.Ok || length < 0)
            {
                // OK without a datagram, or with a broken one, is as good as a refusal.
                Note(result == AtChannel.Ok ? AtChannel.Error : result);
                Lost++;
                _hasData = _isOpen;
                return -1;
            }

            _failures = 0;

            // It says once that there are some: there may be more until it says that there are none.
            _hasData |= length > 0;
            return length > 0 ? length : -1;
        }

        /// <summary>Closes the socket.</summary>
        internal void Close()
        {
            if (_isOpen)
            {
                _isOpen = false;
                _channel.Execute("AT+QICLOSE=0", SendTime);
            }
        }

        /// <inheritdoc/>
        internal override void OnNews(string line)
        {
            if (line == "+QIURC: \"recv\",0")
            {
                _hasData = true;
            }
            else if (line == "+QIURC: \"closed\",0")
            {
                _isOpen = false;
            }
            else if (AtChannel.Begins(line, "+QIURC: \"pdpdeact\""))
            {
                _isActive = false;
                _isOpen = false;
            }
            else if (AtChannel.Begins(line, "+QIOPEN: 0,"))
            {
                _openResult = AtChannel.Number(line, 1);
            }
            else if (line == "RDY" || line == "APP RDY")
            {
                Forget(false);
            }
            else if (AtChannel.Begins(line, "+QNBIOTEVENT: \"ENTER") || line == "PSM POWER DOWN" || line == "NORMAL POWER DOWN")
            {
                Forget(true);
            }
        }

        /// <summary>The line failed in the midst of something: the next datagram begins with the modem anew.</summary>
        internal void BeginAnew()
        {
            Forget(false);
        }

        private void Forget(bool isAsleep)
        {
            _isAsleep = isAsleep;
            _isStarted = false;
            _isActive = false;
            _isOpen = false;
            _hasData = false;
        }

        private void Start()
        {
            if (_isAsleep)
            {
                _line.Wake();
            }

            // One takes a second.
            int tries = Left(StartTries * 1000) / 1000;
            if (!_channel.Synchronise(tries < 1 ? 1 : tries))
            {
                throw new ModemException("The modem does not answer.");
            }

            _isAsleep = false;
            Need("ATE0");
            Need("AT+CMEE=1");
            Need("AT+QICFG=\"dataformat\"," + (_isHex ? "1,1" : "0,0"));
            _isStarted = true;
        }

        private void Need(string command)
        {
            int result = Execute(command, null, CommandTime);
            if (result != AtChannel.Ok)
            {
                throw new ModemException(Describe(command, result));
            }
        }

        /// <summary>Waits for the network, and for an address in it.</summary>
        private void Activate()
        {
            long end = _line.Now + Left(NetworkTime);
            while (!IsRegistered())
            {
                _channel.Listen(Left(Pause));
                if (_line.Now >= end || !_isStarted)
                {
                    throw new ModemException("There is no network.");
                }
            }

            // Refused also where the network gave an address by itself; then the socket opens all the same.
            if (Execute("AT+QIACT=1", null, NetworkTime) == AtChannel.Timeout)
            {
                throw new ModemException("The network gives no address.");
            }

            _isActive = true;
        }

        // Registered at home, or roaming.
        private bool IsRegistered()
        {
            if (Execute("AT+CEREG?", "+CEREG:", CommandTime) != AtChannel.Ok || _channel.Answer == null)
            {
                return false;
            }

            int state = AtChannel.Number(_channel.Answer, 1);
            return state == 1 || state == 5;
        }

        private void OpenSocket()
        {
            // One that is left from before, which we may not know of.
            Execute("AT+QICLOSE=0", null, SendTime);
            _openResult = -1;
            int result = Execute(_open, null, NetworkTime);
            if (result != AtChannel.Ok)
            {
                _isActive = false;
                throw new ModemException(Describe(_open, result));
            }

            long end = _line.Now + Left(NetworkTime);
            while (_openResult < 0 && _line.Now < end && _isStarted)
            {
                _channel.Listen((int)(end - _line.Now));
            }

            if (_openResult != 0)
            {
                _isActive = false;
                throw new ModemException("The modem opens no socket: error " + _openResult.ToString() + ".");
            }

            _isOpen = true;
            _hasData = false;
            _failures = 0;
            Openings++;
        }

        /// <summary>A command on the way to a socket, for which the call has so much time.</summary>
        private int Execute(string command, string prefix, int most)
        {
            int left = Left(most);
            if (left == 0)
            {
                throw new ModemException("The modem needs more time for a socket.");
            }

            return _channel.Execute(command, prefix, left);
        }

        /// <summary>So many milliseconds, or those that the call has left.</summary>
        private int Left(int most)
        {
            long left = _end - _line.Now;
            return left <= 0 ? 0 : left < most ? (int)left : most;
        }

        /// <summary>A socket that refuses again and again is made anew, and a modem that has lost its voice begun with.</summary>
        private void Note(int result)
        {
            _failures = result == AtChannel.Ok ? 0 : _failures + 1;
            if (_failures < MostFailures)
            {
                return;
            }

            _failures = 0;
            if (result == AtChannel.Timeout)
            {
                Forget(false);
            }

            _isOpen = false;
        }

        private string Describe(string command, int result)
        {
            return command + (result == AtChannel.Timeout ? " is not answered." : " is refused: " + _channel.Reason);
        }
    }
}
