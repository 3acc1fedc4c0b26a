using System;
using NfDtls.Extensions;

namespace NfDtls.Tool;

/// <summary>--cid HEX|random:N: connection IDs of this end's own, and return routability with them.</summary>
internal sealed class CidChoice
{
    private const string Option = "--cid";
    private const string Random = "random:";

    // What tells a server's sessions apart behind the bytes that all have.
    private const int Behind = 8;

    private readonly byte[]? _bytes;
    private readonly int _length;

    private CidChoice(byte[]? bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    public static CidChoice Parse(string text, bool ofServer)
    {
        if (text.StartsWith(Random, StringComparison.Ordinal))
        {
            return new CidChoice(null, Numbers.Whole(text[Random.Length..], 0, ConnectionIds.MaxLength, Option + " " + Random));
        }

        byte[] bytes = Hex.Parse(text, Option);
        int most = ConnectionIds.MaxLength - (ofServer ? Behind : 0);
        return bytes.Length <= most ? new CidChoice(bytes, bytes.Length) : throw ToolException.Usage($"{Option} has at most {most} bytes{(ofServer ? ": every ID of a server begins with them, and has 8 more" : "")}.");
    }

    /// <summary>The features of one client or server.</summary>
    public Feature[] Make(bool ofServer)
    {
        ConnectionIdFeature ids = _bytes == null ? new ConnectionIdFeature(_length)
            : new ConnectionIdFeature(new PrefixedIds(_bytes, ofServer ? new RandomConnectionIds(Behind) : new RandomConnectionIds(0)));
        return [ids, new ReturnRoutability()];
    }

    /// <summary>IDs that begin with bytes of the user's: a node's number, say.</summary>
    private sealed class PrefixedIds : ConnectionIds
    {
        private readonly byte[] _prefix;
        private readonly ConnectionIds _rest;

        internal PrefixedIds(byte[] prefix, ConnectionIds rest)
        {
            _prefix = prefix;
            _rest = rest;
        }

        public override int Length => _prefix.Length + _rest.Length;

        public override void Attach(CryptoProvider crypto, int places)
        {
            _rest.Attach(crypto, places);
        }

        public override void Create(int place, byte[] destination, int offset)
        {
            _prefix.CopyTo(destination, offset);
            _rest.Create(place, destination, offset + _prefix.Length);
        }

        public override int FindPlace(byte[] buffer, int offset)
        {
            return buffer.AsSpan(offset, _prefix.Length).SequenceEqual(_prefix) ? _rest.FindPlace(buffer, offset + _prefix.Length) : -1;
        }
    }
}
