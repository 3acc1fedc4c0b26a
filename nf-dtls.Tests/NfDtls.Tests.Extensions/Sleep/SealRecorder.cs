using System;
using System.Collections.Generic;

namespace NfDtls.Tests.Extensions;

/// <summary>What was sealed so far, by all ends and in all their lives: no AEAD key sees a nonce twice, no MAC key a record number.</summary>
internal sealed class SealRecorder
{
    private readonly HashSet<string> _seals = new();

    /// <summary>Told of the content of everything that is sealed by an AEAD.</summary>
    internal Action<byte[]>? Content { get; set; }

    internal int Count
    {
        get { return _seals.Count; }
    }

    internal void Add(byte[] key, ReadOnlySpan<byte> number)
    {
        if (!_seals.Add(Convert.ToHexString(key) + ":" + Convert.ToHexString(number)))
        {
            throw new InvalidOperationException("A number was used twice under one key: " + Convert.ToHexString(number) + ".");
        }
    }
}
