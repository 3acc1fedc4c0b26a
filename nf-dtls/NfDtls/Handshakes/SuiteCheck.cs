using System;

namespace NfDtls
{
    /// <summary>Options that can never work.</summary>
    internal static class SuiteCheck
    {
        /// <summary>Checks that a handler that is asked for keys would be called.</summary>
        /// <exception cref="ArgumentException">It would not; the message names the option.</exception>
        internal static void CheckHandler(EndpointOptions options, bool hasPskHandler)
        {
            if (hasPskHandler && !options.AskForPsk)
            {
                throw new ArgumentException("PskWanted has a handler, but DtlsOptions.AskForPsk is not set: it would never be called.");
            }
        }

        /// <summary>What is wrong with options of which no suite can be used; names the options.</summary>
        internal static string Describe(EndpointOptions options, bool isServer)
        {
            bool isSupported = false;
            for (int i = 0; i < options.Suites.Count; i++)
            {
                isSupported |= options.Suites.At(i).IsSupportedBy(options.Crypto);
            }

            if (!isSupported)
            {
                return "None of DtlsOptions.Suites can be used: DtlsOptions.Crypto can do none of them.";
            }

            string text = "None of DtlsOptions.Suites can be used: each needs ";
            bool lacksPsk = options.Psk == null && !options.AskForPsk;
            if (lacksPsk)
            {
                text += "DtlsOptions.Psk (or DtlsOptions.AskForPsk), which is not set, or ";
            }

            if (options.Authenticator == null)
            {
                return text + "DtlsOptions.Authenticator, which is not set.";
            }

            return text + (isServer ? "a private key of its kind in DtlsOptions.Authenticator, which has none." : "something that DtlsOptions.Crypto or DtlsOptions.Authenticator lacks.");
        }
    }
}
