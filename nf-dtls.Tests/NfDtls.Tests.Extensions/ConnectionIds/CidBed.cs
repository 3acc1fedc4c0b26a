using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A client and a server with connection IDs; the client's address can change.</summary>
internal sealed class CidBed
{
    private TestClient _client;

    internal CidBed(DtlsOptions client, DtlsOptions server, ConnectionIdFeature? clients, ConnectionIdFeature? servers, int seed = 1)
    {
        ClientFeature = clients;
        ServerFeature = servers;
        Add(client, clients);
        Add(server, servers);
        Bed = new TestBed(client, server, seed);
        _client = Bed.Client;
    }

    internal CidBed(int clientLength = 8, int serverLength = 8, int seed = 1)
        : this(TestBed.Options(seed), TestBed.Options(seed + 1000), new ConnectionIdFeature(clientLength), new ConnectionIdFeature(serverLength), seed)
    {
    }

    internal ConnectionIdFeature? ClientFeature { get; }

    internal ConnectionIdFeature? ServerFeature { get; }

    internal TestBed Bed { get; }

    internal VirtualNetwork Network
    {
        get { return Bed.Network; }
    }

    internal Association Client
    {
        get { return Bed.Client.Association; }
    }

    /// <summary>The server's association, wherever its client is now.</summary>
    internal Association Server { get; private set; } = null!;

    /// <summary>The client's address as the server sees it.</summary>
    internal byte[] Address
    {
        get { return _client.Address; }
    }

    internal CidBed Connect()
    {
        Bed.Connect();
        Server = Bed.ServerAssociation!;
        return this;
    }

    /// <summary>A NAT forgets the client's port: from here on its datagrams come from another address, and what goes to the old one is lost.</summary>
    internal CidBed Rebind(int number = 1)
    {
        Network.Remove(_client);
        byte[] address = { 198, 51, 100, (byte)number, 0x30, (byte)number };
        _client = Network.Add(Bed.Client.Engine, address);
        return this;
    }

    internal void VerifyEcho(byte[]? data = null)
    {
        Bed.VerifyEcho(data);
    }

    /// <summary>Sends, and says whether an echo comes.</summary>
    internal bool Echoes(int milliseconds = 200)
    {
        byte[] data = TestBed.Bytes(20, 7);
        Client.Send(data, 0, data.Length, Network.Now);
        return Receives(milliseconds);
    }

    /// <summary>Whether something comes to the client.</summary>
    internal bool Receives(int milliseconds)
    {
        if (!Network.Run(() => Client.Pending > 0, milliseconds))
        {
            return false;
        }

        byte[] buffer = new byte[20_000];
        Client.Receive(buffer, 0);
        return true;
    }

    internal void VerifyAt(byte[] address)
    {
        CollectionAssert.AreEqual(address, Server.PeerAddress.AsSpan(0, Server.PeerAddressLength).ToArray());
        Assert.AreEqual(Server, Bed.Server.Find(address, address.Length));
    }

    /// <summary>The last datagram that an end sent.</summary>
    internal byte[] Last(bool toServer)
    {
        return (byte[])Network.Sent.Last(datagram => datagram.ToServer == toServer).Bytes.Clone();
    }

    private static void Add(DtlsOptions options, ConnectionIdFeature? feature)
    {
        if (feature == null)
        {
            return;
        }

        options.Features = (options.Features ?? new Feature[0]).Prepend(feature).ToArray();
    }
}
