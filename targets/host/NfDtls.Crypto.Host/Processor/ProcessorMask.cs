using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NfDtls.Crypto.Host;

/// <summary>Masks by AES, the block of the sample, by the processor's instructions.</summary>
internal sealed class ProcessorMask : MaskContext
{
    private readonly int _count;
    private Vector128<byte>[] _keys;

    internal ProcessorMask(ReadOnlySpan<byte> key)
    {
        _count = AesRounds.KeysOf(key);
        _keys = PinnedKeys.Rent(_count);
        AesRounds.Expand(key, _keys);
    }

    /// <summary>Wipes the keys of a context that nobody has cleared. None is under work then: a mask's last step reads the field.</summary>
    ~ProcessorMask()
    {
        PinnedKeys.Return(ref _keys);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
    {
        Vector128<byte>[] keys = _keys;
        ObjectDisposedException.ThrowIf(keys.Length == 0, this);
        Vector128<byte> block = Vector128.Create((ReadOnlySpan<byte>)sample.AsSpan(offset, SampleLength));
        block = new AesRounds(keys, _count).Encrypt(block);
        ObjectDisposedException.ThrowIf(!PinnedKeys.AreStill(keys, in _keys), this);
        block.CopyTo(mask.AsSpan(maskOffset, SampleLength));
    }

    public override void Clear()
    {
        PinnedKeys.Return(ref _keys);
        GC.SuppressFinalize(this);
    }
}
