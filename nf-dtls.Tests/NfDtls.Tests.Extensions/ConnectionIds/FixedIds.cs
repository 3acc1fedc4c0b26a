using System;
using NfDtls.Extensions;

namespace NfDtls.Tests.Extensions;

/// <summary>One connection ID of any length, as a stack of another make may have: a client's, or that of a server's first place.</summary>
internal sealed class FixedIds : ConnectionIds
{
    private readonly byte[] _id;
    private int _place;

    internal FixedIds(byte[] id)
    {
        _id = id;
    }

    public override int Length
    {
        get { return _id.Length; }
    }

    public override void Attach(CryptoProvider crypto, int places)
    {
    }

    public override void Create(int place, byte[] destination, int offset)
    {
        _place = place;
        Array.Copy(_id, 0, destination, offset, _id.Length);
    }

    public override int FindPlace(byte[] buffer, int offset)
    {
        return _place;
    }
}
