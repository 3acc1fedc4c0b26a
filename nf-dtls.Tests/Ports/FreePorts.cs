using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace NfDtls.Tests;

/// <summary>
/// Ports that are free on every address, and stay so until whoever asked has them. They are below those that a system gives to whoever wants
/// any (from 32,768 on, 49,152 on Windows). Whether one is free is seen by taking it for a moment, and that moment may be another program's
/// in which it wants a port that it was given: so each process of tests has a block of ports for itself, for as long as it runs.
/// </summary>
internal static class FreePorts
{
    private const int Lowest = 20_000;
    private const int Blocks = 20;
    private const int PortsOfBlock = 600;

    private static readonly Block s_block = TakeBlock();
    private static int s_next;

    /// <summary>A UDP port; the one behind it is free as well, for programs that take two.</summary>
    internal static int Udp()
    {
        while (true)
        {
            int port = Lowest + (s_block.Number * PortsOfBlock) + (int)(2 * (uint)Interlocked.Increment(ref s_next) % PortsOfBlock);
            if (IsFree(port, SocketType.Dgram, ProtocolType.Udp) && IsFree(port + 1, SocketType.Dgram, ProtocolType.Udp))
            {
                return port;
            }
        }
    }

    /// <summary>A TCP port.</summary>
    internal static int Tcp()
    {
        while (true)
        {
            int port = Udp();
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        try
        {
            using Socket four = new(AddressFamily.InterNetwork, type, protocol);
            four.Bind(new IPEndPoint(IPAddress.Any, port));
            if (Socket.OSSupportsIPv6)
            {
                using Socket six = new(AddressFamily.InterNetworkV6, type, protocol);
                six.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Takes a block that no other process has; where all are taken, any.</summary>
    private static Block TakeBlock()
    {
        string folder = Path.Combine(Path.GetTempPath(), "nfdtls-ports");
        int first = Random.Shared.Next(Blocks);
        for (int i = 0; i < Blocks; i++)
        {
            int number = (first + i) % Blocks;
            try
            {
                Directory.CreateDirectory(folder);
                string path = Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture));
                return new Block(number, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another process has it, maybe another user's.
            }
        }

        return new Block(first, null);
    }

    /// <summary>A block, and the file that is open, and so locked, as long as the process lives.</summary>
    private sealed record Block(int Number, FileStream? Lock);
}
