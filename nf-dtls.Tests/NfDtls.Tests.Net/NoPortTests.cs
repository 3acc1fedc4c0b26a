using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>Datagrams from port 0, which nobody can be answered at.</summary>
[TestClass]
public sealed class NoPortTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_hello_from_port_0_is_dropped_and_counted_and_nothing_is_sent_there(bool useOne)
    {
        bool was = ListenerSockets.UseOne;
        try
        {
            ListenerSockets.UseOne = useOne;
            await using DtlsListener listener = await Ends.ListenAsync();
            byte[] hello = await HelloAsync();
            NoPort.Send(hello, listener.LocalEndPoint.Port);
            NoPort.Send(hello, listener.LocalEndPoint.Port);

            // Behind the two of port 0, and so they have been looked at.
            using Socket client = Bound();
            await client.SendToAsync(hello, listener.LocalEndPoint);
            Assert.IsGreaterThan(0, await client.ReceiveAsync(new byte[2000]).WaitAsync(Ends.Patience));
            DtlsListenerStatistics counted = listener.GetStatistics();
            Assert.AreEqual(1, counted.CookiesSent);
            Assert.AreEqual(2, counted.RecordsDropped);
            Assert.AreEqual(3, counted.DatagramsReceived);
            Assert.AreEqual(0, counted.DatagramsLost);
        }
        finally
        {
            ListenerSockets.UseOne = was;
        }
    }

    private static async Task<byte[]> HelloAsync()
    {
        using Socket nobody = Bound();
        using CancellationTokenSource cancel = new();
        Task<DtlsConnection> connecting = DtlsConnection.ConnectAsync(Ends.ClientOptions((IPEndPoint)nobody.LocalEndPoint!), cancel.Token).AsTask();
        byte[] buffer = new byte[2000];
        int length = await nobody.ReceiveAsync(buffer).WaitAsync(Ends.Patience);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => connecting);
        return buffer.AsSpan(0, length).ToArray();
    }

    private static Socket Bound()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
