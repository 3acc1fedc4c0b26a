#nullable enable
using System;
using static NfDtls.Native.Library;

namespace NfDtls.Native;

/// <summary>
/// The same methods as NfDtls.Native's, over the shared library: ranges are checked here as the CLR's glue checks them, and a
/// missing library is what a firmware without the native side is. What each does stands there.
/// </summary>
internal static unsafe class NativeMethods
{
    public static int Query(int what)
    {
        try
        {
            return nfdtls_query(what);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new NotSupportedException("libnfdtls is not there; ./build.sh native makes it.", exception);
        }
    }

    public static int Supports(int algorithm)
    {
        return nfdtls_supports(algorithm);
    }

    public static int Free(int handle)
    {
        return nfdtls_free(handle);
    }

    public static int Random(byte[] bytes, int offset, int count)
    {
        fixed (byte* p = Range(bytes, offset, count))
        {
            return nfdtls_random(p, (nuint)count);
        }
    }

    public static int HashNew(int algorithm)
    {
        return nfdtls_hash_new(algorithm);
    }

    public static int HashUpdate(int handle, byte[] data, int offset, int count)
    {
        fixed (byte* p = Range(data, offset, count))
        {
            return nfdtls_hash_update(handle, p, (nuint)count);
        }
    }

    public static int HashPeek(int handle, byte[] digest, int offset)
    {
        fixed (byte* p = Rest(digest, offset))
        {
            return nfdtls_hash_peek(handle, p, (nuint)(digest.Length - offset));
        }
    }

    public static int HashReset(int handle)
    {
        return nfdtls_hash_reset(handle);
    }

    public static int AeadNew(int algorithm, byte[] key, int offset, int tagLength)
    {
        fixed (byte* p = Rest(key, offset))
        {
            return nfdtls_aead_new(algorithm, p, (nuint)(key.Length - offset), (nuint)tagLength);
        }
    }

    public static int AeadSeal(int handle, byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        Range(data, offset, count);
        fixed (byte* n = Rest(nonce, nonceOffset), a = Range(aad, aadOffset, aadCount), d = Rest(data, offset))
        {
            return nfdtls_aead_seal(handle, n, (nuint)(nonce.Length - nonceOffset), a, (nuint)aadCount, d, (nuint)count, (nuint)(data.Length - offset));
        }
    }

    public static int AeadOpen(int handle, byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        Range(data, offset, count);
        fixed (byte* n = Rest(nonce, nonceOffset), a = Range(aad, aadOffset, aadCount), d = Rest(data, offset))
        {
            return nfdtls_aead_open(handle, n, (nuint)(nonce.Length - nonceOffset), a, (nuint)aadCount, d, (nuint)count, (nuint)(data.Length - offset));
        }
    }

    public static int CbcNew(int algorithm, byte[] keys, int offset, int encryptThenMac)
    {
        fixed (byte* p = Rest(keys, offset))
        {
            return nfdtls_cbc_new(algorithm, p, (nuint)(keys.Length - offset), encryptThenMac);
        }
    }

    public static int CbcSeal(int handle, byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
    {
        Range(data, offset, count);
        fixed (byte* h = Range(header, headerOffset, headerCount), i = Rest(iv, ivOffset), d = Rest(data, offset))
        {
            return nfdtls_cbc_seal(handle, h, (nuint)headerCount, i, (nuint)(iv.Length - ivOffset), d, (nuint)count, (nuint)(data.Length - offset));
        }
    }

    public static int CbcOpen(int handle, byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
    {
        fixed (byte* h = Range(header, headerOffset, headerCount), i = Rest(iv, ivOffset), d = Range(data, offset, count))
        {
            return nfdtls_cbc_open(handle, h, (nuint)headerCount, i, (nuint)(iv.Length - ivOffset), d, (nuint)count);
        }
    }

    public static int Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] mac, int macOffset)
    {
        fixed (byte* k = Range(key, keyOffset, keyCount), d = Range(data, offset, count), m = Rest(mac, macOffset))
        {
            return nfdtls_hmac(hash, k, (nuint)keyCount, d, (nuint)count, m, (nuint)(mac.Length - macOffset));
        }
    }

    public static int Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] output, int offset, int count)
    {
        fixed (byte* s = Range(secret, secretOffset, secretCount), l = Range(labelAndSeed, seedOffset, seedCount), p = Range(output, offset, count))
        {
            return nfdtls_prf(hash, s, (nuint)secretCount, l, (nuint)seedCount, p, (nuint)count);
        }
    }

    public static int HkdfExpand(int hash, byte[] key, int keyOffset, int keyCount, byte[] info, int infoOffset, int infoCount, byte[] output, int offset, int count)
    {
        fixed (byte* k = Range(key, keyOffset, keyCount), i = Range(info, infoOffset, infoCount), p = Range(output, offset, count))
        {
            return nfdtls_hkdf_expand(hash, k, (nuint)keyCount, i, (nuint)infoCount, p, (nuint)count);
        }
    }

    public static int Begin(int algorithm, int parameter, byte[] input, int offset, int count)
    {
        fixed (byte* p = Range(input, offset, count))
        {
            return nfdtls_begin(algorithm, parameter, p, (nuint)count);
        }
    }

    public static int Poll(int handle)
    {
        return nfdtls_poll(handle);
    }

    public static int Finish(int handle, byte[]? result, int offset)
    {
        if (result == null)
        {
            return nfdtls_finish(handle, null, 0);
        }

        fixed (byte* p = Rest(result, offset))
        {
            return nfdtls_finish(handle, p, (nuint)(result.Length - offset));
        }
    }

    private static Span<byte> Range(byte[] array, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.AsSpan(offset, count);
    }

    private static Span<byte> Rest(byte[] array, int offset)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.AsSpan(offset);
    }
}
