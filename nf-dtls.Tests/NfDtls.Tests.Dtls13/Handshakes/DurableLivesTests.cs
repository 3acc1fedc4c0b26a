using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;
using NfDtls.Tests.Extensions;

namespace NfDtls.Tests.Dtls13;

/// <summary>
/// Many lives of one association of DTLS 1.3 whose numbers are promised, at both ends: they sleep, crash before and after each promise is
/// stored, and change their keys all the while, over a network that loses, doubles and reorders, with an attacker who repeats what it saw.
/// </summary>
[TestClass]
public class DurableLivesTests
{
    private const int Runs = 60;
    private const int Steps = 150;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Over_all_lives_no_number_of_a_key_is_used_twice_nothing_comes_twice_and_no_update_is_stuck()
    {
        int crashes = 0;
        int sleeps = 0;
        int delivered = 0;
        long epochs = 0;
        for (int run = 0; run < Runs; run++)
        {
            Random random = new(run);
            VirtualNetwork network = new(run) { Echo = false };
            SealRecorder recorder = new();
            End server = new(true, network, random, recorder);
            End client = new(false, network, random, recorder);
            client.Engine.Connect(network.Now);
            Assert.IsTrue(network.Run(() => client.IsConnected && server.IsConnected, 60_000));
            network.Run(100);
            client.Store(0);
            server.Store(0);
            network.Drop = 0.2;
            network.Duplicate = 0.2;
            network.Delay = 0.2;
            for (int step = 0; step < Steps; step++)
            {
                Step(network, random, random.Next(2) == 0 ? client : server);
            }

            network.Drop = 0;
            VerifyAlive(network, client, server, run);
            crashes += client.Crashes + server.Crashes;
            sleeps += client.Sleeps + server.Sleeps;
            delivered += client.Delivered + server.Delivered;
            epochs += client.Association!.WriteEpoch.Number + server.Association!.WriteEpoch.Number - 6;
        }

        TestContext.WriteLine(crashes + " crashes, " + sleeps + " sleeps, " + delivered + " records delivered, " + epochs + " updates.");
        Assert.IsGreaterThan(Runs * 5, crashes);
        Assert.IsGreaterThan(Runs * 3, sleeps);
        Assert.IsGreaterThan(Runs * 20, delivered);
        Assert.IsGreaterThan(Runs * 2L, epochs);
    }

    private static void Step(VirtualNetwork network, Random random, End end)
    {
        switch (random.Next(14))
        {
            case 0:
                end.Crash();
                break;
            case 1:
                end.Sleep(0.3);
                break;
            case 2:
                Replay(network, random);
                break;
            case 3:
                network.Run(random.Next(4000));
                end.Receive();
                break;
            case 4:
            case 5:
                end.Store(0.3);
                break;
            case 6:
                end.Update(random.Next(2) == 0);
                network.Run(random.Next(1500));
                end.Receive();
                break;
            default:
                for (int i = random.Next(8); i >= 0; i--)
                {
                    end.Send();
                }

                network.Run(random.Next(50));
                end.Receive();
                break;
        }

        // Whoever is asked stores most of the time.
        if (end.TakeAsked() && random.Next(4) > 0)
        {
            end.Store(0.1);
        }
    }

    private static void Replay(VirtualNetwork network, Random random)
    {
        for (int i = 0; i < 10; i++)
        {
            Datagram old = network.Sent[random.Next(network.Sent.Count)];
            if ((old.Bytes[0] & 0xE0) == 0x20 && (old.Bytes[0] & 3) != 2)
            {
                network.Inject(old.ToServer, old.Address, old.Bytes, random.Next(100));
            }
        }
    }

    private static void VerifyAlive(VirtualNetwork network, End client, End server, int run)
    {
        for (int i = 0; i < 60; i++)
        {
            client.Receive();
            server.Receive();
            client.Store(0);
            server.Store(0);
            client.Send();
            server.Send();
            network.Run(4000);
        }

        client.Receive();
        server.Receive();
        int fromClient = server.Delivered;
        int fromServer = client.Delivered;
        client.Update(true);
        bool isDone = false;
        for (int i = 0; i < 400 && !isDone; i++)
        {
            // One that was given up, as the peer could not hear it, is tried again.
            if (client.Association!.WriteEpoch.Number < server.Association!.ReadEpoch.Number)
            {
                client.Update(false);
            }

            if (server.Association.WriteEpoch.Number < client.Association.ReadEpoch.Number)
            {
                server.Update(false);
            }

            client.Store(0);
            server.Store(0);
            client.Send();
            server.Send();
            network.Run(4000);
            client.Receive();
            server.Receive();
            isDone = i > 20 && server.Delivered > fromClient && client.Delivered > fromServer && client.Association!.WriteEpoch.Number == server.Association!.ReadEpoch.Number && server.Association.WriteEpoch.Number == client.Association.ReadEpoch.Number;
        }

        Assert.IsGreaterThan(fromClient, server.Delivered, "Run " + run + ": nothing comes to the server any more.");
        Assert.IsGreaterThan(fromServer, client.Delivered, "Run " + run + ": nothing comes to the client any more.");
        Assert.AreEqual(client.Association!.WriteEpoch.Number, server.Association!.ReadEpoch.Number, "Run " + run);
        Assert.AreEqual(server.Association.WriteEpoch.Number, client.Association.ReadEpoch.Number, "Run " + run);
    }

