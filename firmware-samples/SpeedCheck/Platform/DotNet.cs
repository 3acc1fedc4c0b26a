using System;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>What is different on .NET.</summary>
    internal static class Platform
    {
        /// <summary>.NET has no firmware.</summary>
        internal static CryptoProvider MakeNative()
        {
            throw new NotSupportedException();
        }
    }
}
