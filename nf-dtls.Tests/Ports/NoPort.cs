using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests;

/// <summary>Datagrams from port 0, which nobody can be answered at, and which Linux delivers all the same.</summary>
internal static class NoPort
{
    /// <summary>Sends one of them from 127.0.0.1, with no checksum. Takes the right to write headers; without it the test is inconclusive.</summary>
    internal static void Send(ReadOnlySpan<byte> datagram, int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("Other systems may not deliver datagrams from port 0.");
        }

        byte[] packet = new byte[8 + datagram.Length];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)packet.Length);
        datagram.CopyTo(packet.AsSpan(8));
        using Socket socket = Open();
        socket.SendTo(packet, new IPEndPoint(IPAddress.Loopback, 0));
    }

    private static Socket Open()
    {
        try
        {
            Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }
        catch (SocketException e)
        {
            throw new AssertInconclusiveException("Nobody may write headers of UDP here: " + e.Message);
        }
    }
}
