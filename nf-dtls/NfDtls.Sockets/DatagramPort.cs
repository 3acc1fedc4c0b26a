using System.Net;

namespace NfDtls.Sockets
{
    /// <summary>
    /// Where datagrams come from and go to in place of a socket: a modem, an emulator's network in memory, a test. It serves
    /// one client, or one server until Stop has returned. One thread at a time receives, the client's or server's own or a caller's
    /// who waits; another may send and wake at the same moment. Addresses are bytes: family (1 byte, 4 or 6), port (2), address (4 or 16), for IPv6 also the scope (4); all
    /// big-endian.
    /// </summary>
    public abstract class DatagramPort
    {
        /// <summary>Bytes of an IPv4 address in this form.</summary>
        public const int Ipv4Length = UdpAddress.Ipv4Length;
        /// <summary>Bytes of an IPv6 address in this form.</summary>
        public const int Ipv6Length = UdpAddress.Ipv6Length;

        /// <summary>The port's own address. Of IPv6, it is taken to reach IPv4 too, by mapped addresses.</summary>
        public abstract IPEndPoint LocalEndPoint { get; }

        /// <summary>
        /// Waits for a datagram and copies it; of one that is longer than the buffer, as much as there is room for. What it
        /// throws is reported as Error(SocketError), once until it works again.
        /// </summary>
        /// <param name="buffer">Where the datagram goes, from its first byte on; one byte longer than the longest that is allowed.</param>
        /// <param name="address">Where the sender's address goes: 23 bytes.</param>
        /// <param name="addressLength">Bytes of that address.</param>
        /// <param name="milliseconds">How long to wait at most; 0 not at all.</param>
        /// <returns>Bytes copied, or -1 when the time is over, or where <see cref="Wake"/> was called.</returns>
        public abstract int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds);

        /// <summary>
        /// Sends a datagram, or loses it: must not wait, call back or keep the buffer, as it is called under the client's or
        /// server's lock. What it throws loses the datagram, is counted (<see cref="DtlsStatistics.SendErrors"/>) and reported as
        /// Error(SocketError), once until a datagram goes again; a SocketException with MessageSize says that it was too long.
        /// </summary>
        public abstract void Send(byte[] buffer, int offset, int count, byte[] address);

        /// <summary>
        /// Makes the <see cref="Receive"/> that waits return, or else the next one: something changed. Where it does nothing, as
        /// by default, the change is noticed after 50 ms. Called under the lock, as <see cref="Send"/> is.
        /// </summary>
        public virtual void Wake()
        {
        }

        /// <summary>How many addresses of its own the port tells apart; peers' addresses then hold the number of one, from 1 on.</summary>
        internal virtual int Locals
        {
            get { return 0; }
        }

        /// <summary>Gives back what the port was made of, if the client or server made it.</summary>
        internal virtual void Close()
        {
        }
    }
}
