using System;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Sockets;

/// <summary>Packets and full tables, as the application sees them through the sockets.</summary>
[TestClass]
public class SharedPoolTests
{
    [TestMethod]
    public void Clients_and_a_server_on_one_pool_send_and_lend_packets_without_a_copy()
    {
        PacketPool pool = new PacketPool(64, 1232);
        DtlsOptions options = Setup.HostOptions();
        options.Pool = pool;
        using (EchoServer server = new EchoServer(options))
        using (DtlsClient first = new DtlsClient(options))
        using (DtlsClient second = new DtlsClient(options))
        {
            foreach (DtlsClient client in new[] { first, second })
            {
                Assert.AreSame(pool, client.Pool);
                Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
                for (int i = 0; i < 50; i++)
                {
                    EchoPacket(client, "packet " + i);
                }
            }

            Assert.IsTrue(first.Close(Setup.Patience));
            Packet packet = pool.Rent();
            packet.Append(new byte[5], 0, 5);
            Setup.Fails(DtlsError.SessionClosed, () => first.Send(packet));
            second.Send(packet);
            Assert.AreEqual(5, second.Receive(new byte[100], 0, Setup.Patience));
        }

        Setup.Whole(pool);
    }

    [TestMethod]
    public void A_full_server_says_so_to_the_client_as_well()
    {
        DtlsOptions options = Setup.HostOptions();
        options.MaxSessions = 2;
        using EchoServer server = new EchoServer(options);
        using DtlsClient first = new DtlsClient(Setup.HostOptions());
        using DtlsClient second = new DtlsClient(Setup.HostOptions());
        using DtlsClient third = new DtlsClient(Setup.HostOptions());
        Assert.IsTrue(first.Connect(server.EndPoint, Setup.Patience));
        Assert.IsTrue(second.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => server.Connected == 2, "two sessions");
        int sent = server.Server.Statistics.DatagramsSent - server.Server.Statistics.CookiesSent;
        Setup.Fails(DtlsError.NoFreeSession, () => third.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => !server.Errors.IsEmpty, "an error");
        Assert.IsTrue(server.Errors.TryPeek(out DtlsError error));
        Assert.AreEqual(DtlsError.NoFreeSession, error);
        Assert.IsTrue(server.Server.Statistics.DatagramsSent - server.Server.Statistics.CookiesSent > sent);
        EchoPacket(first, "still here");
        Assert.IsTrue(second.Close(Setup.Patience));
        Assert.IsTrue(third.Connect(server.EndPoint, Setup.Patience));
        EchoPacket(third, "in the place that is free now");
    }

    private static void EchoPacket(DtlsClient client, string text)
    {
        byte[] data = Encoding.ASCII.GetBytes(text);
        Packet packet = client.Pool.Rent();
        packet.Append(data, 0, data.Length);
        client.Send(packet);
        Packet? lent = client.ReceivePacket(Setup.Patience);
        Assert.IsNotNull(lent, "No echo comes of " + text + ".");
        CollectionAssert.AreEqual(data, lent.Buffer.AsSpan(lent.Offset, lent.Length).ToArray());
        lent.Return();
    }
}
