using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>A place for a seed that survives what a test calls a boot, and can be made to fail.</summary>
internal sealed class TestSavedSeed : SavedSeed
{
    internal byte[] Bytes = new byte[0];
    internal int Reads;
    internal int Writes;
    internal bool CannotRead;
    internal bool CannotWrite;
    internal int Told = -1;

    public override int Read(byte[] destination, int offset)
    {
        if (CannotRead)
        {
            throw new InvalidOperationException("no storage");
        }

        Reads++;
        Array.Copy(Bytes, 0, destination, offset, Bytes.Length);
        return Told < 0 ? Bytes.Length : Told;
    }

    public override void Replace(byte[] source, int offset)
    {
        if (CannotWrite)
        {
            throw new InvalidOperationException("no storage");
        }

        Writes++;
        Bytes = new byte[Length];
        Array.Copy(source, offset, Bytes, 0, Length);
    }
}
