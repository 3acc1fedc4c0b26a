using System;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>
/// The hashes, on a state that the caller holds: copying its words copies the hash, and nothing is allocated, which OpenSSL's
/// newer functions do for every copy.
/// </summary>
internal static unsafe class Sha
{
    /// <summary>Words of state, more than the largest (216 bytes for SHA-512) has.</summary>
    internal const int StateWords = 32;

    internal const int LongestBlock = 128;
    internal const int LongestDigest = 64;

    internal static int BlockSize(int hash)
    {
        return hash is CryptoAlgorithm.Sha384 or CryptoAlgorithm.Sha512 ? 128 : 64;
    }

    internal static void Start(int hash, ulong* state)
    {
        switch (hash)
        {
            case CryptoAlgorithm.Sha1: NativeMethods.SHA1_Init(state); break;
            case CryptoAlgorithm.Sha256: NativeMethods.SHA256_Init(state); break;
            case CryptoAlgorithm.Sha384: NativeMethods.SHA384_Init(state); break;
            default: NativeMethods.SHA512_Init(state); break;
        }
    }

    internal static void Add(int hash, ulong* state, ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            nuint count = (nuint)data.Length;
            if (data.Length <= NativeMethods.Few)
            {
                AddFew(hash, state, bytes, count);
                return;
            }

            switch (hash)
            {
                case CryptoAlgorithm.Sha1: NativeMethods.SHA1_Update(state, bytes, count); break;
                case CryptoAlgorithm.Sha256: NativeMethods.SHA256_Update(state, bytes, count); break;
                case CryptoAlgorithm.Sha384: NativeMethods.SHA384_Update(state, bytes, count); break;
                default: NativeMethods.SHA512_Update(state, bytes, count); break;
            }
        }
    }

    private static void AddFew(int hash, ulong* state, byte* bytes, nuint count)
    {
        switch (hash)
        {
            case CryptoAlgorithm.Sha1: NativeMethods.Short_SHA1_Update(state, bytes, count); break;
            case CryptoAlgorithm.Sha256: NativeMethods.Short_SHA256_Update(state, bytes, count); break;
            case CryptoAlgorithm.Sha384: NativeMethods.Short_SHA384_Update(state, bytes, count); break;
            default: NativeMethods.Short_SHA512_Update(state, bytes, count); break;
        }
    }

    /// <summary>Writes the digest, which ends the state.</summary>
    internal static void End(int hash, ulong* state, Span<byte> digest)
    {
        if (digest.Length < CryptoAlgorithm.HashSize(hash))
        {
            throw new ArgumentOutOfRangeException(nameof(digest));
        }

        fixed (byte* bytes = digest)
        {
            switch (hash)
            {
                case CryptoAlgorithm.Sha1: NativeMethods.SHA1_Final(bytes, state); break;
                case CryptoAlgorithm.Sha256: NativeMethods.SHA256_Final(bytes, state); break;
                case CryptoAlgorithm.Sha384: NativeMethods.SHA384_Final(bytes, state); break;
                default: NativeMethods.SHA512_Final(bytes, state); break;
            }
        }
    }
}
