using System;
using System.Linq;

namespace NfDtls.Tests.Peers.Strangers;

/// <summary>What a stranger says of itself after a handshake.</summary>
internal sealed class StrangerState
{
    private readonly string[] _words;

    internal StrangerState(string line)
    {
        _words = line.Split(' ');
    }

    /// <summary>Whether an earlier session was resumed.</summary>
    internal bool Resumed
    {
        get { return Value("resumed") == "1"; }
    }

    /// <summary>The CID that it reads, as lower-case hex; "empty" for one of no byte; "-" where none was negotiated.</summary>
    internal string OwnCid
    {
        get { return Value("own_cid"); }
    }

    /// <summary>The CID that it writes, likewise.</summary>
    internal string PeerCid
    {
        get { return Value("peer_cid"); }
    }

    /// <summary>The protocol, or "-".</summary>
    internal string Alpn
    {
        get { return Value("alpn"); }
    }

    /// <summary>Bytes that a record may carry to the other end.</summary>
    internal int Payload
    {
        get { return int.Parse(Value("payload")); }
    }

    /// <summary>Whether a client has a ticket.</summary>
    internal bool HasTicket
    {
        get { return Value("ticket") != "0"; }
    }

    /// <summary>The other end's port.</summary>
    internal int PeerPort
    {
        get { return int.Parse(Value("port")); }
    }

    private string Value(string name)
    {
        string word = _words.First(one => one.StartsWith(name + "=", StringComparison.Ordinal));
        return word[(name.Length + 1)..];
    }
}
