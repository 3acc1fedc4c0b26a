#nullable enable
using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Sockets
{
    /// <summary>
    /// Datagrams of a Linux socket: received in batches, and by one system call where it is to wait as long as a client or server
    /// mostly does. What fails is done again by .NET's socket, which says why.
    /// </summary>
    internal sealed class LinuxSocket : DatagramPort
    {
        private readonly Socket _socket;
        private readonly DatagramSocket _byItself;
        private readonly LinuxBatch _batch;
        private readonly LinuxBatch? _answer;
        private readonly LinuxLocals? _locals;
        private readonly IPEndPoint _local;
        private readonly bool _isOwned;
        private int _next;
        private bool _isBusy;

        /// <param name="socket">A bound socket.</param>
        /// <param name="isOwned">Whether nobody else uses it: an application's own is not read ahead, and its options stay.</param>
        /// <param name="places">Datagrams that are received at once at most.</param>
        /// <param name="size">Bytes of the longest datagram, and one more.</param>
        /// <param name="tellsAddress">Whether the socket tells where datagrams went to, so that answers come from there.</param>
        internal LinuxSocket(Socket socket, bool isOwned, int places, int size, bool tellsAddress)
        {
            _socket = socket;
            _isOwned = isOwned;
            _byItself = new DatagramSocket(socket);
            _local = (IPEndPoint)socket.LocalEndPoint!;
            _batch = new LinuxBatch(places, size, tellsAddress);
            _locals = tellsAddress ? new LinuxLocals() : null;
            _answer = tellsAddress ? new LinuxBatch(1, DtlsOptions.MaxMtu, true) : null;
            if (isOwned)
            {
                socket.ReceiveTimeout = UdpPort.LongestWait;
            }
        }

        public override IPEndPoint LocalEndPoint
        {
            get { return _local; }
        }

        /// <summary>Addresses of this machine that were asked.</summary>
        internal override int Locals
        {
            get { return _locals == null ? 0 : _locals.Count; }
        }

        public override int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds)
        {
            addressLength = 0;
            if (_next == _batch.Count)
            {
                int received = Fill(milliseconds);
                if (received <= 0)
                {
                    return received == 0 ? -1 : _byItself.Receive(buffer, address, out addressLength, 0);
                }
            }

            int index = _next++;
            int length = _batch.LengthOf(index);
            _batch.Buffer.AsSpan(_batch.OffsetOf(index), length).CopyTo(buffer);
            addressLength = _batch.WriteAddress(index, address);
            if (_locals != null && addressLength > 0)
            {
                UdpAddress.SetLocal(address, _locals.NumberOf(_batch.ControlOf(index)));
            }

            return length;
        }

        public override void Send(byte[] buffer, int offset, int count, byte[] address)
        {
            int local = UdpAddress.LocalOf(address);
            if (_answer != null && local > 0 && SendFrom(local, buffer.AsSpan(offset, count), address))
            {
                return;
            }

            if (LinuxBatch.Send(_socket.SafeHandle, buffer.AsSpan(offset, count), address) == 0)
            {
                return;
            }

            _byItself.Send(buffer, offset, count, address);
        }

        internal override void Close()
        {
            _socket.Close();
        }

        // From one of the machine's addresses; false where that cannot be, as it has that one no more.
        private bool SendFrom(int local, ReadOnlySpan<byte> datagram, byte[] address)
        {
            _answer!.Clear();
            _answer.Add(datagram, address, _locals!.ControlOf(local));
            return _answer.Send(_socket.SafeHandle, 0) == 1;
        }

        // Returns how many came, 0 where none did in time, less where something failed.
        private int Fill(int milliseconds)
        {
            _next = 0;
            _batch.Clear();
            bool waitsByItself = _isOwned && milliseconds == UdpPort.LongestWait;
            if (!waitsByItself && !_isBusy && milliseconds > 0 && !_socket.Poll(milliseconds * 1000, SelectMode.SelectRead))
            {
                return 0;
            }

            int received = _batch.Receive(_socket.SafeHandle, waitsByItself);
            if (LinuxCalls.IsNothing(received) && !waitsByItself && _isBusy && milliseconds > 0)
            {
                _isBusy = false;
                return Fill(milliseconds);
            }

            _isBusy = received > 1;
            return LinuxCalls.IsNothing(received) ? 0 : received;
        }
    }
}
