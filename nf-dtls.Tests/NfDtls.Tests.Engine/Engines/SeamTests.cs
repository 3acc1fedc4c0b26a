using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>What an application may register of its own.</summary>
[TestClass]
public class SeamTests
{
    [TestMethod]
    public void A_suite_a_key_exchange_and_an_extension_of_the_application_s_own_work()
    {
        foreach (int steps in new[] { 0, 1, 7 })
        {
            NumberExtension clientExtension = new NumberExtension(5, steps);
            NumberExtension serverExtension = new NumberExtension(6, 0);
            DtlsOptions client = Make(1, steps, clientExtension);
            DtlsOptions server = Make(2, steps, serverExtension);
            TestBed bed = new TestBed(client, server).Connect();
            Assert.AreEqual(0xFE42, bed.Client.Association.Suite.Id);
            Assert.AreEqual(6, clientExtension.Seen);
            Assert.AreEqual(5, serverExtension.Seen);
            Assert.AreEqual(steps > 0 ? 1 : 0, clientExtension.Prepared);
            Assert.IsTrue(clientExtension.Completed > 0);
            bed.VerifyEcho();
            bed.VerifyPools();
        }
    }

    [TestMethod]
    public void An_extension_that_only_the_client_has_is_ignored_and_the_client_is_told()
    {
        NumberExtension extension = new NumberExtension(5, 0);
        DtlsOptions client = TestBed.Options(1);
        client.Extensions = new HelloExtension[] { extension };
        TestBed bed = new TestBed(client, TestBed.Options(2)).Connect();
        Assert.AreEqual(1, extension.Absent);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_key_exchange_that_fails_late_fails_the_handshake_with_its_error()
    {
        DtlsOptions client = Make(1, 3, new NumberExtension(5, 0));
        DtlsOptions server = Make(2, 3, new NumberExtension(6, 0));
        server.Suites = TestBed.Only(StaticSuite(3, DtlsError.InternalError));
        TestBed bed = new TestBed(client, server);
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.InternalError, bed.Client.Association.AlertReceived);
        bed.VerifyPools();
    }

