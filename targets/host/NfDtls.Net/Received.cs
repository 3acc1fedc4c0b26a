using System;
using System.Buffers;

namespace NfDtls.Net;

/// <summary>What one record carried, in an array of the pool, until somebody takes it.</summary>
/// <param name="Buffer">The array.</param>
/// <param name="Length">Bytes of it that count.</param>
internal readonly record struct Received(byte[] Buffer, int Length)
{
    /// <summary>Copies what a packet holds.</summary>
    internal static Received Of(Packet packet)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(buffer, 0);
        return new Received(buffer, packet.Length);
    }

    /// <summary>Gives the array back, wiped; once.</summary>
    internal void Return()
    {
        Array.Clear(Buffer, 0, Length);
        ArrayPool<byte>.Shared.Return(Buffer);
    }
}
