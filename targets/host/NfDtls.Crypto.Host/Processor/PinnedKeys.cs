using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>
/// Arrays for keys that the collector does not move, so that no copies of them stay behind. Those that were wiped and given
/// back are given out again: pinned arrays cost more to make than a key's schedule, and are collected seldom.
/// </summary>
internal static class PinnedKeys
{
    /// <summary>Most arrays that are kept, of either length.</summary>
    private const int Kept = 256;

    private static readonly Stack<Vector128<byte>[]> Short = new();
    private static readonly Stack<Vector128<byte>[]> Long = new();

    /// <summary>An array of zeros for so many blocks, or longer.</summary>
    internal static Vector128<byte>[] Rent(int count)
    {
        Stack<Vector128<byte>[]> kept = count <= AesRounds.LongKey ? Short : Long;
        lock (kept)
        {
            if (kept.TryPop(out Vector128<byte>[]? array))
            {
                return array;
            }
        }

        return GC.AllocateArray<Vector128<byte>>(kept == Short ? AesRounds.LongKey : AesRounds.LongKey + Ghash.KeyLength, true);
    }

    /// <summary>Wipes an array and takes it back; a context leaves an empty one in its place, so that it cannot be used again.</summary>
    internal static void Return(ref Vector128<byte>[] keys)
    {
        Vector128<byte>[] array = keys;
        keys = [];
        if (array.Length == 0)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(array.AsSpan()));
        Stack<Vector128<byte>[]> kept = array.Length == AesRounds.LongKey ? Short : Long;
        lock (kept)
        {
            if (kept.Count < Kept)
            {
                kept.Push(array);
            }
        }
    }
}
