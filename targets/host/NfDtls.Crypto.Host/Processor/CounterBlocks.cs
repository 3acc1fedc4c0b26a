using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NfDtls.Crypto.Host;

/// <summary>
/// Several blocks of a key stream at once. A counter block has its bytes in reverse order here, so that its number stands in
/// the lowest 32 bits, which wrap alone, as GCM has it.
/// </summary>
internal static class CounterBlocks
{
    /// <summary>Blocks of a batch, which are summed up by as many powers of the hash's key.</summary>
    internal const int Batch = 8;

    /// <summary>The blocks of up to four numbers, from one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void EncryptFour(AesRounds rounds, Vector128<uint> counter, Span<Vector128<byte>> output)
    {
        Vector128<byte> a = Begin(rounds, counter, 0);
        Vector128<byte> b = Begin(rounds, counter, 1);
        Vector128<byte> c = Begin(rounds, counter, 2);
        Vector128<byte> d = Begin(rounds, counter, 3);
        for (int i = 1; i < rounds.LastRound; i++)
        {
            Vector128<byte> key = rounds.Key(i);
            a = Aes.Encrypt(a, key);
            b = Aes.Encrypt(b, key);
            c = Aes.Encrypt(c, key);
            d = Aes.Encrypt(d, key);
        }

        output[3] = rounds.Last(d);
        output[0] = rounds.Last(a);
        output[1] = rounds.Last(b);
        output[2] = rounds.Last(c);
    }

    /// <summary>
    /// Encrypts or decrypts a batch, and adds eight blocks to the hash meanwhile: those of the same batch (where it is
    /// decrypted), or of the one before (where it is encrypted). The instructions for the one fill the gaps of the other.
    /// </summary>
    /// <returns>The hash's new sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> CryptAndHash(
        AesRounds rounds, Ghash hash, Vector128<uint> counter, Span<Vector128<byte>> text, ReadOnlySpan<Vector128<byte>> hashed, Vector128<ulong> sum)
    {
        _ = hashed[Batch - 1];
        Vector128<byte> a = Begin(rounds, counter, 0);
        Vector128<byte> b = Begin(rounds, counter, 1);
        Vector128<byte> c = Begin(rounds, counter, 2);
        Vector128<byte> d = Begin(rounds, counter, 3);
        Vector128<byte> e = Begin(rounds, counter, 4);
        Vector128<byte> f = Begin(rounds, counter, 5);
        Vector128<byte> g = Begin(rounds, counter, 6);
        Vector128<byte> h = Begin(rounds, counter, 7);
        Vector128<ulong> low = default;
        Vector128<ulong> middle = default;
        Vector128<ulong> high = default;
        for (int i = 0; i < Batch; i++)
        {
            Vector128<byte> key = rounds.Key(i + 1);
            a = Aes.Encrypt(a, key);
            b = Aes.Encrypt(b, key);
            c = Aes.Encrypt(c, key);
            d = Aes.Encrypt(d, key);
            sum ^= AesRounds.Reverse(hashed[i]).AsUInt64();
            e = Aes.Encrypt(e, key);
            f = Aes.Encrypt(f, key);
            g = Aes.Encrypt(g, key);
            h = Aes.Encrypt(h, key);
            hash.Multiply(sum, Batch - i, ref low, ref middle, ref high);
            sum = default;
        }

        for (int i = Batch + 1; i < rounds.LastRound; i++)
        {
            Vector128<byte> key = rounds.Key(i);
            a = Aes.Encrypt(a, key);
            b = Aes.Encrypt(b, key);
            c = Aes.Encrypt(c, key);
            d = Aes.Encrypt(d, key);
            e = Aes.Encrypt(e, key);
            f = Aes.Encrypt(f, key);
            g = Aes.Encrypt(g, key);
            h = Aes.Encrypt(h, key);
        }

        text[7] ^= rounds.Last(h);
        text[0] ^= rounds.Last(a);
        text[1] ^= rounds.Last(b);
        text[2] ^= rounds.Last(c);
        text[3] ^= rounds.Last(d);
        text[4] ^= rounds.Last(e);
        text[5] ^= rounds.Last(f);
        text[6] ^= rounds.Last(g);
        return Ghash.Reduce(low, middle, high);
    }

    /// <summary>XORs a batch with its key stream.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Crypt(AesRounds rounds, Vector128<uint> counter, Span<Vector128<byte>> text)
    {
        Vector128<byte> a = Begin(rounds, counter, 0);
        Vector128<byte> b = Begin(rounds, counter, 1);
        Vector128<byte> c = Begin(rounds, counter, 2);
        Vector128<byte> d = Begin(rounds, counter, 3);
        Vector128<byte> e = Begin(rounds, counter, 4);
        Vector128<byte> f = Begin(rounds, counter, 5);
        Vector128<byte> g = Begin(rounds, counter, 6);
        Vector128<byte> h = Begin(rounds, counter, 7);
        for (int i = 1; i < rounds.LastRound; i++)
        {
            Vector128<byte> key = rounds.Key(i);
            a = Aes.Encrypt(a, key);
            b = Aes.Encrypt(b, key);
            c = Aes.Encrypt(c, key);
            d = Aes.Encrypt(d, key);
            e = Aes.Encrypt(e, key);
            f = Aes.Encrypt(f, key);
            g = Aes.Encrypt(g, key);
            h = Aes.Encrypt(h, key);
        }

        text[7] ^= rounds.Last(h);
        text[0] ^= rounds.Last(a);
        text[1] ^= rounds.Last(b);
        text[2] ^= rounds.Last(c);
        text[3] ^= rounds.Last(d);
        text[4] ^= rounds.Last(e);
        text[5] ^= rounds.Last(f);
        text[6] ^= rounds.Last(g);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Begin(AesRounds rounds, Vector128<uint> counter, uint number)
    {
        return AesRounds.Reverse((counter + Vector128.CreateScalar(number)).AsByte()) ^ rounds.FirstKey;
    }
}
