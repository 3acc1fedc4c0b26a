using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>Ports that fail: a datagram is lost, the cause is told once, and nothing hangs.</summary>
[TestClass]
public class FaultTests
{
    private readonly MemoryNetwork _network = new MemoryNetwork(1, 0);

    [TestMethod]
    [DataRow("Send")]
    [DataRow("Receive")]
    [DataRow("any")]
    public void A_client_whose_port_throws_ends_its_handshake_and_names_the_cause(string where)
    {
        using DtlsServer server = Echoing(_network.Bind(5684));
        OddPort port = new OddPort(_network.Bind(40_000));
        using DtlsClient client = new DtlsClient(Hasty(), port);
        ConcurrentQueue<(DtlsError Error, Exception Cause)> told = Listen(client);
        foreach (Exception fault in new Exception[] { new NotSupportedException("The modem is gone."), new SocketException((int)SocketError.NetworkDown) })
        {
            port.Break(where, fault);
            DtlsException e = Setup.Fails(DtlsError.SocketError, () => client.Connect(Stage.Address, Setup.Patience));
            Assert.AreSame(fault, e.InnerException);
            StringAssert.Contains(e.Message, fault.Message);
            Assert.AreEqual(AssociationState.Closed, client.State);
            Assert.AreEqual(DtlsError.SocketError, client.LastError);
            Setup.Until(() => !told.IsEmpty, "Error");
            Assert.IsTrue(told.TryDequeue(out (DtlsError Error, Exception Cause) first));
            Assert.AreEqual(DtlsError.SocketError, first.Error);
            Assert.AreSame(fault, first.Cause.InnerException ?? first.Cause);
            Assert.IsTrue(told.IsEmpty, "It is told once.");
        }

        Assert.AreEqual(where == "Receive", client.Statistics.SendErrors == 0);
        Assert.AreEqual(where != "Receive", client.Statistics.DatagramsSent == 0, "What was not sent is not counted as sent.");
        Setup.Whole(client.Pool);
        port.Break(null);

        // Its tries are over soon, and on a busy machine before the server has had its turn.
        Setup.Until(() => Connects(client), "a connection");
        Echo(client, 10);
    }

    [TestMethod]
    public void What_fails_while_a_connection_lives_is_told_and_the_connection_goes_on()
    {
        using DtlsServer server = Echoing(_network.Bind(5684));
        OddPort port = new OddPort(_network.Bind(40_000));
        using DtlsClient client = new DtlsClient(Setup.HostOptions(), port);
        ConcurrentQueue<(DtlsError Error, Exception Cause)> told = Listen(client);
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
        for (int i = 1; i <= 2; i++)
        {
            SocketException fault = new SocketException((int)SocketError.NetworkDown);
            port.Break("Send", fault);
            client.Send(new byte[1]);
            client.Send(new byte[1]);
            port.Break(null);
            Setup.Until(() => told.Count == i, "Error");
            Assert.AreSame(fault, told.Last().Cause.InnerException);
            StringAssert.Contains(told.Last().Cause.Message, Stage.Address.ToString());
            Assert.AreEqual(2 * i, client.Statistics.SendErrors);
            Echo(client, 10);
        }

        Assert.AreEqual(AssociationState.Connected, client.State);
    }

    [TestMethod]
    public void A_port_that_cannot_even_be_woken_is_left()
    {
        DtlsServer server = new DtlsServer(Setup.HostOptions());
        OddPort ofServer = new OddPort(_network.Bind(5684));
        server.Start(ofServer);
        OddPort ofClient = new OddPort(_network.Bind(40_000));
        DtlsClient client = new DtlsClient(Setup.HostOptions(), ofClient);
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
        ofServer.Break("Wake", new NotSupportedException());
        ofClient.Break("Wake", new NotSupportedException());
        client.Close(0);
        client.Dispose();
        server.Stop();
        server.Dispose();
        Assert.IsTrue(_network.Threads.All(thread => thread.Join(Setup.Patience)), "A thread is left.");
        Setup.Whole(server.Pool);
        Setup.Whole(client.Pool);
    }

    [TestMethod]
    public void A_port_without_an_address_is_refused_and_leaves_nothing_behind()
    {
        OddPort port = new OddPort(_network.Bind(40_000));
        port.Break("LocalEndPoint", new NotSupportedException("no address"));
        Assert.ThrowsExactly<NotSupportedException>(() => new DtlsClient(Setup.HostOptions(), port));
        using DtlsServer server = new DtlsServer(Setup.HostOptions());
        Assert.ThrowsExactly<NotSupportedException>(() => server.Start(port));
        Assert.IsFalse(server.IsRunning);
        port.Break(null);
        server.Start(port);
        Assert.IsTrue(server.IsRunning);
    }

    [TestMethod]
    public void What_a_port_says_of_a_datagram_is_checked_and_harms_nothing()
    {
        using DtlsServer server = Echoing(_network.Bind(5684));
        OddPort port = new OddPort(_network.Bind(40_000));
        using DtlsClient client = new DtlsClient(Hasty(), port);
        ConcurrentQueue<(DtlsError Error, Exception Cause)> told = Listen(client);
        port.Break("its answers", null);
        while (port.Thrown == 0)
        {
            Assert.ThrowsExactly<DtlsException>(() => client.Connect(Stage.Address, Setup.Patience));
        }

        Setup.Until(() => !told.IsEmpty, "Error");
        StringAssert.Contains(told.First().Cause.Message, "99");
        port.Break(null);
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
        Echo(client, 10);
    }

