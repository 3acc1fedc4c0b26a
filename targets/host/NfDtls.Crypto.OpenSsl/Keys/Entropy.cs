using System;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>OpenSSL's random generator, which has a state for each thread.</summary>
internal static unsafe class Entropy
{
    internal static bool TryFill(Span<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            bool done = bytes.IsEmpty || NativeMethods.RAND_bytes(pointer, bytes.Length) == 1;
            if (!done)
            {
                bytes.Clear();
                NativeMethods.ERR_clear_error();
            }

            return done;
        }
    }
}
