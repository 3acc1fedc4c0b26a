using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Threading;

namespace NfDtls.Crypto.Host;

/// <summary>
/// Arrays for keys that the collector does not move, so that no copies of them stay behind. Those that were wiped and given
/// back are given out again: pinned arrays cost more to make than a key's schedule, and are collected seldom.
/// </summary>
/// <remarks>
/// A context that is cleared while another thread works with it loses its array under that work. Nothing keeps the array from
/// being wiped and given to another context: the work goes on over whatever stands there, but gives none of its result out,
/// since it asks <see cref="AreStill"/> at its end. That costs a record less than a count of those who work with the array.
/// </remarks>
internal static class PinnedKeys
{
    /// <summary>Most arrays that are kept, of either length.</summary>
    internal const int Kept = 256;

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

    /// <summary>Whether what was read of keys until now was the context's own: that it has not given them back since they were taken from its field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool AreStill(Vector128<byte>[] keys, ref readonly Vector128<byte>[] field)
    {
        // Return empties the field before it wipes; here all of the keys are read before the field.
        Volatile.ReadBarrier();
        return ReferenceEquals(field, keys);
    }

    /// <summary>
    /// Wipes an array and takes it back; a context leaves an empty one in its place, so that it cannot be used again. Of several
    /// threads that clear one context a single one has the array to return.
    /// </summary>
    internal static void Return(ref Vector128<byte>[] keys)
    {
        // None at all where a context's constructor had no memory for them: the finalizer comes all the same.
        Vector128<byte>[]? array = Interlocked.Exchange(ref keys, []);
        if (array is null || array.Length == 0)
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
