using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

internal static class Check
{
    /// <summary>Sends a text, and wants it back as the next record.</summary>
    public static void Echo(DtlsClient client, string text)
    {
        client.Send(Setup.Bytes(text));
        Assert.AreEqual(text, Receive(client));
    }

    public static string Receive(DtlsClient client)
    {
        byte[] buffer = new byte[DtlsOptions.MaxMtu];
        int count = client.Receive(buffer, 0, Setup.Patience);
        Assert.IsTrue(count >= 0, "no record comes");
        return Encoding.UTF8.GetString(buffer, 0, count);
    }

    public static string Receive(DtlsSession session)
    {
        byte[] buffer = new byte[DtlsOptions.MaxMtu];
        int count = session.Receive(buffer, 0, Setup.Patience);
        Assert.IsTrue(count >= 0, "no record comes");
        return Encoding.UTF8.GetString(buffer, 0, count);
    }

    /// <summary>Every packet comes back in the end.</summary>
    public static void Whole(PacketPool pool)
    {
        Setup.Until(() => pool.Available == pool.Count, "a whole pool");
    }

    /// <summary>A peer that never answers.</summary>
    public static Socket SilentSocket()
    {
        Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(Setup.Loopback(0));
        return socket;
    }
}
