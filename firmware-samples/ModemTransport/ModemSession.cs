using System;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>
    /// A DTLS session over a modem: the engine makes datagrams and takes datagrams, and says when it wants to be called; the modem
    /// carries them. There is no thread and no socket: whoever calls lets it work until the call returns.
    /// </summary>
    internal sealed class ModemSession : CoapChannel
    {
        private const int CloseTime = 1000;

        private readonly UdpModem _modem;
        private readonly DtlsClientEngine _engine;
        private readonly Association _association;
        private readonly byte[] _datagram;
        private int _opening;

        /// <param name="options">What the session is made of; no datagram of it is longer than the modem sends.</param>
        /// <param name="modem">Where its datagrams go.</param>
        internal ModemSession(DtlsOptions options, UdpModem modem)
        {
            if (options.Mtu > UdpModem.MaxDatagram)
            {
                options.Mtu = UdpModem.MaxDatagram;
            }

            _modem = modem;
            _engine = new DtlsClientEngine(options);
            _association = _engine.Association;
            _datagram = new byte[options.ReceiveSize];
        }

        internal override long Now
        {
            get { return _modem.Now; }
        }

        internal AssociationState State
        {
            get { return _association.State; }
        }

        /// <summary>Why the last handshake failed, or seems to.</summary>
        internal DtlsError LikelyError
        {
            get { return _association.LikelyError; }
        }

        /// <summary>The most bytes that a record takes.</summary>
        internal int MaxPayload
        {
            get { return _association.MaxPayload; }
        }

        /// <summary>
        /// Connects, within so many milliseconds and those that the modem takes for what it has begun with, half a minute at the most.
        /// False where it takes longer, and a further call goes on.
        /// </summary>
        /// <exception cref="DtlsException">The handshake failed; or the client is connected, and was not reset.</exception>
        internal bool Connect(int timeout)
        {
            long end = Now + timeout;
            _modem.Open(timeout);
            if (_association.State != AssociationState.Connecting)
            {
                Begin();
            }

            while (_association.State == AssociationState.Connecting)
            {
                if (_modem.Openings != _opening)
                {
                    // What the server has proven is another port's.
                    Begin();
                }

                Work(end);
                if (_association.State == AssociationState.Connecting && Now >= end)
                {
                    return false;
                }
            }

            if (_association.State != AssociationState.Connected)
            {
                throw new DtlsException(_association.LastError, _association.AlertSent, _association.AlertReceived, "The handshake failed.");
            }

            return true;
        }

        /// <summary>Sends a record. Without a socket that takes as long as the modem needs for one, up to <see cref="UdpModem.OpenTime"/>.</summary>
        internal override void Send(byte[] bytes, int count)
        {
            // The socket may have gone meanwhile; a record from the next one would be nobody's to the server.
            bool isOpen = _modem.Open(UdpModem.OpenTime);
            CheckPlace();
            _association.Send(bytes, 0, count, Now);
            if (isOpen)
            {
                Flush(Now + UdpModem.OpenTime);
                CheckPlace();
            }
        }

        /// <summary>Waits so many milliseconds for a record, longer only as <see cref="Connect"/> may; returns its length, or -1.</summary>
        internal override int Receive(byte[] buffer, int timeout)
        {
            long end = Now + timeout;
            while (true)
            {
                int length = _association.Receive(buffer, 0);
                if (length >= 0)
                {
                    return length;
                }

                if (Now >= end)
                {
                    return -1;
                }

                Work(end);
                CheckPlace();
            }
        }

        /// <summary>Forgets the session: the next one begins with a handshake.</summary>
        internal void Reset()
        {
            _engine.Reset();
        }

        /// <summary>Says good-bye to the server, and closes the socket.</summary>
        internal void Close()
        {
            _association.Close(CloseTime, Now);
            long end = Now + CloseTime;
            Flush(end);
            while (_association.State == AssociationState.Closing && Now < end)
            {
                Work(end);
            }

            _modem.Close();
        }

        /// <summary>
        /// Without connection IDs a server knows a session by where it comes from. From another port it is nobody's, and waiting for
        /// an answer takes a minute to find that out.
        /// </summary>
        private void CheckPlace()
        {
            if (_association.State == AssociationState.Connected && _modem.Openings != _opening)
            {
                _engine.Reset();
                throw new DtlsException(DtlsError.SessionClosed, "The modem has another socket, and the server does not know it.");
            }
        }

        /// <summary>Waits for a datagram, for the engine's time or for the caller's, and lets the engine do what it then has to.</summary>
        private void Work(long end)
        {
            Flush(end);
            long now = Now;
            long next = _engine.NextDeadline < end ? _engine.NextDeadline : end;
            int length = _modem.Receive(_datagram, next <= now ? 0 : (int)(next - now));
            if (length > _datagram.Length)
            {
                _engine.NoteTruncated();
            }
            else if (length > 0)
            {
                _engine.HandleDatagram(_datagram, 0, length, Now);
            }

            if (_engine.NextDeadline <= Now)
            {
                _engine.HandleTimeout(Now);
            }

            Flush(end);
            _engine.TakeEvents();
        }

        private void Begin()
        {
            _opening = _modem.Openings;
            _engine.Reset();
            _engine.Connect(Now);
        }

        private void Flush(long end)
        {
            for (Packet packet = _engine.PollDatagram(Now); packet != null; packet = _engine.PollDatagram(Now))
            {
                long left = end - Now;
                _modem.Send(packet.Buffer, packet.Offset, packet.Length, left <= 0 ? 0 : (int)left);
                packet.Return();
            }
        }
    }
}
