using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>A client and a server of DTLS 1.3 that may both sleep, and wake as other engines.</summary>
internal sealed class SleepBed13
{
    internal static readonly byte[] Key = TestBed.Bytes(16, 0x70);

    private int _seed = 100;

    internal SleepBed13(Action<DtlsOptions>? changing = null, bool connects = true)
    {
        Changing = changing;
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

    internal TestBed Bed { get; }

    internal VirtualNetwork Network
    {
        get { return Bed.Network; }
    }

    /// <summary>Changes the options of every end that wakes.</summary>
    internal Action<DtlsOptions>? Changing { get; set; }

    internal TestClient Client { get; private set; }

    internal DtlsServerEngine Server { get; private set; }

    internal DurableAssociations ClientSaver { get; private set; }

    internal DurableAssociations ServerSaver { get; private set; }

    internal Association ServerAssociation
    {
        get { return Server.Find(TestBed.Address, TestBed.Address.Length); }
    }

    internal byte[] ExportClient()
    {
        return Export(ClientSaver, Client.Association);
    }

    internal byte[] ExportServer()
    {
        return Export(ServerSaver, ServerAssociation);
    }

    internal static byte[] Export(DurableAssociations saver, Association association)
    {
        byte[] buffer = new byte[600];
        int length = saver.Export(association, Key, buffer, 7);
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

    internal Association ImportClient(byte[] saved)
    {
        return ClientSaver.Import(Client.Engine, Key, saved, 0, saved.Length, 0, Network.Now);
    }

    internal Association ImportServer(byte[] saved)
    {
        return ServerSaver.Import(Server, Key, saved, 0, saved.Length, 0, Network.Now);
    }

    internal void SleepClient()
    {
        byte[] saved = ExportClient();
        RestartClient();
        ClientSaver.SavedIsGone(ImportClient(saved));
    }

    internal void SleepServer()
    {
        byte[] saved = ExportServer();
        RestartServer();
        ServerSaver.SavedIsGone(ImportServer(saved));
    }

    internal void VerifyEcho()
    {
        byte[] sent = TestBed.Bytes(20, 3);
        Client.Association.Send(sent, 0, sent.Length, Network.Now);
        Assert.IsTrue(Network.Run(() => Client.Association.Pending > 0, 60_000), "No echo came.");
        byte[] buffer = new byte[2000];
        int length = Client.Association.Receive(buffer, 0);
        CollectionAssert.AreEqual(sent, buffer.AsSpan(0, length).ToArray());
    }

    private DtlsOptions Options(bool isServer)
    {
        _seed++;
        DtlsOptions options = Bed13.Options(isServer, _seed, Bed13.NoGroup, true);
        options.Features = [new DurableAssociations()];
        Changing?.Invoke(options);
        return options;
    }
}
