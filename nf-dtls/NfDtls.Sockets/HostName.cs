using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Sockets
{
    /// <summary>From a host's name, or its address in text, to an address.</summary>
    internal static class HostName
    {
        /// <summary>
        /// The first address that a socket can reach: of the preferred kind of IP if there is one, else of the other. Asks the
        /// system, and so waits.
        /// </summary>
        /// <param name="host">A name, or an address in text.</param>
        /// <param name="prefersIpv6">Whether IPv6 comes first.</param>
        /// <param name="mustPrefer">Whether there is no other choice.</param>
        /// <exception cref="DtlsException">SocketError: the name is not known, or has no such address.</exception>
        internal static IPAddress Resolve(string host, bool prefersIpv6, bool mustPrefer)
        {
            IPAddress[] addresses = Ask(host);
            AddressFamily preferred = prefersIpv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
            IPAddress other = null;
            for (int i = 0; i < addresses.Length; i++)
            {
                if (addresses[i] != null && addresses[i].AddressFamily == preferred)
                {
                    return addresses[i];
                }

                other = other == null ? addresses[i] : other;
            }

            if (other == null || mustPrefer)
            {
                throw new DtlsException(DtlsError.SocketError, host + " has no address of IPv" + (prefersIpv6 ? "6." : mustPrefer ? "4." : "4 or IPv6."));
            }

            return other;
        }

        private static IPAddress[] Ask(string host)
        {
            try
            {
                return Platform.Resolve(host);
            }
            catch (SocketException e)
            {
                throw new DtlsException(DtlsError.SocketError, "The address of " + host + " is not known: " + Platform.Reason(e) + ".", e);
            }
            catch (ArgumentException e)
            {
                throw new DtlsException(DtlsError.SocketError, "The address of " + host + " is not known: " + e.Message, e);
            }
        }
    }
}
