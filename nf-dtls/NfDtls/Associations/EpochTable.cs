using System;

namespace NfDtls
{
    /// <summary>The epochs of an association that have not been forgotten: by their numbers, the newest first.</summary>
    internal sealed class EpochTable
    {
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

        /// <summary>Epoch 0 is over.</summary>
        internal void ForgetPlaintext()
        {
            Epoch first = Find(1);
            if (first != null)
            {
                first.Before = null;
            }
        }

        /// <summary>Wipes the keys of all and forgets them; tells the endpoint what threw meanwhile.</summary>
        internal void Clear(Endpoint endpoint)
        {
            for (; _newest != null; _newest = _newest.Before)
            {
                if (_newest.Window == null)
                {
                    continue;
                }

                _window = _newest.Window;
                try
                {
                    _newest.Clear();
                }
                catch (Exception e)
                {
                    endpoint.NoteFailure(e);
                }
            }
        }
    }
}
