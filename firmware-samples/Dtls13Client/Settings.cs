namespace NfDtls.Samples.Dtls13Client
{
    /// <summary>What to change for your own network.</summary>
    internal static class Settings
    {
        /// <summary>The server's name or address.</summary>
        internal const string Server = "192.168.1.10";

        /// <summary>Its UDP port.</summary>
        internal const int Port = 5684;

        /// <summary>Milliseconds from one report to the next.</summary>
        internal const int Interval = 60000;

        /// <summary>Who we are.</summary>
        internal const string Identity = "sensor-1";

        /// <summary>The key, in hexadecimal. Give your devices random ones (`nfdtls keygen psk`), and keep them out of the source.</summary>
        internal const string Key = "000102030405060708090a0b0c0d0e0f";
    }
}
