using System;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Services.Engines;

/// <summary>A server that echoes, and clients around it, in virtual time.</summary>
internal sealed class Field
{
    private int _clients;

    internal Field(DtlsOptions serverOptions, int seed = 1)
    {
        Network = new VirtualNetwork(seed);
        Server = new DtlsServerEngine(serverOptions);
        Network.Server = Server;
    }

    internal VirtualNetwork Network { get; }

    internal DtlsServerEngine Server { get; }

    internal static byte[] AddressOf(int number)
    {
        return [10, (byte)(number >> 16), (byte)(number >> 8), (byte)number, 0x16, 0x33];
    }

    internal TestClient Add()
    {
        _clients++;
        return Add(Setup.SeededOptions(100 + _clients));
    }

    internal TestClient Add(DtlsOptions options)
    {
        _clients++;
        return Network.Add(new DtlsClientEngine(options), AddressOf(0x800000 + _clients));
    }

    internal TestClient Connect()
    {
        return Connect(Add());
    }

    internal TestClient Connect(TestClient client)
    {
        client.Engine.Connect(Network.Now);
        Assert.IsTrue(Network.Run(() => client.State == AssociationState.Connected, 30_000), "The client does not connect.");
        return client;
    }

    internal Association SessionOf(TestClient client)
    {
        Association? session = Server.Find(client.Address, client.Address.Length);
        Assert.IsNotNull(session, "The client has no session.");
        return session;
    }

    /// <summary>Sends a text and wants it back.</summary>
    internal void Echo(TestClient client, string text)
    {
        byte[] data = Encoding.ASCII.GetBytes(text);
        client.Association.Send(data, 0, data.Length, Network.Now);
        Assert.IsTrue(Network.Run(() => client.Association.Pending > 0, 5000), "No echo comes of " + text + ".");
        CollectionAssert.AreEqual(data, client.ReceiveAll().Single());
    }

    internal bool HasEnded(Association association, DtlsError reason)
    {
        return Network.ServerEvents.Any(e => e.Association == association && (e.Events & AssociationEvents.Closed) != 0)
            && (association.State == AssociationState.Idle || association.LastError == reason);
    }
}
