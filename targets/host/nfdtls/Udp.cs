using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Tool;

internal static class Udp
{
    /// <summary>A UDP socket bound to an end point; says so when that is taken.</summary>
    public static Socket Bind(IPEndPoint local)
    {
        Socket socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = 1 << 20;
            socket.Bind(local);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ToolException(ExitCode.Unclean, $"UDP port {local.Port} of {local.Address} cannot be had: {e.Message}.");
        }
    }

    /// <summary>Any port of a family.</summary>
    public static IPEndPoint Any(AddressFamily family)
    {
        return new IPEndPoint(family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
    }

    /// <summary>A host as a certificate names it: the zone of an address (fe80::1%eth0) is this machine's own business.</summary>
    public static string WithoutZone(string host)
    {
        int zone = host.IndexOf('%');
        return zone > 0 && IPAddress.TryParse(host[..zone], out _) ? host[..zone] : host;
    }

    /// <summary>The address that an option names.</summary>
    public static IPAddress Address(string text, string option)
    {
        return IPAddress.TryParse(text, out IPAddress? address) ? address : throw ToolException.Usage($"{option} must be an IP address of this machine, not {text}.");
    }

    /// <summary>The address of a host; of a name's addresses the first of IPv4, else the first.</summary>
    public static IPAddress Resolve(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return address;
        }

        try
        {
            IPAddress[] all = Dns.GetHostAddresses(host);
            return Array.Find(all, a => a.AddressFamily == AddressFamily.InterNetwork)
                ?? (all.Length > 0 ? all[0] : throw new SocketException((int)SocketError.HostNotFound));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new ToolException(ExitCode.HandshakeFailed, $"{host} has no address: {e.Message}.");
        }
    }
}