    /// <summary>One end, whose application stores what it is asked to and wakes with that.</summary>
    private sealed class End
    {
        private readonly HashSet<int> _delivered = [];
        private readonly bool _isServer;
        private readonly VirtualNetwork _network;
        private readonly Random _random;
        private readonly SealRecorder _recorder;
        private int _seed;
        private TestClient? _client;
        private DtlsServerEngine? _server;
        private DurableAssociations _saver = new();
        private byte[]? _stored;
        private int _next;

        internal End(bool isServer, VirtualNetwork network, Random random, SealRecorder recorder)
        {
            _recorder = recorder;
            _isServer = isServer;
            _network = network;
            _random = random;
            _seed = random.Next(1_000_000);
            Boot();
        }

        internal int Crashes { get; private set; }

        internal int Sleeps { get; private set; }

        internal int Delivered
        {
            get { return _delivered.Count; }
        }

        internal DtlsClientEngine Engine
        {
            get { return _client!.Engine; }
        }

        internal Association? Association
        {
            get { return _isServer ? _server!.Find(TestBed.Address, TestBed.Address.Length) : _client!.Association; }
        }

        internal bool IsConnected
        {
            get { return Association != null && Association.State == AssociationState.Connected; }
        }

        internal void Update(bool asks)
        {
            KeyUpdates.Begin(Association!, asks, _network.Now);
        }

        internal void Send()
        {
            byte[] data = new byte[5 + _random.Next(40)];
            data[0] = (byte)(_isServer ? 's' : 'c');
            BitConverter.TryWriteBytes(data.AsSpan(1), _next++);
            try
            {
                Association!.Send(data, 0, data.Length, _network.Now);
                _network.Flush();
            }
            catch (DtlsException e) when (e.Error == DtlsError.PromiseNotStored)
            {
                // It will be asked to store the next one.
            }
        }

        internal void Receive()
        {
            byte[] buffer = new byte[2000];
            while (Association!.Pending > 0)
            {
                int length = Association.Receive(buffer, 0);
                Assert.IsTrue(length >= 5 && _delivered.Add(BitConverter.ToInt32(buffer, 1)), "Delivered twice.");
            }
        }

        internal void Store(double crash)
        {
            byte[] buffer = new byte[600];
            int length = _saver.WritePromise(Association!, SleepBed13.Key, buffer, 0);
            if (_random.NextDouble() < crash)
            {
                Crash();
                return;
            }

            _stored = buffer.AsSpan(0, length).ToArray();
            if (_random.NextDouble() < crash)
            {
                Crash();
                return;
            }

            _saver.PromiseStored(Association!, buffer, 0);
        }

        internal void Crash()
        {
            Crashes++;
            Boot();
            Wake();
        }

        /// <summary>Sleeps in order; the export may be lost all the same, and then an older promise is there.</summary>
        internal void Sleep(double lost)
        {
            Receive();
            Sleeps++;
            byte[] saved = SleepBed13.Export(_saver, Association!);
            _stored = _random.NextDouble() >= lost ? saved : _stored;
            _network.Flush();
            Boot();
            Wake();
        }

        internal bool TakeAsked()
        {
            _network.Flush();
            bool asked = _isServer
                ? _network.ServerEvents.Any(one => one.Association == Association && (one.Events & AssociationEvents.PromiseWanted) != 0)
                : (_client!.Events & AssociationEvents.PromiseWanted) != 0;
            if (_isServer)
            {
                _network.ServerEvents.Clear();
            }
            else
            {
                _client!.Events = 0;
            }

            return asked;
        }

        private void Boot()
        {
            DtlsOptions options = Bed13.Options(_isServer, _seed++, Bed13.NoGroup, true);
            options.Crypto = new RecordingProvider(options.Crypto, _recorder);
            _saver = new DurableAssociations { WriteBlock = 2 + _random.Next(20), ReadBlock = 2 + _random.Next(20) };
            options.Features = [_saver];
            if (_isServer)
            {
                _server = new DtlsServerEngine(options);
                _network.Server = _server;
                _network.ServerEvents.Clear();
                return;
            }

            if (_client != null)
            {
                _network.Remove(_client);
            }

            _client = _network.Add(new DtlsClientEngine(options), TestBed.Address);
        }

        private void Wake()
        {
            _saver.Import(_isServer ? _server! : _client!.Engine, SleepBed13.Key, _stored, 0, _stored!.Length, 0, _network.Now);
        }
    }
}
