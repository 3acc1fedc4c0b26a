using System;

namespace NfDtls
{
    /// <summary>What the associations of an endpoint share: whose turn it is to send a flight, and who is told of their events.</summary>
    public abstract class AssociationHost : Endpoint
    {
        /// <summary>Readers of handshake messages of the application's own, or null.</summary>
        internal HandshakeMessage[] Messages;
        /// <summary>Readers of content types of the application's own, or null.</summary>
        internal RecordType[] RecordTypes;
        /// <summary>What assemblies above add to every association; none is an empty array.</summary>
        internal readonly Feature[] Features;
        /// <summary>Whether there is one; every record asks.</summary>
        internal readonly bool HasFeatures;

        internal readonly PacketQueue Transmit = new PacketQueue();
        internal readonly RecordReceiver Receiver;
        internal readonly RecordSender Sender;
        internal readonly AssociationLife Life;

        /// <summary>Where the datagram at hand came from; a client that has one path only need not say.</summary>
        internal byte[] PeerAddress;
        /// <summary>Bytes of that, or <see cref="NotKnown"/>.</summary>
        internal int PeerAddressLength = NotKnown;

        /// <summary>No length: nobody said where the datagram at hand came from.</summary>
        internal const int NotKnown = -1;

        /// <summary>What all associations have for a last flight where no version keeps one; else null.</summary>
        internal readonly LastFlight NoLastFlight;

        /// <summary>The first of those that have a flight to send, or null.</summary>
        internal Association FirstReady;

        private Association _lastReady;

        internal AssociationHost(EndpointOptions options, VersionTable versions, Feature[] features)
            : base(options, versions)
        {
            Features = features == null ? new Feature[0] : features;
            HasFeatures = Features.Length > 0;
            Receiver = new RecordReceiver(this);
            Sender = new RecordSender(this);
            Life = new AssociationLife(this);

            // Versions that do are the early ones, and the earliest stands last.
            NoLastFlight = (LastFlight)versions.At(versions.Count - 1).NoLastFlight;
        }

        internal abstract void EventsChanged(Association association);

        /// <summary>A place for an association that was saved; its epochs, and that it is connected, are the caller's to add at once.</summary>
        /// <param name="address">The peer's.</param>
        /// <param name="addressLength">Bytes of that.</param>
        /// <param name="isNamed">Whether its records say themselves whose they are: another may have the same address then.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="DtlsException">AlreadyConnected, or NoFreeSession.</exception>
        internal abstract Association Adopt(byte[] address, int addressLength, bool isNamed, long now);

        /// <summary>An association keeps a record that nobody has read.</summary>
        internal virtual void NoteUnread(Inbox inbox)
        {
        }

        /// <summary>No packet is free for an association that keeps none: whether another has given up one that nobody reads.</summary>
        internal virtual bool GiveUpUnread()
        {
            return false;
        }

        /// <summary>What stands in a place of a server's table, or null.</summary>
        internal virtual Association AtPlace(int place)
        {
            return null;
        }

        /// <summary>Who reads a content type beyond those of the versions: the application's reader, a feature's, or null.</summary>
        internal RecordType FindRecordType(int type)
        {
            RecordType found = Find(RecordTypes, type);
            for (int i = 0; found == null && i < Features.Length; i++)
            {
                found = Find(Features[i].RecordTypes, type);
            }

            return found;
        }

        internal int IndexOf(Feature feature)
        {
            for (int i = 0; i < Features.Length; i++)
            {
                if (Features[i] == feature)
                {
                    return i;
                }
            }

            throw new ArgumentException("This feature is not one of the endpoint's.");
        }

        internal void ExportKey(Association association, string label, byte[] context, byte[] destination, int offset, int count)
        {
            bool isDone = false;
            for (int i = 0; i < Features.Length && !isDone; i++)
            {
                isDone = Features[i].ExportKey(association, label, context, destination, offset, count);
            }

            if (!isDone)
            {
                throw new InvalidOperationException("DtlsOptions.Features has no KeyExporter.");
            }
        }

        /// <summary>
        /// A slot for a handshake within an association that is connected, or null where none is free; it goes back when the
        /// handshake is cleared.
        /// </summary>
        internal abstract Handshake TakeSlot(Association association);

        /// <summary>A handshake has read a message.</summary>
        internal DtlsError OnMessage(Association association, int type)
        {
            DtlsError error = DtlsError.None;
            for (int i = 0; i < Features.Length && error == DtlsError.None; i++)
            {
                error = Features[i].OnMessage(association, association.Handshake, type);
            }

            return error;
        }

        /// <inheritdoc/>
        internal override RecordCodec FindCodec(int firstByte)
        {
            RecordCodec codec = base.FindCodec(firstByte);
            for (int i = 0; codec == null && i < Features.Length; i++)
            {
                RecordCodec own = Features[i].Codec;
                codec = own != null && own.Recognizes(firstByte) ? own : null;
            }

            return codec;
        }

