using System;
using System.Collections.Generic;

namespace NfDtls.Tool;

/// <summary>What a decoder knows of two ends that talk: who is the client, what they agreed on, and the keys where a key log has them.</summary>
internal sealed class Session
{
    private const int MaxIds = 16;
    private const int MaxEpochs = 64;

    private readonly KeyLogSecrets? _secrets;
    private readonly CryptoProvider _crypto;
    private readonly Dictionary<(bool OfServer, int Epoch), Keys12?> _keys12 = [];
    private readonly Dictionary<(bool OfServer, int Epoch), Keys13?> _keys13 = [];
    private readonly List<byte[]> _idsOfClient = [];
    private readonly List<byte[]> _idsOfServer = [];
    private readonly int[] _newest = [2, 2];
    private byte[]? _clientRandom;
    private byte[]? _serverRandom;
    private byte[]? _offeredId;
    private bool _encryptThenMac;

    public Session(KeyLogSecrets? secrets, CryptoProvider crypto, Reassembly.Budget budget)
    {
        OfClient = new Reassembly(budget);
        OfServer = new Reassembly(budget);
        _secrets = secrets;
        _crypto = crypto;
        Messages = new MessageDecoder(this);
    }

    public MessageDecoder Messages { get; }

    public Reassembly OfClient { get; }

    public Reassembly OfServer { get; }

    /// <summary>Who is the client, or null until that is known.</summary>
    public string? Client { get; set; }

    public bool Is13 { get; private set; }

    public int SuiteId { get; private set; } = -1;

    /// <summary>Whether a ServerHello was seen: then another ClientHello in the clear begins another session.</summary>
    public bool IsChosen
    {
        get { return _serverRandom != null; }
    }

    /// <summary>Whether there are secrets of it in the key log.</summary>
    public bool HasSecrets
    {
        get
        {
            return _secrets != null && _clientRandom != null
                && (_secrets.Find("CLIENT_RANDOM", _clientRandom) ?? _secrets.Find("CLIENT_HANDSHAKE_TRAFFIC_SECRET", _clientRandom) ?? _secrets.Find("CLIENT_TRAFFIC_SECRET_0", _clientRandom)) != null;
        }
    }

    /// <summary>Whether a ClientHello of this random may be one more of this session's handshake.</summary>
    public bool MayBe(byte[] random)
    {
        return _clientRandom == null || random.AsSpan().SequenceEqual(_clientRandom);
    }

    public void TakeClientHello(byte[] random, byte[]? id)
    {
        _clientRandom = random;
        _offeredId = id;
    }

    public void TakeServerHello(byte[] random, int suite, bool is13, bool isRetry, bool encryptThenMac, byte[]? id)
    {
        Is13 = is13;
        SuiteId = suite;
        if (isRetry)
        {
            return;
        }

        _serverRandom = random;
        _encryptThenMac = encryptThenMac;
        if (id != null && _offeredId != null)
        {
            TakeId(ofServer: false, _offeredId);
            TakeId(ofServer: true, id);
        }
    }

    /// <summary>Another connection ID that an end wants to be called by.</summary>
    public void TakeId(bool ofServer, byte[] id)
    {
        List<byte[]> ids = ofServer ? _idsOfServer : _idsOfClient;
        if (id.Length > 0 && ids.Count < MaxIds && !ids.Exists(known => known.AsSpan().SequenceEqual(id)))
        {
            ids.Add(id);
        }
    }

    /// <summary>The connection ID that stands at the beginning of these bytes, of those that the receiver wants; null for none.</summary>
    public byte[]? FindId(bool toServer, ReadOnlySpan<byte> bytes)
    {
        foreach (byte[] id in toServer ? _idsOfServer : _idsOfClient)
        {
            if (bytes.StartsWith(id))
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>Keys of an epoch of DTLS 1.2, or null.</summary>
    public Keys12? KeysOf(bool ofServer, int epoch)
    {
        if (_keys12.TryGetValue((ofServer, epoch), out Keys12? keys))
        {
            return keys;
        }

        if (_clientRandom == null || _serverRandom == null || _keys12.Count >= MaxEpochs || WireNames.FindSuite(SuiteId) is not { } suite
            || (suite.VersionMask & CipherSuite.Version12) == 0 || _secrets?.Find("CLIENT_RANDOM", _clientRandom) is not { } master)
        {
            return null;
        }

        // Both at once: within a session the next handshake changes the randoms before the other end has used these.
        _keys12[(false, epoch)] = Keys12.Make(_crypto, suite, master, _clientRandom, _serverRandom, ofServer: false, _encryptThenMac);
        _keys12[(true, epoch)] = Keys12.Make(_crypto, suite, master, _clientRandom, _serverRandom, ofServer: true, _encryptThenMac);
        return _keys12[(ofServer, epoch)];
    }

    /// <summary>Epochs of DTLS 1.3 that two bits may stand for, the likeliest first.</summary>
    public IEnumerable<int> EpochsOf(bool ofServer, int bits)
    {
        int newest = _newest[ofServer ? 1 : 0];
        for (int epoch = newest + 2; epoch > 0 && epoch > newest - 6; epoch--)
        {
            if ((epoch & 3) == bits)
            {
                yield return epoch;
            }
        }
    }

    /// <summary>Keys of an epoch of DTLS 1.3, or null.</summary>
    public Keys13? Keys13Of(bool ofServer, int epoch)
    {
        if (_keys13.TryGetValue((ofServer, epoch), out Keys13? keys))
        {
            return keys;
        }

        if (_clientRandom == null || WireNames.FindSuite(SuiteId) is not { } suite || (suite.VersionMask & CipherSuite.Version13) == 0)
        {
            return null;
        }

        string end = ofServer ? "SERVER" : "CLIENT";
        byte[]? secret = epoch switch
        {
            1 => ofServer ? null : _secrets?.Find("CLIENT_EARLY_TRAFFIC_SECRET", _clientRandom),
            2 => _secrets?.Find(end + "_HANDSHAKE_TRAFFIC_SECRET", _clientRandom),
            3 => _secrets?.Find(end + "_TRAFFIC_SECRET_0", _clientRandom),
            _ => _keys13.GetValueOrDefault((ofServer, epoch - 1))?.Next(),
        };
        if (secret == null || secret.Length != CryptoAlgorithm.HashSize(suite.Hash))
        {
            return null;
        }

        keys = new Keys13(_crypto, suite, secret);
        _keys13[(ofServer, epoch)] = keys;
        return keys;
    }

    /// <summary>A record of this epoch was opened.</summary>
    public void Reached(bool ofServer, int epoch)
    {
        int end = ofServer ? 1 : 0;
        _newest[end] = Math.Max(_newest[end], epoch);
        _keys13.Remove((ofServer, epoch - MaxEpochs));
    }
}
