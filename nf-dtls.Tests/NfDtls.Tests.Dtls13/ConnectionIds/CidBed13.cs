using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>A client and a server of DTLS 1.3 with connection IDs; the client's address can change.</summary>
internal sealed class CidBed13
{
    private TestClient _client;

    internal CidBed13(int clientLength = 8, int serverLength = 8, int seed = 1, int spares = 0, Feature[]? more = null, Feature[]? servers = null)
        : this(Bed13.Options(false, seed, Bed13.NoGroup, true), Bed13.Options(true, seed + 1000, Bed13.NoGroup, true), clientLength, serverLength, seed, spares, more, servers)
    {
    }

    internal CidBed13(DtlsOptions client, DtlsOptions server, int clientLength = 8, int serverLength = 8, int seed = 1, int spares = 0, Feature[]? more = null, Feature[]? servers = null)
    {
        ClientFeature = new ConnectionIdFeature(clientLength) { Spares = spares };
        ServerFeature = new ConnectionIdFeature(serverLength);
        client.Features = [ClientFeature, .. more ?? []];
        server.Features = [ServerFeature, .. servers ?? []];
        Bed = new TestBed(client, server, seed);
        _client = Bed.Client;
    }

    internal ConnectionIdFeature ClientFeature { get; }

    internal ConnectionIdFeature ServerFeature { get; }

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

    internal byte[] Address
    {
        get { return _client.Address; }
    }

    internal CidBed13 Connect()
    {
        Assert.IsTrue(Bed13.Connect(Bed));
        Server = Bed.ServerAssociation!;
        Network.Run(500);
        return this;
    }

    /// <summary>A NAT forgets the client's port, or the client moves and knows it.</summary>
    internal void Rebind(int number, bool isKnown = false)
    {
        Network.Remove(_client);
        byte[] address = [198, 51, 100, (byte)number, 0x30, (byte)number];
        _client = Network.Add(Bed.Client.Engine, address);
        if (isKnown)
        {
            Bed.Client.Engine.Move([(byte)number], 1);
        }
    }

    /// <summary>The client as it was made anew, or null.</summary>
    internal TestClient? Restored { get; private set; }

    /// <summary>The client is made anew, at the same address, with another feature that saves.</summary>
    internal void RestartClient(Feature saver)
    {
        Network.Flush();
        Network.Remove(_client);
        DtlsOptions options = Bed13.Options(false, 4711, Bed13.NoGroup, true);
        options.Features = [new ConnectionIdFeature(8), saver];
        Restored = Network.Add(new DtlsClientEngine(options), Address);
        _client = Restored;
    }

    /// <summary>Sends, and says whether an echo comes.</summary>
    internal bool Echoes(int milliseconds = 200)
    {
        Client.Send(TestBed.Bytes(20, 7), 0, 20, Network.Now);
        if (!Network.Run(() => Client.Pending > 0, milliseconds))
        {
            return false;
        }

        byte[] buffer = new byte[2000];
        Client.Receive(buffer, 0);
        return true;
    }

    internal void VerifyAt(byte[] address)
    {
        CollectionAssert.AreEqual(address, Server.PeerAddress.AsSpan(0, Server.PeerAddressLength).ToArray());
        Assert.AreEqual(Server, Bed.Server.Find(address, address.Length));
    }

    /// <summary>Records that went out since, of the unified form.</summary>
    internal List<byte[]> Records(bool toServer, int from = 0)
    {
        return Network.Sent.Skip(from).Where(one => one.ToServer == toServer && (one.Bytes[0] & 0xE0) == 0x20).Select(one => one.Bytes).ToList();
    }

    /// <summary>A message that the client sends as if it were its own next one; the server hears it at once.</summary>
    internal void Say(bool toServer, int type, params byte[] body)
    {
        Association sender = toServer ? Client : Server;
        KeyState state = StateOf(sender);
        byte[] record = TestBed.Seal(sender, ContentType.Handshake, TestBed.Fragment(type, state.NextToSend, body));
        state.NextToSend++;
        Network.Inject(toServer, Address, record, 0);
        Network.Run(50);
    }

    internal static KeyState StateOf(Association association)
    {
        return (KeyState)association.GetState(Associations13.Of(association.Engine));
    }
}
