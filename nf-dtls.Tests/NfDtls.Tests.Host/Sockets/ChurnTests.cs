using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Clients that come and go in every way at once: nothing is lost track of.</summary>
[TestClass]
public class ChurnTests
{
    [TestMethod]
    public void Clients_that_end_in_every_way_leave_nothing_behind()
    {
        const int Threads = 6;
        const int Rounds = 12;
        DtlsOptions options = Setup.Options();
        options.MaxSessions = 100;
        options.MaxHandshakes = 32;
        options.PoolPackets = 256;
        using EchoServer server = new EchoServer(options);
        server.OnRecord = (session, record) =>
        {
            session.Send(record);
            if (record.Length == 1)
            {
                session.Close();
            }
        };
        List<Running> running = [];
        for (int i = 0; i < Threads; i++)
        {
            Random random = new Random(i);
            running.Add(Setup.Start(() =>
            {
                for (int j = 0; j < Rounds; j++)
                {
                    using DtlsClient client = server.Connect();
                    Check.Echo(client, "round " + j);
                    switch (random.Next(4))
                    {
                        case 0:
                            Assert.IsTrue(client.Close(Setup.Patience));
                            break;
                        case 1:
                            client.Reset();
                            Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
                            Check.Echo(client, "again");
                            break;
                        case 2:
                            Check.Echo(client, "x");
                            Setup.Fails(DtlsError.SessionClosed, () => client.Receive(new byte[10], 0, Setup.Patience));
                            break;
                        default:
                            client.Reset();
                            break;
                    }

                    client.Dispose();
                    Check.Whole(client.Pool);
                }
            }));
        }

        for (int i = 0; i < Threads; i++)
        {
            Setup.Await("thread " + i, running[i]);
        }

        // Those whose clients went without a word, and nobody is there to answer the close.
        server.Server.CloseTimeout = 100;
        server.Server.CloseAll();
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
        Setup.Until(() => server.Disconnected.Count == server.Connected.Count, "an end for each beginning");
        Check.Whole(server.Server.Pool);
        Assert.IsTrue(server.Errors.IsEmpty, string.Join(", ", server.Errors) + string.Join(", ", server.Exceptions));
    }

    [TestMethod]
    public void A_server_that_restarts_under_its_clients_tells_of_each_session_once()
    {
        using EchoServer server = new EchoServer();
        bool ended = false;
        int echoes = 0;
        List<Running> running = [];
        List<DtlsClient> clients = [];
        for (int i = 0; i < 4; i++)
        {
            DtlsClient client = new DtlsClient(Setup.ImpatientOptions(5000));
            clients.Add(client);
            running.Add(Setup.Start(() =>
            {
                while (!Volatile.Read(ref ended))
                {
                    try
                    {
                        if (client.Connect(server.EndPoint, 500))
                        {
                            client.Send(Setup.Bytes("hello"));
                            if (client.Receive(new byte[10], 0, 500) < 0)
                            {
                                // The record fell into the gap.
                                client.Reset();
                                continue;
                            }

                            Interlocked.Increment(ref echoes);
                            client.Close(100);
                        }
                    }
                    catch (DtlsException e) when (e.Error is DtlsError.SessionClosed or DtlsError.Timeout or DtlsError.KeyMismatchSuspected or DtlsError.AlertReceived)
                    {
                        // The server went away in the middle of it.
                    }
                }
            }));
        }

        for (int i = 0; i < 8; i++)
        {
            int before = Volatile.Read(ref echoes);
            Setup.Until(() => Volatile.Read(ref echoes) >= before + 4, "echoes after restart " + i);
            server.Server.Stop();
            Assert.AreEqual(server.Connected.Count, server.Disconnected.Count, "an end for each beginning");
            server.Server.Start(server.EndPoint);
        }

        Volatile.Write(ref ended, true);
        for (int i = 0; i < running.Count; i++)
        {
            Setup.Await("client " + i, running[i]);
            clients[i].Dispose();
            Check.Whole(clients[i].Pool);
        }

        server.Server.Stop();
        Assert.AreEqual(server.Connected.Count, server.Disconnected.Count, "an end for each beginning");
        Assert.AreEqual(server.Connected.Count, server.Connected.Distinct().Count());
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void Calls_of_every_kind_from_many_threads_end_when_the_client_is_disposed()
    {
        using EchoServer server = new EchoServer();
        for (int round = 0; round < 5; round++)
        {
            DtlsClient client = server.Connect();
            int calls = 0;
            Action<Action> repeat = call =>
            {
                while (true)
                {
                    try
                    {
                        call();
                    }
                    catch (DtlsException)
                    {
                        // Not connected at this moment.
                    }

                    Interlocked.Increment(ref calls);
                }
            };
            byte[] buffer = new byte[2000];
            Running[] running =
            [
                Setup.Start(() => repeat(() => client.Connect(server.EndPoint, -1))),
                Setup.Start(() => repeat(() => client.Send(new byte[10]))),
                Setup.Start(() => repeat(() => client.Receive(buffer, 0, 5))),
                Setup.Start(() => repeat(() => client.Close(20))),
            ];
            Setup.Until(() => Volatile.Read(ref calls) > 200, "calls");
            Setup.InTime("Dispose", client.Dispose);
            foreach (Running thread in running)
            {
                Assert.IsTrue(thread.Join(Setup.Patience), "a call does not end");
                Assert.IsInstanceOfType<ObjectDisposedException>(thread.Failure, thread.Failure?.ToString());
            }

            Check.Whole(client.Pool);
        }

        using DtlsClient last = server.Connect();
        Check.Echo(last, "hello");
    }
}
