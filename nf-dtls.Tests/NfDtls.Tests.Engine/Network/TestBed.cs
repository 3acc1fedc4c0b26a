using System;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>One server, one client and the network between them, with the options that most tests want.</summary>
internal sealed class TestBed
{
    internal static readonly byte[] Address = { 192, 0, 2, 7, 0xC0, 0x01 };
    internal static readonly byte[] OtherAddress = { 192, 0, 2, 8, 0xC0, 0x01 };

    internal TestBed(DtlsOptions clientOptions, DtlsOptions serverOptions, int seed = 1)
    {
        Network = new VirtualNetwork(seed);
        Server = new DtlsServerEngine(serverOptions);
        Network.Server = Server;
        Client = Network.Add(new DtlsClientEngine(clientOptions), Address);
    }

    private TestBed(VirtualNetwork network, DtlsServerEngine server, TestClient client)
    {
        Network = network;
        Server = server;
        Client = client;
    }

    internal TestBed(int seed = 1)
        : this(Options(seed), Options(seed + 1000), seed)
    {
    }

    /// <summary>The same network with another server, or another client; the client before must have been removed.</summary>
    internal TestBed With(DtlsServerEngine server, DtlsClientEngine client)
    {
        Network.Server = server;
        return new TestBed(Network, server, client == Client.Engine ? Client : Network.Add(client, Address));
    }

    internal VirtualNetwork Network { get; }

    internal DtlsServerEngine Server { get; }

    internal TestClient Client { get; }

    internal Association? ServerAssociation
    {
        get { return Server.Find(Address, Address.Length); }
    }

    internal static byte[] Key
    {
        get { return Bytes(16, 0x40); }
    }

    /// <summary>Options with one key, over managed cryptography with its own seeded random source.</summary>
    internal static DtlsOptions Options(int seed)
    {
        DtlsOptions options = new DtlsOptions();
        options.Crypto = new SoftwareProvider(new SeededEntropy(seed));
        options.Suites = PskSuites.Constrained();
        options.Psk = new PskStore();
        options.Psk.Add(Key, "sensor-1");
        return options;
    }

    /// <summary>As <see cref="Options"/>, over .NET's cryptography.</summary>
    internal static DtlsOptions HostOptions()
    {
        DtlsOptions options = Options(1);
        options.Crypto = new HostProvider();
        return options;
    }

    internal static DtlsOptions Options(bool host, int seed)
    {
        return host ? HostOptions() : Options(seed);
    }

    internal static PskStore Store(byte[] key, byte[] identity, byte[]? hint = null)
    {
        PskStore store = new PskStore();
        store.Add(key, identity, hint);
        return store;
    }

    internal static CipherSuiteTable Only(CipherSuite suite)
    {
        return new CipherSuiteTable().Add(suite);
    }

    internal static byte[] Bytes(int count, int first = 0)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(first + i);
        }

        return bytes;
    }

    internal static byte[] Text(string text)
    {
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>A plaintext record.</summary>
    internal static byte[] Record(int type, int epoch, long sequence, params byte[] content)
    {
        byte[] record = new byte[13 + content.Length];
        new Dtls12RecordCodec().Write(record, 0, type, DtlsVersion.Dtls12, epoch, sequence, content.Length);
        Array.Copy(content, 0, record, 13, content.Length);
        return record;
    }

    /// <summary>A plaintext record with one whole handshake message.</summary>
    internal static byte[] Message(int type, int messageSequence, long recordSequence, params byte[] body)
    {
        byte[] content = new byte[12 + body.Length];
        MessageHeader.Write(content, 0, type, body.Length, messageSequence, 0, body.Length);
        Array.Copy(body, 0, content, 12, body.Length);
        return Record(ContentType.Handshake, 0, recordSequence, content);
    }

    /// <summary>A plaintext record with a piece of a handshake message.</summary>
    internal static byte[] Piece(int type, int length, int messageSequence, long recordSequence, int offset, params byte[] piece)
    {
        return Record(ContentType.Handshake, 0, recordSequence, PieceOf(type, length, messageSequence, offset, piece));
    }

    /// <summary>A piece of a handshake message, without its record.</summary>
    internal static byte[] PieceOf(int type, int length, int messageSequence, int offset, params byte[] piece)
    {
        byte[] content = new byte[12 + piece.Length];
        MessageHeader.Write(content, 0, type, length, messageSequence, offset, piece.Length);
        Array.Copy(piece, 0, content, 12, piece.Length);
        return content;
    }

    /// <summary>A record that the association could send next, protected with its keys.</summary>
    internal static byte[] Seal(Association association, int type, params byte[] content)
    {
        const int At = 64;
        byte[] buffer = new byte[At + content.Length + 80];
        Array.Copy(content, 0, buffer, At, content.Length);
        Epoch epoch = association.WriteEpoch;
        int before = epoch.BytesBefore(type);
        RecordHeader header = new();
        header.Reserve(300);
        int length = epoch.Seal(header, type, DtlsVersion.Dtls12, buffer, At, content.Length);
        return buffer.AsSpan(At - before, length).ToArray();
    }

    /// <summary>A handshake message whole, without its record.</summary>
    internal static byte[] Fragment(int type, int messageSequence, params byte[] body)
    {
        byte[] content = new byte[12 + body.Length];
        MessageHeader.Write(content, 0, type, body.Length, messageSequence, 0, body.Length);
        Array.Copy(body, 0, content, 12, body.Length);
        return content;
    }

    internal TestBed Connect()
    {
        Client.Engine.Connect(Network.Now);
        bool done = Network.Run(IsConnected, 3_600_000);
        Assert.IsTrue(done, "The handshake did not complete: client " + Describe(Client.Association) + ", server " + Describe(ServerAssociation) + ".");
        return this;
    }

    internal bool IsConnected()
    {
        Association? server = ServerAssociation;
        return Client.State == AssociationState.Connected && server != null && server.State == AssociationState.Connected;
    }

    /// <summary>Sends from the client and expects the same back.</summary>
    internal void VerifyEcho(byte[]? data = null)
    {
        byte[] sent = data ?? Bytes(20, 3);
        Client.Association.Send(sent, 0, sent.Length, Network.Now);
        Assert.IsTrue(Network.Run(() => Client.Association.Pending > 0, 60_000), "No echo came: client " + Describe(Client.Association) + ", server " + Describe(ServerAssociation) + ".");
        byte[] buffer = new byte[20_000];
        int length = Client.Association.Receive(buffer, 0);
        CollectionAssert.AreEqual(sent, buffer.AsSpan(0, length).ToArray());
    }

    /// <summary>No packet is out when nobody uses one.</summary>
    internal void VerifyPools()
    {
        Assert.AreEqual(Server.Pool.Count, Server.Pool.Available, "The server keeps a packet.");
        Assert.AreEqual(Client.Engine.Pool.Count, Client.Engine.Pool.Available, "The client keeps a packet.");
    }

    /// <summary>The client fails, and with this.</summary>
    internal void VerifyClientFails(DtlsError error)
    {
        Client.Engine.Connect(Network.Now);
        Assert.IsTrue(Network.Run(() => Client.State == AssociationState.Closed, 3_600_000), "The handshake did not fail.");
        Assert.AreEqual(error, Client.Association.LastError);
    }

    private static string Describe(Association? association)
    {
        return association == null ? "none" : association.State + " " + association.LastError;
    }
}
