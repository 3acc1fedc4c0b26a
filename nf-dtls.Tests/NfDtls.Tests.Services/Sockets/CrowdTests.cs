using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Services.Sockets;

/// <summary>One server port, and a crowd before it.</summary>
[TestClass]
public class CrowdTests
{
    [TestMethod]
    public void Five_hundred_clients_at_once_connect_echo_a_hundred_messages_each_and_close()
    {
        using EchoServer server = new EchoServer(Options());
        using (Crew crew = new Crew(500, 4, server.EndPoint))
        {
            crew.Connect();
            Setup.Until(() => server.Connected == 500, "500 sessions");
            Assert.AreEqual(500, server.Server.SessionCount);
            crew.Echo(100);
            Assert.AreEqual(500, server.Server.SessionCount);
            crew.Close();
        }

        CheckEmpty(server, 500);
    }

    [TestMethod]
    public void Twenty_clients_of_openssl_and_five_hundred_of_ours_share_a_port()
    {
        string? program = ForeignClient.Find();
        if (program == null)
        {
            Assert.Inconclusive("openssl is not installed: nothing was tested against it.");
        }

        using EchoServer server = new EchoServer(Options());
        List<ForeignClient> foreign = new();
        try
        {
            for (int i = 0; i < 20; i++)
            {
                foreign.Add(new ForeignClient(program, server.EndPoint));
            }

            using (Crew crew = new Crew(500, 4, server.EndPoint))
            {
                crew.Connect();
                Setup.Until(() => server.Connected == 520, "520 sessions");
                Assert.AreEqual(520, server.Server.SessionCount);
                Task[] echoes = foreign.Select(one => Task.Factory.StartNew(() => one.Echo(100), TaskCreationOptions.LongRunning)).ToArray();
                crew.Echo(100);
                Task.WaitAll(echoes);
                crew.Close();
            }

            foreach (ForeignClient one in foreign)
            {
                one.Close();
            }
        }
        finally
        {
            foreach (ForeignClient one in foreign)
            {
                one.Dispose();
            }
        }

        CheckEmpty(server, 520);
    }

    [TestMethod]
    public void Memory_stays_flat_over_ten_rounds()
    {
        const int WarmUp = 3;
        const int Rounds = 10;
        const int Clients = 40;
        using EchoServer server = new EchoServer(Options());
        long first = 0;
        long last = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            using (Crew crew = new Crew(Clients, 2, server.EndPoint))
            {
                crew.Connect();
                crew.Echo(10);
                crew.Close();
            }

            CheckEmpty(server, (i + 1) * Clients);
            last = Memory();
            first = i < WarmUp ? last : first;
        }

        // A leak of one packet or session a round would be more. What the system's own threads still hold they let go.
        for (int i = 0; i < 50 && last - first >= 64 * 1024; i++)
        {
            Thread.Sleep(100);
            last = Memory();
        }

        Assert.IsLessThan(64 * 1024, last - first, "Memory grows by " + (last - first) + " bytes.");
    }

    private static DtlsOptions Options()
    {
        DtlsOptions options = Setup.HostOptions();
        options.MaxSessions = 520;
        options.MaxHandshakes = 140;
        options.MaxHandshakeMessage = 1024;
        options.MaxFlight = 1024;
        options.PoolPackets = 1100;
        options.HandshakeTimeout = Setup.Patience;
        return options;
    }

    private static void CheckEmpty(EchoServer server, int sessions)
    {
        Setup.Until(() => server.Disconnected == sessions, "the end of every session");
        Assert.AreEqual(sessions, server.Connected);
        Assert.AreEqual(0, server.Server.SessionCount);
        Setup.Whole(server.Server.Pool);
        Assert.IsTrue(server.Reasons.All(reason => reason == DtlsError.SessionClosed), string.Join(", ", server.Reasons.Distinct()));
        Assert.IsTrue(server.Errors.IsEmpty, string.Join(", ", server.Errors) + string.Join(", ", server.Exceptions));
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(true);
    }
}
