using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>A client's socket is connected, so it is told (ICMP) that nobody listens: anybody can say so, and it may pass.</summary>
[TestClass]
public sealed class UnreachableTests
{
    [TestMethod]
    public async Task A_connection_goes_on_when_nobody_listened_for_a_while_and_what_is_sent_then_goes()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("How a port is closed to one peer is known of Linux alone.");
        }

        await using DtlsListener listener = await Ends.ListenAsync();
        using Relay relay = new(listener.LocalEndPoint);
        await using DtlsConnection client = await DtlsConnection.ConnectAsync(Ends.ClientOptions(relay.EndPoint)).AsTask().WaitAsync(Ends.Patience);
        DtlsConnection server = await listener.AcceptConnectionAsync().AsTask().WaitAsync(Ends.Patience);
        for (int round = 0; round < 10; round++)
        {
            relay.Shut();
            await Ends.SendAsync(client, "to nobody");
            await Ends.SendAsync(client, "to nobody either");
            relay.Open();
            await Ends.SendAsync(client, "round " + round);
            Assert.AreEqual("round " + round, await Ends.ReceiveAsync(server));
        }
    }

    /// <summary>Hands datagrams on between one client and the listener, and shuts its port to the client at times.</summary>
    private sealed class Relay : IDisposable
    {
        private readonly Socket _port = Bound();
        private readonly Socket _behind = Bound();
        private EndPoint? _client;

        internal Relay(IPEndPoint listener)
        {
            EndPoint = (IPEndPoint)_port.LocalEndPoint!;
            _behind.Connect(listener);
            _ = HandOnAsync(_port, async datagram => await _behind.SendAsync(datagram));
            _ = HandOnAsync(_behind, async datagram => await _port.SendToAsync(datagram, _client!));
        }

        internal IPEndPoint EndPoint { get; }

        /// <summary>A socket that is connected to another has no port for the client.</summary>
        internal void Shut()
        {
            _port.Connect(_behind.LocalEndPoint!);
        }

        internal void Open()
        {
            _port.Connect(_client!);
        }

        public void Dispose()
        {
            _port.Dispose();
            _behind.Dispose();
        }

        private static Socket Bound()
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }

        private async Task HandOnAsync(Socket from, Func<ReadOnlyMemory<byte>, Task> handOn)
        {
            byte[] buffer = new byte[2000];
            try
            {
                while (true)
                {
                    SocketReceiveFromResult received = await from.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                    _client = from == _port ? received.RemoteEndPoint : _client;
                    await handOn(buffer.AsMemory(0, received.ReceivedBytes));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
