using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A client and a server of some version that may both sleep, and wake as other engines with other features.</summary>
internal abstract class SleepingEnds
{
    internal static readonly byte[] Key = TestBed.Bytes(16, 0x70);

    private int _seed = 100;

    internal TestBed Bed { get; private set; } = null!;

    internal VirtualNetwork Network
    {
        get { return Bed.Network; }
    }

    /// <summary>Changes the options of every end that wakes.</summary>
    internal Action<DtlsOptions>? Changing { get; set; }

    internal TestClient Client { get; private set; } = null!;

    internal DtlsServerEngine Server { get; private set; } = null!;

    internal DurableAssociations ClientSaver { get; private set; } = null!;

    internal DurableAssociations ServerSaver { get; private set; } = null!;

    internal Association ServerAssociation
    {
        get { return Server.Find(TestBed.Address, TestBed.Address.Length); }
    }

    internal DtlsOptions Options(bool isServer)
    {
        _seed++;
        DtlsOptions options = Options(isServer, _seed);
        options.Features = [new DurableAssociations()];
        Changing?.Invoke(options);
        return options;
    }

    internal byte[] ExportClient()
    {
        return Export(ClientSaver, Client.Association);
    }

    internal byte[] ExportServer()
    {
        return Export(ServerSaver, ServerAssociation);
    }

    internal static byte[] Export(DurableAssociations saver, Association association, byte[]? key = null)
    {
        byte[] buffer = new byte[600];
        int length = saver.Export(association, key ?? Key, buffer, 7);
        return buffer.AsSpan(7, length).ToArray();
    }

    /// <summary>A new engine in the place of the client's.</summary>
    internal void RestartClient()
    {
        Network.Flush();
        Network.Remove(Client);
        DtlsOptions options = Options(false);
        ClientSaver = (DurableAssociations)options.Features[^1];
        Client = Network.Add(new DtlsClientEngine(options), TestBed.Address);
    }

    internal void RestartServer()
    {
        Network.Flush();
        DtlsOptions options = Options(true);
        ServerSaver = (DurableAssociations)options.Features[^1];
        Server = new DtlsServerEngine(options);
        Network.Server = Server;
    }

    internal Association ImportClient(byte[] saved, byte[]? key = null, long minimum = 0)
    {
        return ClientSaver.Import(Client.Engine, key ?? Key, saved, 0, saved.Length, minimum, Network.Now);
    }

    internal Association ImportServer(byte[] saved, byte[]? key = null, long minimum = 0)
    {
        return ServerSaver.Import(Server, key ?? Key, saved, 0, saved.Length, minimum, Network.Now);
    }

    /// <summary>The client sleeps and wakes.</summary>
    internal void SleepClient()
    {
        byte[] saved = ExportClient();
        RestartClient();
        ClientSaver.SavedIsGone(ImportClient(saved));
    }

    /// <summary>The server sleeps and wakes.</summary>
    internal void SleepServer()
    {
        byte[] saved = ExportServer();
        RestartServer();
        ServerSaver.SavedIsGone(ImportServer(saved));
    }

    internal void VerifyEcho(int first = 3)
    {
        byte[] sent = TestBed.Bytes(20, first);
        Client.Association.Send(sent, 0, sent.Length, Network.Now);
        Assert.IsTrue(Network.Run(() => Client.Association.Pending > 0, 60_000), "No echo came.");
        byte[] buffer = new byte[2000];
        int length = Client.Association.Receive(buffer, 0);
        CollectionAssert.AreEqual(sent, buffer.AsSpan(0, length).ToArray());
    }

    /// <summary>The options of an end, but for features.</summary>
    protected abstract DtlsOptions Options(bool isServer, int seed);

    /// <summary>Makes both ends; the features' last is what saves.</summary>
    protected void Start(bool connects = true)
    {
        DtlsOptions client = Options(false);
        DtlsOptions server = Options(true);
        Bed = new TestBed(client, server);
        ClientSaver = (DurableAssociations)client.Features[^1];
        ServerSaver = (DurableAssociations)server.Features[^1];
        Client = Bed.Client;
        Server = Bed.Server;
        if (connects)
        {
            Bed.Connect();
            Network.Run(100);
        }
    }
}
