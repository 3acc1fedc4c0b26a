using System;

namespace NfDtls.Crypto.Native
{
    /// <summary>Makes a key pair, which the native side returns in one piece.</summary>
    internal sealed class NativeKeyGeneration : NativeOperation
    {
        private readonly byte[] _pair;
        private readonly int _secretLength;
        private readonly byte[] _private;
        private readonly int _privateOffset;
        private readonly byte[] _public;
        private readonly int _publicOffset;

        internal NativeKeyGeneration(int handle, byte[] pair, int secretLength, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
            : base(handle, pair, 0, false)
        {
            _pair = pair;
            _secretLength = secretLength;
            _private = privateKey;
            _privateOffset = privateOffset;
            _public = publicKey;
            _publicOffset = publicOffset;
        }

        protected override void OnResult()
        {
            Array.Copy(_pair, 0, _private, _privateOffset, _secretLength);
            Array.Copy(_pair, _secretLength, _public, _publicOffset, _pair.Length - _secretLength);
            Array.Clear(_pair, 0, _pair.Length);
        }
    }
}
