using System;

namespace NfDtls
{
    /// <summary>
    /// Everything that an endpoint is made of and sized by. Set it up, pass it to a client or a server, and leave it alone
    /// afterwards: the endpoint reads it once, at construction, but for the keys in <see cref="EndpointOptions.Psk"/>, which may
    /// change.
    /// </summary>
    public sealed class DtlsOptions : EndpointOptions
    {
        /// <summary>
        /// A fresh set for devices (RFC 7925 section 11): a retransmission timeout of 9 s, and without certificates no larger
        /// <see cref="EndpointOptions.ReceiveSize"/> than <see cref="EndpointOptions.Mtu"/>.
        /// </summary>
        public static DtlsOptions Iot()
        {
            DtlsOptions options = new DtlsOptions();
            options.RetransmitTimeout = 9000;
            options.SparesMemory = true;
            return options;
        }

        /// <summary>A fresh set for gateways: Ethernet's MTU, many sessions and packets.</summary>
        public static DtlsOptions Gateway()
        {
            DtlsOptions options = new DtlsOptions();
            options.Mtu = 1400;
            options.PoolPackets = 1024;
            options.MaxSessions = 1024;
            options.MaxHandshakes = 128;
            options.MaxHandshakeMessage = 8192;
            options.MaxFlight = 8192;
            options.OutOfOrderSlots = 8;
            options.OutOfOrderBytes = 1024;
            options.ReceiveQueue = 16;
            return options;
        }

        /// <summary>Readers of handshake messages of the application's own, during a handshake or after it; or null.</summary>
        public HandshakeMessage[]? Messages { get; set; }

        /// <summary>Readers of content types of the application's own; or null.</summary>
        public RecordType[]? RecordTypes { get; set; }

        /// <summary>What assemblies above add to every association, such as connection IDs; or null. An object of these serves one endpoint.</summary>
        public Feature[]? Features { get; set; }

        internal override Resumption Resumption
        {
            get
            {
                Resumption found = null;
                for (int i = 0; found == null && Features != null && i < Features.Length; i++)
                {
                    found = Features[i].Resumption;
                }

                return found;
            }
        }

        internal override int FeatureHelloBytes
        {
            get
            {
                int bytes = Features == null || ServerName == null ? 0 : ServerName.Length;
                for (int i = 0; Features != null && i < Features.Length; i++)
                {
                    bytes += Features[i].HelloBytes;
                }

                return bytes;
            }
        }

        internal override HelloExtension[] FeatureExtensions
        {
            get
            {
                HelloExtension[] all = new HelloExtension[0];
                for (int i = 0; Features != null && i < Features.Length; i++)
                {
                    HelloExtension[] some = Features[i].Extensions;
                    if (some != null)
                    {
                        HelloExtension[] both = new HelloExtension[all.Length + some.Length];
                        Array.Copy(all, 0, both, 0, all.Length);
                        Array.Copy(some, 0, both, all.Length, some.Length);
                        all = both;
                    }
                }

                return all;
            }
        }
    }
}
