namespace NfDtls.Samples.Provisioning
{
    /// <summary>What a device leaves the factory with.</summary>
    internal static class Settings
    {
        /// <summary>The bootstrap server's name or address.</summary>
        internal const string BootstrapServer = "192.168.1.10";

        /// <summary>Its UDP port.</summary>
        internal const int BootstrapPort = 5783;

        /// <summary>What the device is called there (endpoint client name): each has another.</summary>
        internal const string Endpoint = "device-1";

        /// <summary>Who we are there.</summary>
        internal const string BootstrapIdentity = "factory-1";

        /// <summary>The key for it, as text. It opens nothing but the way to another key; give each device a random one all the same.</summary>
        internal const string BootstrapKey = "a key of the factory's";

        /// <summary>The resource of the real server that takes the reports.</summary>
        internal const string Resource = "temperature";

        /// <summary>Milliseconds from one report to the next.</summary>
        internal const int Interval = 60000;

        /// <summary>How often a server is tried before the bootstrap server is asked, and how often that one is asked.</summary>
        internal const int Tries = 3;

        /// <summary>Milliseconds that each try may take.</summary>
        internal const int ConnectTimeout = 60000;

        /// <summary>Milliseconds until an unanswered flight of a handshake is sent again: what RFC 7925 section 11 tells devices.</summary>
        internal const int RetransmitTimeout = 9000;

        /// <summary>Milliseconds between two tries.</summary>
        internal const int Pause = 5000;
    }
}
