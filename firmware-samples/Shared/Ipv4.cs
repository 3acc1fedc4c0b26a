using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Samples
{
    /// <summary>Addresses of the kind that every board's network has.</summary>
    internal static class Ipv4
    {
        /// <summary>The first IPv4 address of a host, by its name or by that address.</summary>
        /// <exception cref="InvalidOperationException">It has none; what the system says of a name that is unknown is another one.</exception>
        internal static IPAddress Resolve(string host)
        {
            IPAddress[] addresses = Dns.GetHostEntry(host).AddressList;
            for (int i = 0; i < addresses.Length; i++)
            {
                if (addresses[i].AddressFamily == AddressFamily.InterNetwork)
                {
                    return addresses[i];
                }
            }

            throw new InvalidOperationException(host + " has no IPv4 address");
        }
    }
}
