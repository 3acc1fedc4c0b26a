using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class ExtensionBlockTests
{
    private readonly Probe _first = new Probe(500);
    private readonly Probe _second = new Probe(501);
    private readonly Probe _others = new Probe(502, CipherSuite.Version13);
    private readonly DtlsOptions _options = TestBed.Options(1);
    private byte[] _hello = new byte[0];

    [TestMethod]
    public void An_extension_is_read_or_missed_once_and_one_of_another_version_neither()
    {
        Handshake handshake = Connect();
        Assert.AreEqual(1, _first.Written);
        Assert.AreEqual(1, _second.Written);
        Assert.AreEqual(0, _others.Written);
        Assert.AreEqual(-1, _hello.AsSpan().IndexOf(new byte[] { 1, 0xF6 }));
        Assert.AreEqual(DtlsError.None, Read(handshake, 0, 5, 1, 0xF4, 0, 1, 7));
        Assert.AreEqual((1, 0), (_first.Reads, _first.Missed));
        Assert.AreEqual((0, 1), (_second.Reads, _second.Missed));
        Assert.AreEqual((0, 0), (_others.Reads, _others.Missed));
        handshake.PeerExtensions = 0;
        Assert.AreEqual(DtlsError.None, Read(handshake, 0, 5, 1, 0xF5, 0, 1, 7));
        Assert.AreEqual((1, 1), (_first.Reads, _first.Missed));
        Assert.AreEqual((1, 1), (_second.Reads, _second.Missed));
        handshake.PeerExtensions = 0;
        Assert.AreEqual(DtlsError.None, Read(handshake));
        Assert.AreEqual((1, 2), (_first.Reads, _first.Missed));
        Assert.AreEqual((0, 0), (_others.Reads, _others.Missed));
        Assert.AreEqual(DtlsError.UnsupportedExtension, Read(handshake, 0, 5, 1, 0xF6, 0, 1, 7));
    }

    [TestMethod]
    public void What_the_peer_has_said_is_known_by_its_type()
    {
        Handshake handshake = Connect();
        for (int said = 0; said < handshake.Extensions.Length; said++)
        {
            handshake.PeerExtensions = 1 << said;
            for (int i = 0; i < handshake.Extensions.Length; i++)
            {
                Assert.AreEqual(i == said && handshake.Extensions[i] != _others, ExtensionBlock.IsOfPeer(handshake, handshake.Extensions[i].Type), said + ", " + i);
            }

            Assert.IsFalse(ExtensionBlock.IsOfPeer(handshake, 999));
        }
    }

    [TestMethod]
    public void Content_must_be_read_to_its_end_and_not_beyond_but_an_error_of_the_extensions_own_comes_first()
    {
        Handshake handshake = Connect();
        foreach (int taken in new[] { 0, 1, 2, 3 })
        {
            _first.Takes = taken;
            handshake.PeerExtensions = 0;
            Assert.AreEqual(taken == 2 ? DtlsError.None : DtlsError.DecodeError, Read(handshake, 0, 6, 1, 0xF4, 0, 2, 7, 7));
            handshake.PeerExtensions = 0;
            Assert.AreEqual(taken == 2 ? DtlsError.None : DtlsError.DecodeError, Read(handshake, 0, 11, 1, 0xF4, 0, 2, 7, 7, 1, 0xF5, 0, 1, 7));
            _first.Answer = DtlsError.IllegalParameter;
            handshake.PeerExtensions = 0;
            Assert.AreEqual(DtlsError.IllegalParameter, Read(handshake, 0, 11, 1, 0xF4, 0, 2, 7, 7, 1, 0xF5, 0, 1, 7));
            _first.Answer = DtlsError.None;
        }
    }

    [TestMethod]
    public void A_block_that_is_no_block_is_that_before_anything_is_missed_in_it()
    {
        _options.RequireExtendedMasterSecret = true;
        Handshake handshake = Connect();
        Assert.AreEqual(DtlsError.InsufficientSecurity, Read(handshake, 0, 0));
        foreach (byte[] wrong in new[] { new byte[] { 0 }, new byte[] { 0, 0, 0 }, new byte[] { 0, 1 }, new byte[] { 0, 1, 1 }, new byte[] { 0, 4, 1, 0xF4, 0, 1 } })
        {
            Assert.AreEqual(DtlsError.DecodeError, Read(handshake, wrong));
        }

        Assert.AreEqual(0, _first.Reads);
    }

    [TestMethod]
    public void No_type_comes_twice_however_long_what_stands_before_it_and_there_are_64_at_most()
    {
        byte[] longOne = new byte[] { 9, 9, 1, 44 }.Concat(Enumerable.Repeat((byte)1, 300)).ToArray();
        byte[] one = { 1, 1, 0, 1, 1 };
        byte[] other = { 1, 2, 0, 0 };
        foreach ((byte[][] parts, bool isShaped) in new[]
        {
            (new[] { longOne, one, other }, true), (new[] { longOne, one, longOne }, false), (new[] { longOne, one, one }, false), (new[] { one, longOne, one }, false),
            (new[] { one, other, longOne }, true), (new[] { other, other }, false), (new byte[0][], true), (new[] { other, new byte[] { 1 } }, false),
            (new[] { one, longOne.Take(303).ToArray() }, false),
            (Enumerable.Range(0, 64).Select(i => new byte[] { 7, (byte)i, 0, 0 }).ToArray(), true), (Enumerable.Range(0, 65).Select(i => new byte[] { 7, (byte)i, 0, 0 }).ToArray(), false),
        })
        {
            byte[] block = parts.SelectMany(part => part).ToArray();
            WireReader reader = new WireReader();
            reader.Reset(block, 0, block.Length);
            Assert.AreEqual(isShaped, ExtensionBlock.IsShaped(reader));
            Assert.AreEqual(0, reader.Position);
            reader.Skip(block.Length + 1);
            Assert.IsFalse(ExtensionBlock.IsShaped(reader), "What was read beyond its end is no block.");
        }
    }

    [TestMethod]
    public void The_extensions_of_suites_and_of_the_authentication_are_gathered_too_and_of_two_of_one_type_the_first()
    {
        Probe ofSuite = new Probe(700);
        Probe last = new Probe(ExtensionBlock.LastType, CipherSuite.Version13);
        DtlsOptions options = TestBed.Options(1);
        options.Extensions = new HelloExtension[] { last, _first };
        options.Suites = new CipherSuiteTable()
            .Add(PskSuites.Aes128Ccm8())
            .Add(new CipherSuite(0x7A7A, "own", CryptoAlgorithm.Aes128Ccm, 8, CryptoAlgorithm.Sha256, new Factory(new Probe(500), ofSuite)));
        Probe ofAuthentication = new Probe(701);
        options.Authenticator = new Authentication(ofAuthentication, new Probe(700));
        HelloExtension[] gathered = ExtensionBlock.Gather(options, new VersionTable());
        CollectionAssert.AreEquivalent(new HelloExtension[] { _first, ofSuite, ofAuthentication, last }, gathered);
        Assert.AreSame(last, gathered[3]);
    }

    private static DtlsError Read(Handshake handshake, params byte[] block)
    {
        WireReader reader = new WireReader();
        reader.Reset(block, 0, block.Length);
        return ExtensionBlock.Read(handshake, HandshakeType.ServerHello, reader);
    }

    private Handshake Connect()
    {
        _options.Extensions = new HelloExtension[] { _first, _second, _others };
        DtlsClientEngine client = new DtlsClientEngine(_options);
        client.Connect(0);
        Packet packet = client.PollDatagram(0);
        _hello = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        return client.Association.Handshake;
    }

    private sealed class Factory : KeyExchangeFactory
    {
        private readonly HelloExtension[] _extensions;

        internal Factory(params HelloExtension[] extensions)
        {
            _extensions = extensions;
        }

        public override HelloExtension[]? Extensions
        {
            get { return _extensions; }
        }

        public override KeyExchange Create()
        {
            throw new NotSupportedException();
        }
    }

    /// <summary>Brings extensions and nothing else.</summary>
    private sealed class Authentication : Authenticator
    {
        private readonly HelloExtension[] _extensions;

        internal Authentication(params HelloExtension[] extensions)
        {
            _extensions = extensions;
        }

        public override HelloExtension[]? Extensions
        {
            get { return _extensions; }
        }

        public override PublicKey? PeerKey
        {
            get { return null; }
        }

        public override PrivateKey? OwnKey
        {
            get { return null; }
        }

        public override int OwnScheme
        {
            get { return 0; }
        }

        public override Authenticator Create(EndpointOptions options)
        {
            throw new NotSupportedException();
        }

        public override bool HasKey(int keyKinds)
        {
            return false;
        }

        public override bool ChooseKey(Handshake handshake, int keyKinds, bool decrypts)
        {
            return false;
        }

        public override DtlsError Prepare(Handshake handshake)
        {
            return DtlsError.None;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            return DtlsError.None;
        }
    }

    private sealed class Probe : HelloExtension
    {
        private readonly int _type;
        private readonly int _versions;

        internal Probe(int type, int versions = CipherSuite.Version12)
        {
            _type = type;
            _versions = versions;
        }

        public override int Type
        {
            get { return _type; }
        }

        public override int VersionMask
        {
            get { return _versions; }
        }

        internal int Written { get; private set; }

        internal int Reads { get; private set; }

        internal int Missed { get; private set; }

        internal int Takes { get; set; } = 1;

        internal DtlsError Answer { get; set; }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            Written++;
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            Reads++;
            reader.Skip(Takes);
            return Answer;
        }

        public override DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            Missed++;
            return DtlsError.None;
        }
    }
}
