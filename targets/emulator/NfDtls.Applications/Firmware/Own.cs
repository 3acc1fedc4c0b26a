using NfDtls.Crypto.Native;

namespace NfDtls.Applications
{
    /// <summary>A board whose firmware holds the native side of NfDtls.Native.</summary>
    internal static class Firmware
    {
        internal static CryptoProvider Crypto()
        {
            return new NativeProvider();
        }
    }
}
