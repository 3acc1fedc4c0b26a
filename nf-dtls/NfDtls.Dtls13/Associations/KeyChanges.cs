namespace NfDtls.Dtls13
{
    /// <summary>
    /// How keys follow each other (RFC 9147 section 8): a KeyUpdate says that its sender will, its ACK lets it, and what it replaces is
    /// read until the first record of the new epoch has come. One of these for all associations of an endpoint.
    /// </summary>
    internal sealed class KeyChanges
    {
        // As many as message_seq can bring (RFC 9147 section 8).
        private const long MostEpochs = 0xFFFF;

        private const int MessageLength = MessageHeader.Length + 1;

        private readonly Associations13 _feature;
        private SecretTree _tree;

        internal KeyChanges(Associations13 feature)
        {
            _feature = feature;
        }

        /// <summary>Begins to change the keys of what goes out, unless that is under way; one that was given up is tried again.</summary>
        internal void Begin(Association association, KeyState state, bool asks, long now)
        {
            state.Want();
            UpdateSending update = state.Update;
            update.IsWanted = false;
            if (state.IsSending || association.State != AssociationState.Connected || !state.HasNumber || association.WriteEpoch.Number >= MostEpochs)
            {
                state.Update = update.IsUnderWay ? update : null;
                return;
            }

            update.Asks = update.IsUnderWay ? update.Asks : asks;
            update.IsUnderWay = true;
            _feature.Wake(association, state, now);
            update.BeginAt(now);
            Resend(association, state, now);
        }

        /// <summary>The update is sent, first and again, until its ACK comes; while it rests it stays under the old keys.</summary>
        internal void Resend(Association association, KeyState state, long now)
        {
            UpdateSending update = state.Update;
            if (!update.IsSentNow(association.Engine, now))
            {
                return;
            }

            byte[] message = _feature.Short;
            MessageHeader.Write(message, 0, HandshakeType13.KeyUpdate, 1, state.NextToSend, 0, 1);
            message[MessageHeader.Length] = (byte)(update.Asks ? 1 : 0);
            Epoch epoch = association.WriteEpoch;
            long number = epoch.NextSequence;
            _feature.Send(association, ContentType.Handshake, message, MessageLength);
            if (epoch.NextSequence > number)
            {
                // Else there was no packet, or its number is not promised yet.
                update.Records.Add(epoch.Number, number);
            }
        }

        /// <summary>The peer's KeyUpdate: what follows from it comes under its next keys.</summary>
        internal void OnUpdate(Association association, KeyState state)
        {
            Epoch before = association.ReadEpoch;
            End(association, before.Before);
            state.ForgetBefore();
            if (Associations13.MayBeSaved(association))
            {
                state.Before = new EpochBefore(before.Number, state.Secrets, 0, state.Size);
            }

            SecretTree tree = TreeOf(association);
            tree.Update(state.Secrets, 0);
            Epoch next = Next(association, state, before.Number + 1);
            TrafficKeys.ProtectReading(association.Engine.Crypto, tree, association.Suite, state.Secrets, 0, next);
            RecordSizes.Carry(before, next);
            tree.Clear();
            association.ReadEpoch = next;
            next.IsReadable = true;
            if (before.LastReadable < Epoch.LastSequence)
            {
                // What is stored may make these keys again: it must know of them before any of their numbers is taken.
                next.LastReadable = -1;
                association.Raise(AssociationEvents.PromiseWanted);
            }
        }

        /// <summary>A record under new keys has come: nothing more is read under those before.</summary>
        internal void OnRecord(Association association, KeyState state)
        {
            Epoch before = association.ReadEpoch.Before;
            if (before != null && before.Number >= UnifiedCodec.DataEpoch)
            {
                End(association, before);
                before = association.ReadEpoch.Before;
            }

            if ((before == null || before.ReadProtection == null) && state.Before != null && state.Before.Ends == Deadline.Never)
            {
                state.ForgetBefore();
            }
        }

        /// <summary>The peer has the KeyUpdate: what goes out from here on is under the next keys.</summary>
        internal void OnAcknowledged(Association association, KeyState state)
        {
            Epoch before = association.WriteEpoch;
            SecretTree tree = TreeOf(association);
            tree.Update(state.Secrets, state.Size);
            Epoch next = Next(association, state, before.Number + 1);
            TrafficKeys.ProtectWriting(association.Engine.Crypto, tree, association.Suite, state.Secrets, state.Size, next);
            RecordSizes.Carry(before, next);
            tree.Clear();
            association.WriteEpoch = next;
            TrafficKeys.EndWriting(before);
            state.Update = null;
            if (before.LastWritable < Epoch.LastSequence)
            {
                next.LastWritable = -1;
                association.Raise(AssociationEvents.PromiseWanted);
            }

            Trim(association);
        }

        /// <summary>The epoch of a number: what goes out may have come to it before what comes in, or the other way round.</summary>
        private Epoch Next(Association association, KeyState state, long number)
        {
            Epoch newest = association.Epochs.Newest;
            Epoch epoch = association.Epochs.Find(number);
            if (epoch == null && number > newest.Number)
            {
                epoch = association.Epochs.Add(number, new UnifiedCodec(_feature.Mask), association.Engine.Options, association.Suite);
            }
            else if (epoch == null)
            {
                // One direction is ahead by more than one.
                epoch = new Epoch(number, new UnifiedCodec(_feature.Mask), new ReplayWindow(association.Engine.Options.ReplayWindow));
                epoch.SealLimit = newest.SealLimit;
                epoch.ForgeryLimit = newest.ForgeryLimit;
                Epoch after = newest;
                while (after.Before != null && after.Before.Number > number)
                {
                    after = after.Before;
                }

                epoch.Before = after.Before;
                after.Before = epoch;
            }

            epoch.IsProven = true;
            return epoch;
        }

        /// <summary>Reads nothing more of an epoch.</summary>
        private static void End(Association association, Epoch epoch)
        {
            if (epoch != null && epoch.ReadProtection != null && epoch.Window != null)
            {
                TrafficKeys.EndReading(epoch);
                Trim(association);
            }
        }

        /// <summary>Forgets epochs in which nothing is read or written any more: three stay at most, however far one direction is ahead.</summary>
        private static void Trim(Association association)
        {
            Epoch epoch = association.Epochs.Newest;
            while (epoch.Before != null)
            {
                Epoch before = epoch.Before;
                if (before.ReadProtection == null && before.WriteProtection == null)
                {
                    epoch.Before = before.Before;
                }
                else
                {
                    epoch = before;
                }
            }
        }

        /// <summary>The tree that keys are made by, for any association.</summary>
        internal SecretTree TreeOf(AssociationHost endpoint)
        {
            if (_tree == null)
            {
                _tree = new SecretTree(_feature.Labels);
            }

            return _tree;
        }

        internal SecretTree TreeOf(Association association)
        {
            SecretTree tree = TreeOf(association.Engine);
            tree.Resume(association.Suite.Hash);
            return tree;
        }
    }
}
