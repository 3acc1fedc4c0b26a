using System;
using System.Buffers;
using System.Threading;

namespace NfDtls.Net;

/// <summary>What one record carried, in memory of a pool. Dispose gives it back, wiped; use nothing of it afterwards.</summary>
public sealed class DtlsDatagram : IMemoryOwner<byte>
{
    private readonly int _length;
    private byte[]? _buffer;

    internal DtlsDatagram(Received received)
    {
        _length = received.Length;
        _buffer = received.Buffer;
    }

    /// <summary>Bytes of it; 0 for an empty record.</summary>
    public int Length => _length;

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">They were given back.</exception>
    public Memory<byte> Memory
    {
        get
        {
            byte[]? buffer = _buffer;
            ObjectDisposedException.ThrowIf(buffer == null, this);
            return buffer.AsMemory(0, _length);
        }
    }

    /// <summary>Gives the memory back. May be called twice.</summary>
    public void Dispose()
    {
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer != null)
        {
            new Received(buffer, _length).Return();
        }
    }
}
