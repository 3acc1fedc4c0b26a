using System;

namespace NfDtls
{
    /// <summary>The epochs of an association that have not been forgotten: by their numbers, the newest first.</summary>
    internal sealed class EpochTable
    {
        // RFC 6347 section 4.1 allows as long as a TCP segment may be under way (RFC 793: 2 minutes).
        private const long PastLifetime = 120000;

        private Epoch _newest;

        /// <summary>The window for the next epoch: no epoch has it yet, or the one that had it is over.</summary>
        private ReplayWindow _window;

        /// <param name="window">Records of a replay window.</param>
        internal EpochTable(int window)
        {
            _window = new ReplayWindow(window);
        }

        /// <summary>Begins with epoch 0, in which nothing is protected.</summary>
        internal Epoch Begin(RecordCodec codec, NullProtection nothing)
        {
            Epoch epoch = new Epoch(0, codec, null);
            epoch.WriteProtection = nothing;
            epoch.ReadProtection = nothing;
            _newest = epoch;
            return epoch;
        }

        /// <summary>Makes the epoch of a handshake: its records have the forms and sizes that were agreed on in it.</summary>
        internal Epoch Add(long number, Handshake handshake, CipherSuite suite)
        {
            RecordCodec usual = handshake.Role.Version.Codec;
            Epoch epoch = Add(number, usual, handshake.Options, suite);
            epoch.ReadCodec = handshake.ReadCodec == null ? usual : handshake.ReadCodec;
            epoch.WriteCodec = handshake.WriteCodec == null ? usual : handshake.WriteCodec;
            epoch.WriteLimit = handshake.WriteLimit;
            epoch.ReadLimit = handshake.ReadLimit;
            return epoch;
        }

        /// <summary>Makes an epoch, with the limits of a suite where the options say nothing else; its protection is the key schedule's to add.</summary>
        internal Epoch Add(long number, RecordCodec codec, EndpointOptions options, CipherSuite suite)
        {
            ReplayWindow window = _window != null ? _window : new ReplayWindow(options.ReplayWindow);
            _window = null;
            window.Reset();
            Epoch epoch = new Epoch(number, codec, window);
            epoch.SealLimit = options.SealLimit > 0 ? options.SealLimit : suite.SealLimit;
            epoch.ForgeryLimit = options.ForgeryLimit > 0 ? options.ForgeryLimit : suite.ForgeryLimit;
            epoch.Before = _newest;
            _newest = epoch;
            return epoch;
        }

        /// <summary>The one with the highest number, or null.</summary>
        internal Epoch Newest
        {
            get { return _newest; }
        }

        /// <summary>An epoch by its number, or null.</summary>
        internal Epoch Find(long number)
        {
            Epoch epoch = _newest;
            while (epoch != null && epoch.Number != number)
            {
                epoch = epoch.Before;
            }

            return epoch;
        }

        /// <summary>
        /// The handshake that brought the newest epoch has succeeded. Nothing more is written in the one before, and what is still on
        /// its way in it is read for some time; epoch 0 is over.
        /// </summary>
        internal void Settle(Endpoint endpoint, long now)
        {
            Epoch past = _newest.Before;
            _newest.IsProven = true;
            if (past != null && past.Window == null)
            {
                _newest.Before = null;
            }
            else if (past != null)
            {
                past.ReadUntil = Deadline.After(now, PastLifetime);
                Wipe(past, true, endpoint);
            }
        }

        /// <summary>The epoch before one is over: its keys are wiped.</summary>
        internal void EndBefore(Epoch epoch, Endpoint endpoint)
        {
            Epoch past = epoch.Before;
            epoch.Before = null;
            if (past != null && past.Window != null)
            {
                Wipe(past, false, endpoint);
            }
        }

        /// <summary>Wipes the keys of all and forgets them; tells the endpoint what threw meanwhile.</summary>
        internal void Clear(Endpoint endpoint)
        {
            for (; _newest != null; _newest = _newest.Before)
            {
                if (_newest.Window != null)
                {
                    _window = _newest.Window;
                    Wipe(_newest, false, endpoint);
                }
            }
        }

        private static void Wipe(Epoch epoch, bool writingOnly, Endpoint endpoint)
        {
            try
            {
                if (writingOnly)
                {
                    epoch.EndWriting();
                }
                else
                {
                    epoch.Clear();
                }
            }
            catch (Exception e)
            {
                endpoint.NoteFailure(e);
            }
        }
    }
}
