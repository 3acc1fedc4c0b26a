using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// The epoch of a server's handshake once that has succeeded. Only a client whose ACK was lost sends in it, its Finished again, and for two
    /// minutes that is answered (RFC 9147 section 5.8.1). So of it there is what makes its keys, and they are made, once, when such a record
    /// comes: a session with them would be half as large again for nothing.
    /// </summary>
    internal sealed class SleepingEpoch : EpochBefore
    {
        private readonly Association _association;
        private readonly UnifiedCodec _codec;
        private readonly long _highest;
        private readonly long _forged;
        private readonly long _ends;

        /// <summary>Takes the place of an epoch, which is over: its secret, and which numbers it has seen.</summary>
        internal SleepingEpoch(Association association, Epoch epoch, byte[] secret, int offset, int size, long ends)
            : base(epoch.Number, secret, offset, size)
        {
            _association = association;
            _codec = (UnifiedCodec)association.ReadEpoch.ReadCodec;
            _highest = epoch.Window.Highest;
            _forged = epoch.Forged;
            _ends = ends;
            _codec.Asleep = this;
        }

        internal override long Ends
        {
            get { return _ends; }
        }

        /// <summary>
        /// Makes the epoch again, before the one that is read now; what it had seen has come already. False where its keys cannot be made: that
        /// costs nobody a session, since anybody can bring it about.
        /// </summary>
        internal bool Wake(Epoch newest)
        {
            Associations13 feature = Associations13.Of(_association.Engine);
            EndpointOptions options = _association.Engine.Options;
            CipherSuite suite = _association.Suite;
            Epoch epoch = new Epoch(Number, new UnifiedCodec(feature.Mask), new ReplayWindow(options.ReplayWindow));
            epoch.Window.BeginAfter(_highest);
            epoch.Forged = _forged;
            epoch.ForgeryLimit = newest.ForgeryLimit;
            epoch.ReadUntil = _ends;
            epoch.IsProven = true;
            epoch.IsReadable = true;
            SessionIds.Carry(newest, epoch);
            try
            {
                feature.ProtectReading(_association, Secret, 0, epoch);
            }
            catch (Exception e)
            {
                if (epoch.ReadProtection != null)
                {
                    TrafficKeys.EndReading(epoch);
                }

                _association.Engine.NoteFailure(e);
                return false;
            }

            newest.Before = epoch;
            feature.ForgetBefore(_association);
            return true;
        }

        internal override void Clear()
        {
            base.Clear();
            _codec.Asleep = null;
        }
    }
}
