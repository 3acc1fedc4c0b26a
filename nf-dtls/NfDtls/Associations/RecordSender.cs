using System;

namespace NfDtls
{
    /// <summary>Makes records of an association and puts them on their way; one of these for all associations of an endpoint.</summary>
    internal sealed class RecordSender
    {
        private readonly AssociationHost _endpoint;

        internal RecordSender(AssociationHost endpoint)
        {
            _endpoint = endpoint;
        }

        /// <summary>Protects a record of application data and queues it.</summary>
        internal void Send(Association association, byte[] data, int offset, int count)
        {
            CheckMaySend(association, count);
            Packet packet = _endpoint.HeldShare.Rent();
            if (packet == null)
            {
                _endpoint.Drop(DropReason.NoBuffer, ContentType.ApplicationData);
                throw new DtlsException(DtlsError.PoolExhausted, "The pool has no free packet.");
            }

            packet.Append(data, offset, count);
            try
            {
                Queue(association, packet, ContentType.ApplicationData);
            }
            catch (Exception e)
            {
                packet.Return();
                throw Unprotected(e);
            }
        }

        /// <summary>Protects a packet's content as a record of application data and queues it.</summary>
        internal void Send(Association association, Packet packet)
        {
            if (!packet.IsOf(_endpoint.Pool))
            {
                throw new ArgumentException("The packet is of another pool than this end's own.", "packet");
            }

            if (!packet.IsRented || packet.Offset != PacketPool.Headroom)
            {
                throw new ArgumentException("The packet is not one that was rented and filled by Append.", "packet");
            }

            CheckMaySend(association, packet.Length);
            try
            {
                Queue(association, packet, ContentType.ApplicationData);
            }
            catch (Exception e)
            {
                throw Unprotected(e);
            }
        }

        /// <summary>
        /// Sends an alert under the keys of now; without a packet or a key that may seal it is left out, and counted. Returns an error
        /// where it could not be protected.
        /// </summary>
        internal DtlsError SendAlert(Association association, int level, int description)
        {
            Packet packet = RentLast(association, ContentType.Alert);
            if (packet == null)
            {
                return DtlsError.None;
            }

            packet.Buffer[packet.Offset] = (byte)level;
            packet.Buffer[packet.Offset + 1] = (byte)description;
            packet.SetRange(packet.Offset, 2);
            DtlsError error = TryQueue(association, packet, ContentType.Alert);
            if (error == DtlsError.None)
            {
                association.AlertSent = description;
                _endpoint.Trace("alert sent", description, level);
            }

            return error;
        }

        /// <summary>
        /// Sends a record of a few bytes under the keys of now; without a packet or a key that may seal it is left out, and counted.
        /// Returns an error where it could not be protected.
        /// </summary>
        internal DtlsError SendShort(Association association, int type, byte[] content, int count)
        {
            Packet packet = RentLast(association, type);
            if (packet == null)
            {
                return DtlsError.None;
            }

            packet.Append(content, 0, count);
            return TryQueue(association, packet, type);
        }

        private Packet RentLast(Association association, int type)
        {
            Packet packet = association.WriteEpoch != null && association.WriteEpoch.MaySealLast ? _endpoint.HeldShare.Rent() : null;
            if (packet == null)
            {
                _endpoint.Drop(DropReason.NoBuffer, type);
            }

            return packet;
        }

        private DtlsError TryQueue(Association association, Packet packet, int type)
        {
            try
            {
                Queue(association, packet, type);
                return DtlsError.None;
            }
            catch (Exception e)
            {
                packet.Return();
                return _endpoint.NoteFailure(e);
            }
        }

        /// <summary>
        /// Sends a record of a feature's to an address of its own choice, under the keys of now; false where there is no packet, or the
        /// keys may seal no more. What the provider throws comes out of it.
        /// </summary>
        internal bool SendTo(Association association, int type, byte[] content, byte[] address, int addressLength)
        {
            Packet packet = association.WriteEpoch.MaySeal ? _endpoint.HeldShare.Rent() : null;
            if (packet == null)
            {
                _endpoint.Drop(DropReason.NoBuffer, type);
                return false;
            }

            bool isQueued = false;
            try
            {
                packet.Append(content, 0, content.Length);
                Queue(association, packet, type);
                isQueued = true;
                packet.SetAddress(address, addressLength);
            }
            finally
            {
                if (!isQueued)
                {
                    packet.Return();
                }
            }

            return true;
        }

        /// <summary>Makes a record of a packet's content and queues it; where the provider throws, the packet is still the caller's.</summary>
        internal void Queue(Association association, Packet packet, int type)
        {
            int version = association.Handshake != null ? association.Handshake.RecordVersion : association.AgreedVersion;
            RecordHeader header = _endpoint.WriteHeader;
            packet.Count = association.WriteEpoch.Seal(header, type, version, packet.Bytes, packet.Start, packet.Count);
            packet.Start = header.Offset;
            packet.SetAddress(association.Address, association.AddressLength);
            _endpoint.Transmit.Add(packet);
            _endpoint.Counters.RecordsOut++;
            if (_endpoint.HasFeatures)
            {
                Feature[] features = _endpoint.Features;
                for (int i = 0; i < features.Length; i++)
                {
                    features[i].OnSent(association);
                }
            }
        }

        private void CheckMaySend(Association association, int count)
        {
            if (association.Standing != AssociationState.Connected)
            {
                throw NotConnected(association);
            }

            Epoch epoch = association.WriteEpoch;
            if (count > epoch.RoomIn(association.Mtu))
            {
                throw new ArgumentException("A record carries at most " + association.MaxPayload.ToString() + " bytes here, not " + count.ToString() + ".", "count");
            }

            if (!epoch.MaySeal)
            {
                throw MayNotSeal(association, epoch);
            }
        }

        private static DtlsException NotConnected(Association association)
        {
            bool hasEnded = association.State == AssociationState.Closed || association.State == AssociationState.Closing;
            return hasEnded ? association.Ended() : new DtlsException(DtlsError.NotConnected, "There is no connection yet.");
        }

        /// <summary>A number that is not promised may come yet; a key that has sealed all that it may is the end.</summary>
        private static DtlsException MayNotSeal(Association association, Epoch epoch)
        {
            if (epoch.NextSequence >= epoch.LastWritable && epoch.LastWritable < Epoch.LastSequence)
            {
                association.Raise(AssociationEvents.PromiseWanted);
                return new DtlsException(DtlsError.PromiseNotStored, "The next record's number is not promised yet: store the next promise (WritePromise, PromiseStored), or erase what was imported (SavedIsGone).");
            }

            DtlsError limit = epoch.NextSequence >= Epoch.LastSequence ? DtlsError.SequenceExhausted : DtlsError.SealLimitReached;
            association.Fail(limit);
            return new DtlsException(limit, association.AlertSent, association.AlertReceived, "As many records were sent under this key as are allowed.");
        }

        private static DtlsException Unprotected(Exception inner)
        {
            return new DtlsException(Endpoint.ErrorOf(inner), "The crypto provider failed to protect the record. It was not sent; the connection is as it was.", inner);
        }
    }
}
