using System;

namespace NfDtls
{
    /// <summary>What options may be, each alone and all together.</summary>
    internal static class OptionCheck
    {
        private const int MaxOwnExtensions = 24;

        /// <summary>Checks every option.</summary>
        /// <exception cref="ArgumentException">An option is out of its range; the message names it and what is allowed.</exception>
        internal static void All(EndpointOptions options)
        {
            if (options.Crypto == null)
            {
                throw new ArgumentException("DtlsOptions.Crypto must be set to a crypto provider.");
            }

            if (options.Suites == null || options.Suites.Count == 0)
            {
                throw new ArgumentException("DtlsOptions.Suites must name at least one cipher suite, PskSuites.All() for example.");
            }

            if (options.Versions != null && options.Versions.Count == 0)
            {
                throw new ArgumentException("DtlsOptions.Versions must name at least one version, or be null for DTLS 1.2.");
            }

            if (options.PskHint != null)
            {
                PskStore.CheckLength(options.PskHint, "PskHint");
            }

            if (options.Extensions != null && options.Extensions.Length > MaxOwnExtensions)
            {
                throw new ArgumentException("DtlsOptions.Extensions may hold 24 extensions.");
            }

            Check("PoolPackets", options.PoolPackets, 2, 65535);
            Check("Mtu", options.Mtu, EndpointOptions.MinMtu, EndpointOptions.MaxMtu);
            Check("ReceiveSize", options.ReceiveSize, EndpointOptions.MinMtu, EndpointOptions.MaxMtu);
            Check("ReplayWindow", options.ReplayWindow, 32, 1024);
            Check("MaxHandshakeMessage", options.MaxHandshakeMessage, 128, 65536);
            Check("MaxFlight", options.MaxFlight, 256, 65536);
            Check("OutOfOrderSlots", options.OutOfOrderSlots, 0, 16);
            Check("OutOfOrderBytes", options.EffectiveOutOfOrderBytes, 64, 16384);
            Check("HeldRecords", options.HeldRecords, 0, 32);
            Check("ReceiveQueue", options.ReceiveQueue, 1, 4096);
            Check("RetransmitTimeout", options.RetransmitTimeout, 50, 60000);
            Check("MaxRetransmitTimeout", options.MaxRetransmitTimeout, options.RetransmitTimeout, 600000);
            Check("MaxRetransmits", options.MaxRetransmits, 0, 100);
            Check("HandshakeTimeout", options.HandshakeTimeout, 0, int.MaxValue);
            Check("CookieLifetime", options.CookieLifetime, 1000, 3600000);
            Check("MaxSessions", options.MaxSessions, 1, 65535);
            Check("MaxHandshakes", options.MaxHandshakes, 1, 65535);
            Check("MaxSessionsPerHost", options.MaxSessionsPerHost, 0, 65535);
            Check("HostOffset", options.HostOffset, 0, Packet.MaxAddressLength);
            Check("HostPrefixBits", options.HostPrefixBits, 0, 128);
            Check("EvictAfter", options.EvictAfter, 0, int.MaxValue);
            Check("IdleTimeout", options.IdleTimeout, 0, int.MaxValue);
            Check("StepBudget", options.StepBudget, 1, 1000);
            Check("MaxChainBytes", options.MaxChainBytes, 128, 65000);
            Check("MaxChainLength", options.MaxChainLength, 1, 10);
            Check("TranscriptBytes", options.TranscriptBytes, 0, 65536);
            if (options.ReplayWindow % 32 != 0)
            {
                Refuse("ReplayWindow", "a multiple of 32", options.ReplayWindow);
            }

            if (options.SealLimit < 0 || options.SealLimit == 1)
            {
                Refuse("SealLimit", "0 or at least 2", options.SealLimit);
            }

            if (options.ForgeryLimit < 0)
            {
                Refuse("ForgeryLimit", "0 or at least 1", options.ForgeryLimit);
            }

            if (options.Pool != null && options.Pool.PayloadSize < options.PacketSize)
            {
                Refuse("Pool", "of packets of at least the " + options.PacketSize.ToString() + " bytes that Mtu and ReceiveSize need", options.Pool.PayloadSize);
            }

            Shares(options, false);
        }

        /// <summary>Checks that what was set of the pool's packets can be had: alone, by a session, beside what is passing through.</summary>
        internal static void Shares(EndpointOptions options, bool isServer)
        {
            int packets = options.Pool != null ? options.Pool.Count : options.PoolPackets;
            int most = isServer || options.Pool != null ? packets - PacketPool.PassingOf(packets) : packets;
            if (options.SetsReceiveQueue)
            {
                CheckShare("ReceiveQueue", options.ReceiveQueue, 1, most, packets);
            }

            if (options.SetsHeldRecords)
            {
                CheckShare("HeldRecords", options.HeldRecords, 0, packets / 2, packets);
            }
        }

        private static void CheckShare(string name, int value, int least, int most, int packets)
        {
            if (value > most)
            {
                Refuse(name, Range(least, most) + " with a pool of " + packets.ToString() + " packets", value);
            }
        }

        private static void Check(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                Refuse(name, Range(least, most), value);
            }
        }

        private static string Range(int least, int most)
        {
            return least.ToString() + " to " + most.ToString();
        }

        private static void Refuse(string name, string allowed, long value)
        {
            throw new ArgumentException("DtlsOptions." + name + " must be " + allowed + ", not " + value.ToString() + ".");
        }
    }
}
