namespace NfDtls.Samples.EchoServer
{
    /// <summary>What to change for your own network.</summary>
    internal static class Settings
    {
        /// <summary>The UDP port; CoAPs has this number.</summary>
        internal const int Port = 5684;

        /// <summary>
        /// Whether the board's heap is of 64 KB: then one client at a time, and short datagrams. Else four, for which 112 KB are enough.
        /// </summary>
        internal static readonly bool IsSmall = false;

        /// <summary>Milliseconds without a word after which a client's place is given away.</summary>
        internal const int IdleTimeout = 300000;

        /// <summary>Milliseconds from one line of statistics to the next.</summary>
        internal const int ReportInterval = 10000;

        /// <summary>How much of everything there is.</summary>
        internal static void SetSizes(DtlsOptions options)
        {
            options.IdleTimeout = IdleTimeout;
            if (!IsSmall)
            {
                options.MaxSessions = 4;
                options.MaxHandshakes = 2;
                options.PoolPackets = 8;
                return;
            }

            options.Suites = PskSuites.Constrained();
            options.MaxSessions = 1;
            options.MaxHandshakes = 1;
            options.PoolPackets = 6;
            options.Mtu = 640;
            options.MaxHandshakeMessage = 256;
            options.MaxFlight = 512;
            options.OutOfOrderSlots = 2;
            options.OutOfOrderBytes = 128;
            options.HeldRecords = 2;
            options.ReceiveQueue = 2;
        }

        /// <summary>
        /// Every client has a key of its own. These stand here to be seen: give your devices random ones, and keep them out of
        /// the source.
        /// </summary>
        internal static void AddKeys(PskStore keys)
        {
            keys.Add(Key("000102030405060708090a0b0c0d0e0f"), "sensor-1");
            keys.Add(Key("101112131415161718191a1b1c1d1e1f"), "sensor-2");
        }

        private static byte[] Key(string hex)
        {
            byte[] key = new byte[hex.Length / 2];
            for (int i = 0; i < hex.Length; i++)
            {
                int digit = hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10;
                key[i / 2] = (byte)((key[i / 2] << 4) | digit);
            }

            return key;
        }
    }
}
