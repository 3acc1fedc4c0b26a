extern alias provisioning;

using System;
using System.Collections.Generic;
using System.IO;
using provisioning::NfDtls.Samples.Provisioning;

namespace NfDtls.Tests.Samples.Provisioning;

/// <summary>What a cut of power leaves of a write, and what the place held.</summary>
public enum Cut
{
    /// <summary>The new bytes so far, and the old ones behind them.</summary>
    InPlace,

    /// <summary>The new bytes so far, and nothing behind them.</summary>
    Shortened,

    /// <summary>The place was erased before, as flash is.</summary>
    Erased,

    /// <summary>The byte that was being written is neither.</summary>
    Torn,
}

/// <summary>Two places whose power may be cut at a byte of the next write.</summary>
internal sealed class CutMemory(Cut kind) : SlotMemory
{
    private readonly byte[]?[] _slots = new byte[2][];

    /// <summary>After how many bytes; -1 for never.</summary>
    internal int CutAt { get; set; } = -1;

    internal bool Forgets { get; set; }

    /// <summary>Whether it cannot be read.</summary>
    internal bool Throws { get; set; }

    internal int Writes { get; private set; }

    /// <summary>The arrays that were read or written, which hold keys until somebody zeroes them.</summary>
    internal List<byte[]> Given { get; } = [];

    internal byte[]? this[int slot]
    {
        get { return _slots[slot]; }
        set { _slots[slot] = value; }
    }

    internal override byte[]? Read(int slot)
    {
        if (Throws)
        {
            throw new IOException("The memory does not answer.");
        }

        byte[]? read = _slots[slot]?.AsSpan().ToArray();
        if (read != null)
        {
            Given.Add(read);
        }

        return read;
    }

    internal override void Write(int slot, byte[] bytes)
    {
        Writes++;
        Given.Add(bytes);
        if (CutAt < 0)
        {
            _slots[slot] = Forgets ? _slots[slot] : bytes.AsSpan().ToArray();
            return;
        }

        CutAt = Math.Min(CutAt, bytes.Length);
        byte[] before = _slots[slot] ?? [];
        byte[] left = new byte[kind == Cut.Shortened ? CutAt : Math.Max(before.Length, bytes.Length)];
        if (kind == Cut.Erased)
        {
            Array.Fill(left, (byte)0xFF);
        }
        else
        {
            before.AsSpan(0, Math.Min(before.Length, left.Length)).CopyTo(left);
        }

        bytes.AsSpan(0, CutAt).CopyTo(left);
        if (kind == Cut.Torn && CutAt < left.Length)
        {
            left[CutAt] ^= 0x55;
        }

        _slots[slot] = left;
        CutAt = -1;
        throw new IOException("The power is off.");
    }
}
