using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>Both ends with a pre-shared key and AES_128_CCM_8, in either version.</summary>
    internal static class KeyWork
    {
        private const int Records = 10;

        internal static void Run(CryptoProvider client, CryptoProvider server, string name, bool is13)
        {
            Ends ends = new Ends(name + (is13 ? " 1.3" : " 1.2"), Options(client, false, is13), Options(server, true, is13));
            ends.Connect(false);
            ends.Connect(true);
            ends.Exchange(Records);
        }

        private static DtlsOptions Options(CryptoProvider crypto, bool isServer, bool is13)
        {
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;
            options.MaxSessions = isServer ? 4 : 1;
            options.Psk = new PskStore();
            options.Psk.Add(new byte[16], "device-000000001");
            options.Suites = is13 ? Suites13.Constrained() : PskSuites.Constrained();
            if (is13)
            {
                int[] groups = new int[0];
                options.Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups, true) : new Version13(groups, true));
            }

            return options;
        }
    }
}