    [TestMethod]
    public void Messages_and_content_types_of_the_application_s_own_are_read_after_the_handshake()
    {
        OwnMessage message = new OwnMessage();
        OwnType type = new OwnType();
        DtlsOptions server = TestBed.Options(2);
        server.Messages = new HandshakeMessage[] { message };
        server.RecordTypes = new RecordType[] { type };
        TestBed bed = new TestBed(TestBed.Options(1), server).Connect();
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Handshake, TestBed.Fragment(200, 9, 1, 2, 3)));
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, 28, 4, 5));
        bed.Network.Deliver(true, TestBed.Address, TestBed.Record(28, 0, 70, 4, 5));
        Assert.AreEqual(1, message.Count);
        Assert.AreEqual(1, type.Count);
        bed.VerifyEcho();

        // Bytes left over are the engine's to find.
        bed.Network.Inject(true, TestBed.Address, TestBed.Seal(bed.Client.Association, 28, 4, 5, 6), 1);
        bed.Network.Run(100);
        Assert.AreEqual(Alert.DecodeError, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void The_key_log_has_the_same_secret_at_both_ends()
    {
        Log client = new Log();
        Log server = new Log();
        DtlsOptions clientOptions = TestBed.Options(1);
        clientOptions.KeyLog = client;
        DtlsOptions serverOptions = TestBed.Options(2);
        serverOptions.KeyLog = server;
        new TestBed(clientOptions, serverOptions).Connect();
        Assert.AreEqual(1, client.Lines.Count);
        CollectionAssert.AreEqual(client.Lines, server.Lines);
    }

    [TestMethod]
    public void A_trace_sink_hears_of_messages_flights_drops_and_states()
    {
        Trace trace = new Trace();
        DtlsOptions options = TestBed.Options(1);
        options.Trace = trace;
        TestBed bed = new TestBed(options, TestBed.Options(2)).Connect();
        bed.Network.Deliver(false, TestBed.Address, new byte[] { 1 });
        bed.Client.Association.Close(1000, bed.Network.Now);
        bed.Network.Run(1000);
        foreach (string what in new[] { "message sent", "message accepted", "flight sent", "state", "record dropped", "alert sent", "alert received" })
        {
            Assert.IsTrue(trace.What.Contains(what), what);
        }
    }

    [TestMethod]
    public void Two_endpoints_may_share_a_pool()
    {
        PacketPool pool = new PacketPool(8, 1232);
        DtlsOptions client = TestBed.Options(1);
        client.Pool = pool;
        DtlsOptions server = TestBed.Options(2);
        server.Pool = pool;
        TestBed bed = new TestBed(client, server).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(8, pool.Available);
    }

    private static DtlsOptions Make(int seed, int steps, HelloExtension extension)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Psk = null;
        options.Suites = TestBed.Only(StaticSuite(steps, DtlsError.None));
        options.Extensions = new[] { extension };
        return options;
    }

    private static CipherSuite StaticSuite(int steps, DtlsError error)
    {
        return new CipherSuite(0xFE42, "TEST_STATIC_WITH_AES_128_GCM", CryptoAlgorithm.Aes128Gcm, 16, CryptoAlgorithm.Sha256, new StaticFactory(steps, error));
    }

    /// <summary>An extension that carries a number, after some work.</summary>
    private sealed class NumberExtension : HelloExtension
    {
        private readonly int _number;
        private readonly int _steps;

        internal NumberExtension(int number, int steps)
        {
            _number = number;
            _steps = steps;
        }

        internal int Seen { get; private set; }

        internal int Absent { get; private set; }

        internal int Prepared { get; private set; }

        internal int Completed { get; private set; }

        public override int Type
        {
            get { return 0xFE77; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            handshake.SetState(this, "written");
            writer.WriteUInt8(_number);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            Seen = reader.ReadUInt8();
            if (!handshake.IsServer)
            {
                Assert.AreEqual("written", handshake.GetState(this));
            }

            return DtlsError.None;
        }

        public override DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            Absent++;
            return DtlsError.None;
        }

        public override CryptoOperation? Prepare(Handshake handshake)
        {
            if (_steps == 0)
            {
                return null;
            }

            Prepared++;
            return new Work(_steps, DtlsError.None);
        }

        public override void Complete(Handshake handshake, byte[] body, int offset, int count)
        {
            Completed++;
            Assert.AreEqual(0xFE, body[offset]);
        }
    }

    private sealed class Work : CryptoOperation
    {
        private readonly DtlsError _error;
        private int _left;

        internal Work(int steps, DtlsError error)
        {
            _left = steps;
            _error = error;
        }

        public override bool Step(int budget)
        {
            _left -= budget;
            if (_left > 0)
            {
                return false;
            }

            Error = _error;
            return true;
        }

        public override void Cancel()
        {
        }
    }

    private sealed class StaticFactory : KeyExchangeFactory
    {
        private readonly int _steps;
        private readonly DtlsError _error;

        internal StaticFactory(int steps, DtlsError error)
        {
            _steps = steps;
            _error = error;
        }

        public override KeyExchange Create()
        {
            return new StaticKeyExchange(_steps, _error);
        }
    }

    /// <summary>Both ends add a byte to a secret that they share.</summary>
    private sealed class StaticKeyExchange : KeyExchange
    {
        private readonly int _steps;
        private readonly DtlsError _error;
        private int _fromServer;
        private int _fromClient;

        internal StaticKeyExchange(int steps, DtlsError error)
        {
            _steps = steps;
            _error = error;
        }

        public override int Flags
        {
            get { return HandshakeFlags.ServerKeyExchangeRequired; }
        }

        public override CryptoOperation? BeforeWriting(Handshake handshake, int messageType)
        {
            return _steps == 0 ? null : new Work(_steps, DtlsError.None);
        }

        public override CryptoOperation? AfterReading(Handshake handshake, int messageType)
        {
            return _steps == 0 ? null : new Work(_steps, _error);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            int value = messageType == HandshakeType.ServerKeyExchange ? _fromServer = 17 : _fromClient = 23;
            writer.WriteUInt16(value);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int value = reader.ReadUInt16();
            if (messageType == HandshakeType.ServerKeyExchange)
            {
                _fromServer = value;
            }
            else
            {
                _fromClient = value;
            }

            return DtlsError.None;
        }

        public override int WritePremasterSecret(byte[] destination, int offset, int count)
        {
            destination[offset] = 1;
            destination[offset + 1] = (byte)_fromServer;
            destination[offset + 2] = (byte)_fromClient;
            return 3;
        }
    }

    private sealed class OwnMessage : HandshakeMessage
    {
        internal int Count { get; private set; }

        public override int Type
        {
            get { return 200; }
        }

        public override DtlsError Read(Association association, WireReader reader)
        {
            Count++;
            return reader.ReadUInt24() == 0x010203 ? DtlsError.None : DtlsError.IllegalParameter;
        }
    }

    private sealed class OwnType : RecordType
    {
        internal int Count { get; private set; }

        public override int Type
        {
            get { return 28; }
        }

        public override DtlsError Read(Association association, WireReader reader)
        {
            Count++;
            reader.ReadUInt16();
            return DtlsError.None;
        }
    }

    private sealed class Log : KeyLog
    {
        internal List<string> Lines { get; } = new();

        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
            Assert.AreEqual(32, clientRandom.Length);
            Assert.AreEqual(48, masterSecret.Length);
            Lines.Add(Convert.ToHexString(clientRandom) + " " + Convert.ToHexString(masterSecret));
        }
    }

    private sealed class Trace : TraceSink
    {
        internal HashSet<string> What { get; } = new();

        public override void Write(string what, int a, int b)
        {
            What.Add(what);
        }
    }
}
