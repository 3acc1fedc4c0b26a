namespace NfDtls.Samples.ModemTransport
{
    /// <summary>What to change for your own network.</summary>
    internal static class Settings
    {
        /// <summary>The CoAPs server's address; a modem, but not the simulated one, takes a name, too.</summary>
        internal const string Server = "192.168.1.10";

        /// <summary>Its UDP port.</summary>
        internal const int Port = 5684;

        /// <summary>The resource that takes the reports.</summary>
        internal const string Resource = "temperature";

        /// <summary>Milliseconds from one report to the next.</summary>
        internal const int Interval = 60000;

        /// <summary>Milliseconds until an unanswered flight of the handshake is sent again: what RFC 7925 section 11 tells devices.</summary>
        internal const int RetransmitTimeout = 9000;

        /// <summary>Milliseconds until an unanswered report is sent again, at the pace of such a network.</summary>
        internal const int AckTimeout = 9000;

        /// <summary>Whether the modem takes and gives data as hexadecimal digits.</summary>
        internal const bool IsHex = false;

        /// <summary>Who we are.</summary>
        internal const string Identity = "sensor-1";

        /// <summary>The key; libcoap's tools take one as text. Give your devices random ones, and keep them out of the source.</summary>
        internal const string Key = "a key of the sensor's own";
    }
}
