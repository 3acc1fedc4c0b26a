using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Samples;

/// <summary>A server of SNTP on loopback that answers as it is told. How often it is asked is the sample's affair and the machine's.</summary>
internal sealed class TimeServer : IDisposable
{
    private const int Length = 48;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private volatile Func<byte[], byte[][]> _answers;

    internal TimeServer(Func<byte[], byte[][]> answers)
    {
        _answers = answers;
        Port = FreePorts.Udp();
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        new Thread(Serve) { IsBackground = true }.Start();
    }

    internal int Port { get; }

    /// <summary>From now on it answers so.</summary>
    internal void Turn(Func<byte[], byte[][]> answers)
    {
        _answers = answers;
    }

    /// <summary>As the sample takes it.</summary>
    internal string Name
    {
        get { return "127.0.0.1:" + Port; }
    }

    internal static byte[][] Now(byte[] request)
    {
        return [Answer(request, DateTimeOffset.UtcNow)];
    }

    /// <summary>An answer that knows the request, and tells this time.</summary>
    internal static byte[] Answer(byte[] request, DateTimeOffset time)
    {
        byte[] answer = new byte[Length];
        answer[0] = 0x24;
        answer[1] = 2;
        request.AsSpan(40, 8).CopyTo(answer.AsSpan(24));
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(40), unchecked((uint)(time.ToUnixTimeSeconds() + 2208988800)));
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(44), 0x80000000);
        return answer;
    }

    /// <summary>A kiss-o'-death (RFC 4330 section 8).</summary>
    internal static byte[] Kiss(byte[] request, string code)
    {
        byte[] answer = Answer(request, DateTimeOffset.UtcNow);
        answer[1] = 0;
        Encoding.ASCII.GetBytes(code).CopyTo(answer, 12);
        return answer;
    }

    /// <summary>An answer with another value in one byte.</summary>
    internal static byte[] With(byte[] answer, int index, byte value)
    {
        answer[index] = value;
        return answer;
    }

    public void Dispose()
    {
        _socket.Dispose();
    }

    private void Serve()
    {
        byte[] buffer = new byte[1000];
        EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                int length = _socket.ReceiveFrom(buffer, ref sender);
                byte[] request = buffer[..length];
                bool isRequest = length == Length && request[0] == 0x23;
                foreach (byte[] answer in isRequest ? _answers(request) : [])
                {
                    _socket.SendTo(answer, sender);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