        /// <summary>An association's peer goes on from another address.</summary>
        internal virtual void Move(Association association, byte[] address, int addressLength)
        {
            Life.Move(association, address, addressLength);
        }

        /// <summary>An association's deadline, or whether its work is pending, may be another than before.</summary>
        internal virtual void DeadlineChanged(Association association)
        {
        }

        /// <summary>The next datagram: of a flight, else of what waits beside; or null.</summary>
        internal Packet NextDatagram(long now)
        {
            while (FirstReady != null)
            {
                Association association = FirstReady;
                OutgoingFlight flight = association.CurrentFlight;
                if (flight == null || !flight.IsSending)
                {
                    TakeReady();
                    continue;
                }

                Packet packet = HeldShare.Rent();
                if (packet == null)
                {
                    // The flight counts as sent and lost: its timer sends it again.
                    Drop(DropReason.NoBuffer, ContentType.Handshake);
                    flight.Stop();
                    TakeReady();
                    OnFlightSent(association, now);
                    continue;
                }

                if (Fill(packet, flight, association, now))
                {
                    return packet;
                }

                packet.Return();
            }

            return Transmit.Take();
        }

        /// <summary>A datagram for an association (or null) was longer than the receive buffer.</summary>
        internal void CountTruncated(Association association)
        {
            Drop(DropReason.Truncated, 0);
            if (association != null && association.Handshake != null)
            {
                association.Handshake.Patience.SawTruncated();
            }
        }

        /// <summary>
        /// A datagram of this length is more than the network takes: from now on they are a step smaller, and a flight goes out again
        /// as such. Where others of the same length were made before, that has happened.
        /// </summary>
        internal void OnDatagramTooLong(Association association, int length)
        {
            int size = MtuBackOff.StepBelow(length);
            if (size > 0 && size < association.PathMtu)
            {
                association.LowerPathMtu(size);
                association.FlightBytes = 0;
                if (association.Handshake != null)
                {
                    association.Handshake.Patience.DatagramTooLong();
                }
            }
        }

        private void OnDatagramMade(Association association, int length)
        {
            association.FlightBytes += length;
            if (association.Handshake != null)
            {
                association.Handshake.Patience.DatagramMade(length);
            }
        }

        private void OnFlightSent(Association association, long now)
        {
            OutgoingFlight flight = association.CurrentFlight;
            if (flight != null)
            {
                Trace("flight sent", flight.Count, association.FlightBytes);
            }

            association.FlightBytes = 0;
            if (association.Handshake != null)
            {
                association.Handshake.Patience.FlightSent(now);
            }
            else
            {
                association.LastFlight.SentAt = now;
            }

            DeadlineChanged(association);
        }

        /// <summary>The association has a flight to send.</summary>
        internal void MakeReady(Association association)
        {
            if (association.IsReady)
            {
                return;
            }

            association.IsReady = true;
            association.NextReady = null;
            if (_lastReady == null)
            {
                FirstReady = association;
            }
            else
            {
                _lastReady.NextReady = association;
            }

            _lastReady = association;
        }

        /// <summary>Forgets what was to be sent.</summary>
        internal void DropTransmit()
        {
            Transmit.ReturnAll();
            while (FirstReady != null)
            {
                TakeReady();
            }
        }

        private static RecordType Find(RecordType[] types, int type)
        {
            for (int i = 0; types != null && i < types.Length; i++)
            {
                if (types[i].Type == type)
                {
                    return types[i];
                }
            }

            return null;
        }

        /// <summary>Makes a datagram of a flight; false where nothing came of it.</summary>
        private bool Fill(Packet packet, OutgoingFlight flight, Association association, long now)
        {
            int length;
            int records;
            try
            {
                length = flight.Fill(WriteHeader, packet.Buffer, association.PathMtu, Options.OneRecordPerDatagram, out records);
            }
            catch (Exception e)
            {
                association.Break(e);
                return false;
            }

            packet.SetRange(0, length);
            packet.SetAddress(association.Address, association.AddressLength);
            for (int i = 0; flight == association.LastFlight && i < Features.Length; i++)
            {
                Features[i].OnLastFlight(association, packet);
            }

            Counters.RecordsOut += records;
            OnDatagramMade(association, length);
            if (!flight.IsSending)
            {
                TakeReady();
                OnFlightSent(association, now);
            }

            return length > 0;
        }

        private void TakeReady()
        {
            Association association = FirstReady;
            FirstReady = association.NextReady;
            association.NextReady = null;
            association.IsReady = false;
            if (FirstReady == null)
            {
                _lastReady = null;
            }
        }
    }
}
