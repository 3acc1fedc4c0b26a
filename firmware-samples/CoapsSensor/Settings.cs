namespace NfDtls.Samples.CoapsSensor
{
    /// <summary>What to change for your own network.</summary>
    internal static class Settings
    {
        /// <summary>The CoAPs server's name or address.</summary>
        internal const string Server = "192.168.1.10";

        /// <summary>Its UDP port.</summary>
        internal const int Port = 5684;

        /// <summary>The resource that takes the reports.</summary>
        internal const string Resource = "temperature";

        /// <summary>Milliseconds from one report to the next.</summary>
        internal const int Interval = 60000;

        /// <summary>Who we are.</summary>
        internal const string Identity = "sensor-1";

        /// <summary>The key; libcoap's tools take one as text. Give your devices random ones, and keep them out of the source.</summary>
        internal const string Key = "a key of the sensor's own";
    }
}
