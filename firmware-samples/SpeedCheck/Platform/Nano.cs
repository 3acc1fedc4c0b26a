using NfDtls.Crypto.Native;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>What is different on a board.</summary>
    internal static class Platform
    {
        /// <summary>The provider over the firmware's native side; NotSupportedException where it has none.</summary>
        internal static CryptoProvider MakeNative()
        {
            return new NativeProvider();
        }
    }
}
