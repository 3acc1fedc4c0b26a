using System;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;
using NfDtls.Sockets;

namespace NfDtls.Tests.Net;

/// <summary>What a capture at the sender has of datagrams that leave as one: they stand there as one.</summary>
[TestClass]
public sealed class SegmentTests
{
    private const int MaxDatagramSize = 400;

    // Linux's numbers: SOL_UDP, UDP_GRO. A socket that has it is given what left as one as it left, on the loopback device.
    private const int UdpLevel = 17;
    private const int Coalesced = 104;

    [TestMethod]
    [DataRow(false, true, true)]
    [DataRow(true, true, false)]
    [DataRow(false, false, false)]
    public async Task Datagrams_leave_as_one_but_not_where_keys_are_logged_or_the_switch_is_off(bool isLogged, bool isOn, bool leavesAsOne)
    {
        if (!LinuxCalls.AreThere)
        {
            Assert.Inconclusive("This is not Linux of 64 bits.");
        }

        using Certified authority = new();
        using X509Certificate2 certificate = authority.Server("CN=" + Certified.ServerName + ",O=" + new string('x', 1500));
        AppContext.SetSwitch(LinuxCalls.SegmentSwitch, isOn);
        try
        {
            await using DtlsListener listener = await Ends.ListenAsync(options =>
            {
                options.PskCallback = null;
                options.Certificates = [certificate];
                options.MaxDatagramSize = MaxDatagramSize;
                options.ConfigureEngine = engine => engine.KeyLog = isLogged ? new NoLog() : null;
            });
            if (!LinuxCalls.HasSegments(listener.ShardAt(0).Socket.SafeHandle))
            {
                Assert.Inconclusive("This system makes no segments.");
            }

            using Tap tap = new(listener.LocalEndPoint);
            using CancellationTokenSource cancel = new();
            DtlsClientOptions client = Ends.ClientOptions(tap.LocalEndPoint);
            client.Psk = null;
            client.TrustedCertificates = [authority.Root];
            client.TargetHost = Certified.ServerName;
            Task<DtlsConnection> connecting = DtlsConnection.ConnectAsync(client, cancel.Token).AsTask();
            if (leavesAsOne)
            {
                await tap.Together.WaitAsync(Ends.Patience);
                await cancel.CancelAsync();
                await Assert.ThrowsAsync<OperationCanceledException>(() => connecting);
                return;
            }

            await Task.WhenAny(connecting, tap.Together).WaitAsync(Ends.Patience);
            Assert.IsFalse(tap.Together.IsCompleted, "Datagrams left as one.");
            await using DtlsConnection connected = await connecting;
        }
        finally
        {
            AppContext.SetSwitch(LinuxCalls.SegmentSwitch, true);
        }
    }

    /// <summary>Between a client and a server; gets the server's datagrams as they left.</summary>
    private sealed class Tap : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly TaskCompletionSource _together = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _passing;

        public Tap(IPEndPoint server)
        {
            _socket.SetRawSocketOption(UdpLevel, Coalesced, BitConverter.GetBytes(1));
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _passing = PassAsync(server);
        }

        public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

        /// <summary>Ends when datagrams have come as one.</summary>
        public Task Together => _together.Task;

        public void Dispose()
        {
            _socket.Dispose();
            Assert.IsTrue(_passing.Wait(Ends.Patience));
        }

        private async Task PassAsync(IPEndPoint server)
        {
            byte[] buffer = new byte[ushort.MaxValue];
            EndPoint client = server;
            try
            {
                while (true)
                {
                    SocketReceiveFromResult received = await _socket.ReceiveFromAsync(buffer, server);
                    bool isServers = received.RemoteEndPoint.Equals(server);
                    client = isServers ? client : received.RemoteEndPoint;
                    if (isServers && received.ReceivedBytes > MaxDatagramSize)
                    {
                        _together.TrySetResult();
                    }

                    await _socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), isServers ? client : server);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }

    private sealed class NoLog : KeyLog
    {
        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
        }
    }
}