    [TestMethod]
    public void A_server_whose_port_refuses_to_send_tells_it_once_and_serves_when_it_sends_again()
    {
        OddPort port = new OddPort(_network.Bind(5684));
        using DtlsServer server = new DtlsServer(Hasty());
        ConcurrentQueue<(DtlsError Error, Exception Cause)> told = new();
        server.Error += (_, error) => told.Enqueue((error.Error, error.InnerException!));
        port.Break("Send", new NotSupportedException("The modem is gone."));
        server.Start(port);
        using DtlsClient client = new DtlsClient(Setup.HostOptions(), _network.Bind(40_000));
        client.Connect(Stage.Address, 0);
        Setup.Until(() => told.Count == 1, "Error");
        Assert.AreEqual(DtlsError.SocketError, told.Single().Error);
        StringAssert.Contains(told.Single().Cause.Message, "10.0.0.1:40000");
        StringAssert.Contains(told.Single().Cause.Message, "The modem is gone.");
        Assert.IsTrue(server.Statistics.SendErrors >= 1);
        Assert.AreEqual(0, server.Statistics.DatagramsSent);
        port.Break(null);
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
    }

    [TestMethod]
    public void A_record_that_is_too_long_for_the_network_is_told_to_the_sender_and_the_next_one_goes()
    {
        OddPort ofServer = new OddPort(_network.Bind(5684));
        DtlsSession? session = null;
        using DtlsServer server = Echoing(ofServer);
        server.Connected += one => session = one;
        OddPort ofClient = new OddPort(_network.Bind(40_000));
        using DtlsClient client = new DtlsClient(Setup.HostOptions(), ofClient);
        ConcurrentQueue<(DtlsError Error, Exception Cause)> told = Listen(client);
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
        Setup.Until(() => session != null, "Connected");
        ofClient.Longest = 600;
        ofServer.Longest = 600;
        Packet packet = client.Pool.Rent();
        packet.Append(new byte[700], 0, 700);
        foreach (Action send in new Action[] { () => client.Send(new byte[1000]), () => client.Send(packet), () => session!.Send(new byte[1000]) })
        {
            DtlsException e = Setup.Fails(DtlsError.MessageTooLarge, send);
            StringAssert.Contains(e.Message, " bytes, which is more than the network takes");
        }

        // Steps of the path MTU: 1,232, 900, 548.
        Assert.AreEqual(548, client.PathMtu);
        Assert.AreEqual(900, session!.PathMtu);
        Setup.Fails(DtlsError.MessageTooLarge, () => session.Send(new byte[700]));
        Assert.AreEqual(548, session.PathMtu);
        Echo(client, client.MaxPayload);
        Assert.ThrowsExactly<ArgumentException>(() => client.Send(new byte[client.MaxPayload + 1]));

        Assert.AreEqual(2, client.Statistics.SendErrors);
        Assert.AreEqual(2, server.Statistics.SendErrors);
        Setup.Until(() => told.Count == 1, "Error");
        Assert.AreEqual(SocketError.MessageSize, (told.Single().Cause.InnerException as SocketException)?.SocketErrorCode);
        Setup.Whole(client.Pool);
    }

    [TestMethod]
    public void A_handshake_whose_datagrams_are_too_long_for_the_network_makes_them_smaller_at_once()
    {
        OddPort ofServer = new OddPort(_network.Bind(5684)) { Longest = 240 };
        OddPort ofClient = new OddPort(_network.Bind(40_000)) { Longest = 300 };
        DtlsOptions options = Setup.HostOptions();
        options.PskHint = new byte[128];
        Array.Fill(options.PskHint, (byte)'x');
        options.RetransmitTimeout = 60_000;
        DtlsOptions ofClients = Setup.HostOptions();
        ofClients.RetransmitTimeout = 60_000;
        using DtlsServer server = new DtlsServer(options);
        server.Start(ofServer);
        using DtlsClient client = new DtlsClient(ofClients, ofClient);
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
        Assert.AreEqual(0, client.Statistics.Retransmissions);
        Assert.AreEqual(0, server.Statistics.Retransmissions);
        Assert.IsTrue(server.Statistics.SendErrors > 0);
        Assert.AreEqual(228, server.At(0).PathMtu);
    }

    private static ConcurrentQueue<(DtlsError Error, Exception Cause)> Listen(DtlsClient client)
    {
        ConcurrentQueue<(DtlsError Error, Exception Cause)> told = new();
        client.Error += (error, cause) => told.Enqueue((error, cause));
        return told;
    }

    private static bool Connects(DtlsClient client)
    {
        try
        {
            return client.Connect(Stage.Address, Setup.Patience);
        }
        catch (DtlsException e) when (e.Error == DtlsError.Timeout)
        {
            return false;
        }
    }

    private static DtlsOptions Hasty()
    {
        DtlsOptions options = Setup.HostOptions();
        // Tries and no deadline: between two of them the thread has been in the port, however slow the machine is.
        options.RetransmitTimeout = 50;
        options.MaxRetransmits = 2;
        return options;
    }

    private static DtlsServer Echoing(DatagramPort port)
    {
        DtlsServer server = new DtlsServer(Setup.HostOptions());
        server.DataReceived += session =>
        {
            byte[] buffer = new byte[DtlsOptions.MaxMtu];
            int count = session.Receive(buffer, 0, 0);
            session.Send(buffer, 0, count);
        };
        server.Start(port);
        return server;
    }

    private static void Echo(DtlsClient client, int length)
    {
        client.Send(new byte[length]);
        Assert.AreEqual(length, client.Receive(new byte[DtlsOptions.MaxMtu], 0, Setup.Patience));
    }
}
