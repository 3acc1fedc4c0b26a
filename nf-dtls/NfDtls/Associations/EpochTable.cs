using System;

namespace NfDtls
{
    /// <summary>The epochs of an association that have not been forgotten: by their numbers, several at once.</summary>
    internal sealed class EpochTable
    {
        private const int MaxEpochs = 4;

        private readonly Epoch[] _epochs = new Epoch[MaxEpochs];
        private readonly ReplayWindow[] _windows = new ReplayWindow[MaxEpochs];

        /// <summary>Begins with epoch 0, in which nothing is protected.</summary>
        internal Epoch Begin(RecordCodec codec, NullProtection nothing)
        {
            Epoch epoch = new Epoch(0, codec, null);
            epoch.WriteProtection = nothing;
            epoch.ReadProtection = nothing;
            _epochs[0] = epoch;
            return epoch;
        }

        /// <summary>Makes an epoch, with the limits of a suite where the options say nothing else; its protection is the key schedule's to add.</summary>
        internal Epoch Add(long number, RecordCodec codec, EndpointOptions options, CipherSuite suite)
        {
            int slot = (int)(number % MaxEpochs);
            if (_windows[slot] == null)
            {
                _windows[slot] = new ReplayWindow(options.ReplayWindow);
            }

            _windows[slot].Reset();
            Epoch epoch = new Epoch(number, codec, _windows[slot]);
            epoch.SealLimit = options.SealLimit > 0 ? options.SealLimit : suite.SealLimit;
            epoch.ForgeryLimit = options.ForgeryLimit > 0 ? options.ForgeryLimit : suite.ForgeryLimit;
            _epochs[slot] = epoch;
            return epoch;
        }

        /// <summary>An epoch by its number, or null.</summary>
        internal Epoch Find(long number)
        {
            Epoch epoch = _epochs[(int)(number % MaxEpochs)];
            return epoch != null && epoch.Number == number ? epoch : null;
        }

        /// <summary>Epoch 0 is over.</summary>
        internal void ForgetPlaintext()
        {
            _epochs[0] = null;
        }

        /// <summary>Wipes the keys of all and forgets them; tells the endpoint what threw meanwhile.</summary>
        internal void Clear(Endpoint endpoint)
        {
            for (int i = 0; i < MaxEpochs; i++)
            {
                try
                {
                    if (_epochs[i] != null && _epochs[i].Number > 0)
                    {
                        _epochs[i].Clear();
                    }
                }
                catch (Exception e)
                {
                    endpoint.NoteFailure(e);
                }

                _epochs[i] = null;
            }
        }
    }
}
