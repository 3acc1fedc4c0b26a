using System;
using NfDtls.Native;

namespace NfDtls.Crypto.Native
{
    /// <summary>The numbers that the native side fails with (nfdtls.h), and what they become.</summary>
    internal static class NativeError
    {
        internal const int Handle = -1;
        internal const int Argument = -2;
        internal const int Unsupported = -3;
        internal const int Full = -4;
        internal const int Memory = -5;
        internal const int Entropy = -6;
        internal const int Forged = -7;
        internal const int Peer = -8;
        internal const int Signature = -9;

        private const int QueryHandles = 1;

        /// <summary>The exception for a call that cannot fail by its data.</summary>
        internal static Exception ToException(int error)
        {
            switch (error)
            {
                case Handle:
                    return new InvalidOperationException("The native context was cleared, or the board was restarted.");
                case Argument:
                    return new ArgumentOutOfRangeException("count");
                case Unsupported:
                    return new NotSupportedException("The native provider lacks the algorithm.");
                case Full:
                    return new InvalidOperationException("All " + NativeMethods.Query(QueryHandles).ToString() + " native contexts are in use.");
                case Memory:
                    return new InvalidOperationException("The native side has no memory left.");
                case Entropy:
                    return new InvalidOperationException("The native random source failed.");
                default:
                    return new InvalidOperationException("The native side failed with error " + error.ToString() + ".");
            }
        }

        /// <summary>Why an operation failed.</summary>
        internal static DtlsError ToDtlsError(int error)
        {
            switch (error)
            {
                case Entropy: return DtlsError.NoEntropy;
                case Peer: return DtlsError.IllegalParameter;
                case Signature: return DtlsError.DecryptError;
                default: return DtlsError.InternalError;
            }
        }
    }
}
