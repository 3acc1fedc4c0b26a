using System.Net;
using System.Net.Sockets;

namespace NfDtls.Sockets
{
    /// <summary>
    /// Peers' addresses as the bytes that the engine keeps: family (1), port (2), address (4 or 16), for IPv6 also the scope
    /// (4); all big-endian. Where a server has several addresses, the family byte also tells which of them the peer talks to:
    /// 8 + 2 * (number - 1), and 1 more for IPv6; numbers begin with 1.
    /// </summary>
    internal static class UdpAddress
    {
        internal const int Ipv4 = 4;
        internal const int Ipv6 = 6;
        internal const int Ipv4Length = 7;
        internal const int Ipv6Length = 23;
        internal const int MaxLength = 23;
        internal const int MaxLocals = 124;
        private const int FirstLocal = 8;

        /// <summary>The family, 4 or 6.</summary>
        internal static int FamilyOf(byte[] address)
        {
            if (address[0] < FirstLocal)
            {
                return address[0];
            }

            return (address[0] & 1) == 0 ? Ipv4 : Ipv6;
        }

        /// <summary>The number of the own address that the peer talks to, 0 for none in particular.</summary>
        internal static int LocalOf(byte[] address)
        {
            return address[0] < FirstLocal ? 0 : ((address[0] - FirstLocal) >> 1) + 1;
        }

        /// <summary>Sets that number, 0 to <see cref="MaxLocals"/>.</summary>
        internal static void SetLocal(byte[] address, int local)
        {
            int family = FamilyOf(address);
            if (local == 0)
            {
                address[0] = (byte)family;
            }
            else
            {
                address[0] = (byte)(FirstLocal + ((local - 1) << 1) + (family == Ipv4 ? 0 : 1));
            }
        }

        /// <summary>Writes an end point; returns the bytes that it took.</summary>
        internal static int Write(IPEndPoint endPoint, byte[] destination)
        {
            byte[] bytes = endPoint.Address.GetAddressBytes();
            destination[1] = (byte)(endPoint.Port >> 8);
            destination[2] = (byte)endPoint.Port;
            for (int i = 0; i < bytes.Length; i++)
            {
                destination[3 + i] = bytes[i];
            }

            if (bytes.Length == 4)
            {
                destination[0] = Ipv4;
                return Ipv4Length;
            }

            destination[0] = Ipv6;
            long scope = endPoint.Address.ScopeId;
            destination[19] = (byte)(scope >> 24);
            destination[20] = (byte)(scope >> 16);
            destination[21] = (byte)(scope >> 8);
            destination[22] = (byte)scope;
            return Ipv6Length;
        }

        /// <summary>As <see cref="Write"/>, for a socket that may be of IPv6 alone: it knows an IPv4 peer as a mapped address.</summary>
        internal static int WriteFor(IPEndPoint endPoint, bool isIpv6, byte[] destination)
        {
            if (isIpv6 && endPoint.Address.AddressFamily == AddressFamily.InterNetwork)
            {
                return Write(new IPEndPoint(endPoint.Address.MapToIPv6(), endPoint.Port), destination);
            }

            return Write(endPoint, destination);
        }

        /// <summary>Makes the end point of an address.</summary>
        internal static IPEndPoint Read(byte[] source)
        {
            int port = source[1] << 8 | source[2];
            byte[] bytes = new byte[FamilyOf(source) == Ipv4 ? 4 : 16];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = source[3 + i];
            }

            if (bytes.Length == 4)
            {
                return new IPEndPoint(new IPAddress(bytes), port);
            }

            long scope = (long)source[19] << 24 | (long)source[20] << 16 | (long)source[21] << 8 | (long)source[22];
            return new IPEndPoint(new IPAddress(bytes, scope), port);
        }

        internal static bool AreEqual(byte[] a, byte[] b, int length)
        {
            for (int i = 0; i < length; i++)
            {
                if (a[i] != b[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Whether a datagram from <paramref name="sender"/> is one of the peer's. A peer without a scope is in any, and so is a
        /// sender: systems tell the scope of link-local addresses alone, whatever was asked for.
        /// </summary>
        internal static bool IsFrom(byte[] peer, int peerLength, byte[] sender, int senderLength)
        {
            if (peerLength != senderLength)
            {
                return false;
            }

            bool anyScope = FamilyOf(peer) == Ipv6 && (HasNoScope(peer) || HasNoScope(sender));
            return AreEqual(peer, sender, anyScope ? 19 : peerLength);
        }

        private static bool HasNoScope(byte[] address)
        {
            return (address[19] | address[20] | address[21] | address[22]) == 0;
        }

        /// <summary>Checks that an end point can be a peer's.</summary>
        internal static void CheckPeer(IPEndPoint peer)
        {
            if (peer == null)
            {
                throw new System.ArgumentNullException("peer");
            }

            if (peer.Port < 1 || peer.Port > 65535)
            {
                throw new System.ArgumentException("A peer's port is 1 to 65535, not " + peer.Port.ToString() + ".", "peer");
            }
        }
    }
}
