using System;

namespace NfDtls
{
    /// <summary>
    /// What a client and a server share: the buffers, the way of a datagram through its records, what waits to be sent. No
    /// thread, socket, timer or clock: the caller passes datagrams and a monotonic time in milliseconds, fetches what is to
    /// be sent, and is told when to call again. One thread at a time; a call from inside a call throws.
    /// </summary>
    public abstract class DtlsEngine : AssociationHost
    {
        internal DtlsEngine(DtlsOptions options, VersionTable versions)
            : base(options, versions, options == null ? null : FeaturesOf(options, versions))
        {
            Messages = options.Messages;
            RecordTypes = options.RecordTypes;
            for (int i = 0; i < Features.Length; i++)
            {
                Feature feature = Features[i];
                if (feature.Owner != null && feature.Owner.IsServer != IsServer)
                {
                    throw new ArgumentException("DtlsOptions.Features: an object there serves one endpoint; a client and a server need one each.");
                }

                feature.Owner = this;
                feature.Attach(this);
            }
        }

        /// <summary>Whether no endpoint that was made later has taken a feature over.</summary>
        /// <exception cref="InvalidOperationException">One has.</exception>
        internal void CheckOwnFeatures()
        {
            for (int i = 0; i < Features.Length; i++)
            {
                if (Features[i].Owner != this)
                {
                    throw new InvalidOperationException("DtlsOptions.Features: an object there serves one endpoint, and another one was made with it since.");
                }
            }
        }

        /// <summary>The features that the options name, and those that their versions bring.</summary>
        private static Feature[] FeaturesOf(DtlsOptions options, VersionTable versions)
        {
            Feature[] named = options.Features == null ? new Feature[0] : options.Features;
            Feature[] all = new Feature[named.Length + versions.Count];
            Array.Copy(named, all, named.Length);
            int count = named.Length;
            for (int i = 0; i < versions.Count; i++)
            {
                all[count] = versions.At(i).AssociationPart as Feature;
                count += all[count] == null ? 0 : 1;
            }

            if (count == named.Length)
            {
                return named;
            }

            Feature[] features = new Feature[count];
            Array.Copy(all, features, count);
            return features;
        }

        /// <summary>The versions that the options name, or DTLS 1.2.</summary>
        internal static VersionTable VersionsOf(DtlsOptions options)
        {
            return options != null && options.Versions != null ? options.Versions : new VersionTable().Add(new Dtls12());
        }

        /// <summary>When <see cref="HandleTimeout"/> wants to be called, in milliseconds: long.MaxValue for never, a time that has passed for at once.</summary>
        public abstract long NextDeadline { get; }

        /// <summary>Does what the time has come for: timers, and a step of work that waits.</summary>
        public abstract void HandleTimeout(long now);

        /// <summary>
        /// The next datagram to send, or null. The caller sends it and calls <see cref="Packet.Return"/>. To be asked until null
        /// after every other call.
        /// </summary>
        public Packet? PollDatagram(long now)
        {
            Enter();
            try
            {
                Packet packet = FirstReady == null ? Transmit.Take() : NextDatagram(now);
                if (packet != null)
                {
                    DtlsStatistics counters = Counters;
                    counters.DatagramsOut++;
                    counters.BytesOut += packet.Count;
                }

                return packet;
            }
            finally
            {
                Leave();
            }
        }

        /// <summary>
        /// Begins a handshake within a connected association, for new keys (RFC 5746): a client sends its hello, a server asks for
        /// it. <see cref="DtlsOptions.Features"/> must have a Renegotiation (NfDtls.Extensions). Data flow on meanwhile. How it ended is
        /// told by <see cref="AssociationEvents.Renegotiated"/> or <see cref="AssociationEvents.RenegotiationRefused"/>; where it fails, the
        /// association ends. One that runs already, or was asked for, goes on, and nothing else happens.
        /// </summary>
        /// <param name="association">An association of this endpoint's.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="InvalidOperationException">There is no Renegotiation among the features.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected, SessionClosed (or why it ended). InsufficientSecurity: the peer does not know secure renegotiation.
        /// SequenceExhausted: there is no epoch left. NoFreeSession: no slot for a handshake is free. PoolExhausted: no packet is.
        /// NoEntropy or InternalError: the crypto provider failed.
        /// </exception>
        public void Renegotiate(Association association, long now)
        {
            if (association == null || association.Engine != this)
            {
                throw new ArgumentException("The association is none of this engine's.", "association");
            }

            Enter();
            try
            {
                bool isDone = false;
                for (int i = 0; i < Features.Length && !isDone; i++)
                {
                    isDone = Features[i].Renegotiate(association, now);
                }

                if (!isDone)
                {
                    throw new InvalidOperationException("DtlsOptions.Features has no Renegotiation.");
                }
            }
            finally
            {
                Leave();
                DeadlineChanged(association);
            }
        }

        /// <summary>What to do with one record of a datagram; its header was read.</summary>
        internal abstract void HandleRecord(byte[] buffer, long now);

        /// <summary>Takes a datagram apart.</summary>
        internal void HandleRecords(byte[] buffer, int offset, int count, long now)
        {
            DtlsStatistics counters = Counters;
            DatagramLength = count;
            counters.DatagramsIn++;
            counters.BytesIn += count;
            int end = offset + count;
            IsMixed = false;
            while (offset < end && !IsMixed)
            {
                if (!ReadHeader(buffer, offset, end - offset))
                {
                    Drop(DropReason.Malformed, buffer[offset]);
                    return;
                }

                // Read before the record is handled: handling may use the header again.
                offset = Header.End;
                HandleRecord(buffer, now);
            }
        }

        /// <summary>Lets every suite that may be used say what it misses; returns how many there are.</summary>
        internal int CheckSuites(bool isServer)
        {
            int usable = 0;
            for (int i = 0; i < Options.Suites.Count; i++)
            {
                CipherSuite suite = Options.Suites.At(i);
                if (suite.IsSupportedBy(Crypto) && suite.KeyExchange.IsConfigured(Options, isServer))
                {
                    suite.KeyExchange.Check(Options, isServer);
                    usable++;
                }
            }

            return usable;
        }
    }
}
