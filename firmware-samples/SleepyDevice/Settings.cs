namespace NfDtls.Samples.SleepyDevice
{
    /// <summary>What to change for your own network.</summary>
    internal static class Settings
    {
        /// <summary>The server's name or address.</summary>
        internal const string Server = "192.168.1.10";

        /// <summary>Its UDP port.</summary>
        internal const int Port = 4433;

        /// <summary>Milliseconds from one report to the next.</summary>
        internal const int Interval = 60000;

        /// <summary>Who we are.</summary>
        internal const string Identity = "sensor-1";

        /// <summary>The pre-shared key. Give your devices random ones, and keep them out of the source.</summary>
        internal static readonly byte[] Key = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F };

        /// <summary>What the sleeping association is sealed under: as secret as <see cref="Key"/>, and another one.</summary>
        internal static readonly byte[] StorageKey = { 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F };
    }
}
