using System;
using System.Collections.Generic;

namespace NfDtls.Tool;

/// <summary>The sessions of a capture, by their ends' addresses and by connection ID; the newest of each two ends first. Bounded.</summary>
internal sealed class SessionTable
{
    private const int MaxPairs = 4096;
    private const int SessionsOfPair = 4;
    private const int MaxNamed = 4096;
    private const int Handshake = 22;
    private const int MessageHeader = 12;
    private const int RandomAt = MessageHeader + 2;

    private static readonly List<Session> None = [];

    private readonly KeyLogSecrets? _secrets;
    private readonly CryptoProvider _crypto;
    private readonly Dictionary<(string, string), List<Session>> _pairs = [];
    private readonly List<Session> _all = [];
    private Reassembly.Budget _budget = new Reassembly.Budget();

    public SessionTable(KeyLogSecrets? secrets, CryptoProvider crypto)
    {
        _secrets = secrets;
        _crypto = crypto;
    }

    /// <summary>Sessions that were seen to choose suite and version.</summary>
    public int Chosen
    {
        get { return _all.FindAll(s => s.IsChosen).Count; }
    }

    /// <summary>Those of them with secrets in the key log.</summary>
    public int WithSecrets
    {
        get { return _all.FindAll(s => s.IsChosen && s.HasSecrets).Count; }
    }

    /// <summary>Whether a record that has the header of DTLS 1.3 is from two known ends, or has a known connection ID.</summary>
    public bool Knows(string from, string to, ReadOnlySpan<byte> record)
    {
        return _pairs.ContainsKey(Pair(from, to)) || ((record[0] & 16) != 0 && Find(from, to, record[1..]).Count > 0);
    }

    /// <summary>The sessions that a protected record may belong to, the likeliest first.</summary>
    /// <param name="from">Who sent it.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="id">The bytes that begin with its connection ID, or none.</param>
    public List<Session> Find(string from, string to, ReadOnlySpan<byte> id)
    {
        List<Session> found = _pairs.GetValueOrDefault(Pair(from, to), None);
        if (id.Length == 0)
        {
            return found;
        }

        // An end may come from another address, and be known by the ID alone.
        List<Session> named = [.. found];
        foreach (Session session in _all)
        {
            if (!named.Contains(session) && (session.FindId(true, id) ?? session.FindId(false, id)) != null)
            {
                named.Add(session);
            }
        }

        return named;
    }

    /// <summary>The session of a record in the clear: a hello after a handshake begins another one between the same ends.</summary>
    public Session ForPlain(string from, string to, int type, ReadOnlySpan<byte> fragment, int version)
    {
        if (!_pairs.TryGetValue(Pair(from, to), out List<Session>? sessions))
        {
            if (_pairs.Count >= MaxPairs)
            {
                _pairs.Clear();
                _all.Clear();
                _budget = new Reassembly.Budget();
            }

            sessions = [];
            _pairs[Pair(from, to)] = sessions;
        }

        bool isHello = type == Handshake && fragment.Length >= MessageHeader && fragment[0] == HandshakeType.ClientHello;
        bool hasRandom = isHello && fragment.Length >= RandomAt + 32 && fragment[6] == 0 && fragment[7] == 0 && fragment[8] == 0;
        if (sessions.Count == 0 || (hasRandom && sessions[0].IsChosen && !sessions[0].MayBe(fragment.Slice(RandomAt, 32).ToArray())))
        {
            Session session = new Session(_secrets, _crypto, _budget);
            sessions.Insert(0, session);
            _all.Add(session);
            Trim(sessions);
        }

        bool isServers = type == Handshake && fragment.Length >= MessageHeader && fragment[0] is HandshakeType.ServerHello or HandshakeType.HelloVerifyRequest;
        sessions[0].Client = isHello ? from : sessions[0].Client ?? (isServers ? to : null);
        return sessions[0];
    }

    private void Trim(List<Session> sessions)
    {
        if (sessions.Count > SessionsOfPair)
        {
            sessions[^1].OfClient.Clear();
            sessions[^1].OfServer.Clear();
            _all.Remove(sessions[^1]);
            sessions.RemoveAt(sessions.Count - 1);
        }

        if (_all.Count > MaxNamed)
        {
            _all.RemoveAt(0);
        }
    }

    private static (string, string) Pair(string a, string b)
    {
        return string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
    }
}
