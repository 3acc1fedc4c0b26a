using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Security;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.Extensions;

namespace NfDtls.Net;

/// <summary>What an engine is told, made of what a client or a listener is told: fresh objects for each.</summary>
internal static class EngineSettings
{
    // Of a shard's or a client's own: what passes through, and the records of one datagram, which leave the engine at once.
    private const int ServerPackets = 512;
    private const int ClientPackets = 128;
    private const int EngineQueue = 64;

    // First hellos in several fragments that are put together at a time.
    private const int HelloPlaces = 16;

    private static readonly int[] Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1];

    /// <summary>For one shard of a listener.</summary>
    internal static DtlsOptions ForShard(DtlsListenerOptions options, int shards, ConnectionIdFeature? connectionIds, Authenticator? authenticator, DurableAssociations? durable)
    {
        DtlsOptions engine = DtlsOptions.Gateway();
        SetCommon(engine, options, connectionIds, authenticator);
        engine.Features = durable == null ? engine.Features : [.. engine.Features!, durable];
        engine.PoolPackets = ServerPackets;
        engine.MaxSessions = PartOf(options.MaxConnections, shards, 1);
        engine.MaxHandshakes = Math.Max(2, (options.MaxHandshakes + shards - 1) / shards);
        engine.MaxSessionsPerHost = options.MaxConnectionsPerHost;
        engine.IdleTimeout = (int)options.IdleTimeout.TotalMilliseconds;
        engine.CookieExchange = options.CookieExchange;
        engine.ClientCertificates = options.ClientCertificates;
        engine.AskForPsk = options.PskCallback != null;
        engine.PskHint = options.PskHint;
        engine.HideUnknownIdentities = options.HideUnknownIdentities;
        engine.AskToConnect = true;
        engine.Versions = VersionsOf(options.EnabledProtocols, true);
        options.ConfigureEngine?.Invoke(engine);
        return engine;
    }

    /// <summary>For a client.</summary>
    internal static DtlsOptions ForClient(DtlsClientOptions options, ConnectionIdFeature? connectionIds, Authenticator? authenticator)
    {
        DtlsOptions engine = DtlsOptions.Gateway();
        SetCommon(engine, options, connectionIds, authenticator);
        engine.PoolPackets = ClientPackets;
        engine.AskForPsk = options.PskCallback != null;
        if (options.Psk != null)
        {
            engine.Psk = new PskStore();
            engine.Psk.Add(options.Psk.Key, options.Psk.Identity, null);
        }

        string? name = options.TargetHost ?? (options.RemoteEndPoint as DnsEndPoint)?.Host;
        engine.ServerName = name != null && !IPAddress.TryParse(name, out _) ? name : null;
        engine.NameCheck = NameCheck.None; // Ours is done with the chain.
        engine.Versions = VersionsOf(options.EnabledProtocols, false);
        options.ConfigureEngine?.Invoke(engine);
        return engine;
    }

    /// <summary>A shard's part of something that all of them share, with half as much again, since addresses do not spread evenly.</summary>
    internal static int PartOf(int whole, int shards, int least)
    {
        int part = ((whole + shards - 1) / shards * 3 / 2) + 16;
        return shards == 1 ? whole : Math.Clamp(part, least, whole);
    }

    private static void SetCommon(DtlsOptions engine, DtlsConnectionOptions options, ConnectionIdFeature? connectionIds, Authenticator? authenticator)
    {
        engine.Crypto = options.CryptoProvider?.Invoke() ?? DefaultCryptography.Create();
        engine.Suites = SuiteList.Make(options);
        engine.Authenticator = authenticator;
        engine.Mtu = options.MaxDatagramSize;
        engine.RetransmitTimeout = (int)options.RetransmitTimeout.TotalMilliseconds;
        engine.MaxRetransmitTimeout = Math.Max(engine.MaxRetransmitTimeout, engine.RetransmitTimeout);
        engine.HandshakeTimeout = (int)Math.Max(1, options.HandshakeTimeout.TotalMilliseconds);
        engine.ReceiveQueue = EngineQueue;
        List<Feature> features = [new KeyExporter()];
        if (connectionIds != null)
        {
            features.Add(connectionIds);
        }

        if (options.ApplicationProtocols is { Count: > 0 })
        {
            features.Add(new ApplicationProtocols(options.ApplicationProtocols.Select(protocol => protocol.ToString()).ToArray()));
        }

        engine.Features = features.ToArray();
    }

    private static VersionTable VersionsOf(DtlsProtocols protocols, bool isServer)
    {
        VersionTable table = new();
        if ((protocols & DtlsProtocols.Dtls13) != 0)
        {
            table.Add(isServer ? new ServerVersion13(Groups, true) { HelloPlaces = HelloPlaces } : new Version13(Groups, true));
        }

        if ((protocols & DtlsProtocols.Dtls12) != 0)
        {
            table.Add(new Dtls12());
        }

        return table;
    }
}
