using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Sockets;

/// <summary>Calls in random order from several threads at once: they all end, and nothing is lost track of.</summary>
[TestClass]
public class ThreadTests
{
    private const int Threads = 4;
    private const int Calls = 12;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void A_hundred_random_runs_with_several_threads_end_with_nothing_left(int part)
    {
        for (int i = 0; i < 100; i++)
        {
            Live((part * 1000) + i);
        }
    }

    private static void Live(int seed)
    {
        DtlsOptions options = Setup.HostOptions();
        options.PoolPackets = 16;
        options.MaxSessions = 3;
        options.RetransmitTimeout = 50;
        options.EvictLeastRecentlyUsed = seed % 2 == 0;
        using EchoServer server = new EchoServer(options);
        DtlsClient[] clients = new DtlsClient[2];
        for (int i = 0; i < clients.Length; i++)
        {
            DtlsOptions own = Setup.HostOptions();
            own.RetransmitTimeout = 50;
            own.HandshakeTimeout = 2000;
            clients[i] = new DtlsClient(own);
        }

        List<Exception> failures = new();
        Thread[] threads = new Thread[Threads];
        for (int i = 0; i < Threads; i++)
        {
            Random random = new Random((seed * Threads) + i);
            threads[i] = new Thread(() =>
            {
                try
                {
                    for (int call = 0; call < Calls; call++)
                    {
                        Call(server, clients[random.Next(clients.Length)], random);
                    }
                }
                catch (Exception e)
                {
                    lock (failures)
                    {
                        failures.Add(e);
                    }
                }
            });
            threads[i].IsBackground = true;
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            Assert.IsTrue(thread.Join(Setup.Patience), "Seed " + seed + ": a call does not end.");
        }

        Assert.AreEqual(0, failures.Count, "Seed " + seed + ": " + string.Join(Environment.NewLine, failures));
        foreach (DtlsClient client in clients)
        {
            client.Dispose();
            Setup.Whole(client.Pool);
        }

        server.Dispose();
        Setup.Until(() => server.Disconnected == server.Connected, "an end for each beginning, seed " + seed);
        Assert.AreEqual(0, server.Server.SessionCount);
        Setup.Whole(server.Server.Pool);
        Assert.IsTrue(server.Exceptions.IsEmpty, "Seed " + seed + ": " + string.Join(Environment.NewLine, server.Exceptions));
    }

    private static void Call(EchoServer server, DtlsClient client, Random random)
    {
        byte[] buffer = new byte[1500];
        try
        {
            switch (random.Next(24))
            {
                case 0:
                case 1:
                case 2:
                case 3:
                case 4:
                case 5:
                    client.Connect(server.EndPoint, random.Next(60));
                    break;
                case 6:
                case 7:
                case 8:
                case 9:
                    client.Send(buffer, 0, random.Next(200));
                    break;
                case 10:
                    SendPacket(client);
                    break;
                case 11:
                case 12:
                    client.Receive(buffer, 0, random.Next(20));
                    break;
                case 13:
                    client.ReceivePacket(random.Next(20))?.Return();
                    break;
                case 14:
                case 15:
                    client.Close(random.Next(20));
                    break;
                case 16:
                    client.Reset();
                    break;
                case 17:
                case 18:
                    server.Server.At(random.Next(3))?.Send(buffer, 0, random.Next(200));
                    break;
                case 19:
                case 20:
                    server.Server.At(random.Next(3))?.Receive(buffer, 0, random.Next(10));
                    break;
                case 21:
                    server.Server.At(random.Next(3))?.Close();
                    break;
                case 22:
                    if (random.Next(4) == 0)
                    {
                        server.Server.Stop();
                        server.Server.Start(server.EndPoint);
                    }

                    break;
                default:
                    if (random.Next(8) == 0)
                    {
                        client.Dispose();
                    }

                    break;
            }
        }
        catch (DtlsException e) when (e.Error != DtlsError.InternalError && e.Error != DtlsError.None)
        {
            // It depends on what the others do at this moment.
        }
        catch (ObjectDisposedException)
        {
            // As documented after Dispose.
        }
    }

    private static void SendPacket(DtlsClient client)
    {
        Packet packet = client.Pool.Rent();
        if (packet == null)
        {
            return;
        }

        bool sent = false;
        try
        {
            packet.Append(new byte[20], 0, 20);
            client.Send(packet);
            sent = true;
        }
        finally
        {
            if (!sent)
            {
                packet.Return();
            }
        }
    }
}
