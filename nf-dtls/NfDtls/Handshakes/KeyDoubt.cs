namespace NfDtls
{
    /// <summary>
    /// Whether the two ends have different pre-shared keys, which no message says: the server drops what it cannot open. A
    /// server sees that. A client sees its server send its flight again and again, although the key exchange and the Finished
    /// were sent before: either they never arrived, or they could not be opened.
    /// </summary>
    internal sealed class KeyDoubt
    {
        private const int RepeatsToSuspect = 2;

        // Tried with a right key where a fifth of all datagrams is lost and as many are late: 4,000 handshakes had fewer.
        private const int RepeatsToBeSure = 4;
        private const int SendingsToBeSure = 7;
        private const int SilentSendings = 4;
        private const int TimeoutsToBeSure = 4;

        private readonly int _leastTime;
        private readonly int _longestWait;
        private bool _sawUndecryptable;
        private bool _isWatching;
        private long _highest;
        private long _since;
        private long _lastRepeat;
        private int _sendings;
        private int _repeats;
        private int _sendingsAtRepeat;

        internal KeyDoubt(EndpointOptions options)
        {
            _leastTime = TimeoutsToBeSure * options.RetransmitTimeout;
            _longestWait = options.MaxRetransmitTimeout;
        }

        /// <summary>Whether this is the likeliest reason, should the handshake end now.</summary>
        internal bool IsSuspected
        {
            get { return _sawUndecryptable || _repeats >= RepeatsToSuspect; }
        }

        /// <summary>Whether a server that repeated itself has been silent for longer than a timer ever waits: it has given up.</summary>
        internal bool IsGivenUp(long now)
        {
            return _repeats >= RepeatsToSuspect && _sendings - _sendingsAtRepeat >= SilentSendings && now >= Deadline.After(_lastRepeat, _longestWait);
        }

        internal void Reset()
        {
            _sawUndecryptable = false;
            _isWatching = false;
            _highest = -1;
            _sendings = 0;
            _repeats = 0;
            _sendingsAtRepeat = 0;
        }

        /// <summary>A record of the peer's Finished did not open.</summary>
        internal void SawUndecryptable()
        {
            _sawUndecryptable = true;
        }

        /// <summary>The flight with the client's Finished begins.</summary>
        internal void Watch(long now)
        {
            _isWatching = true;
            _since = now;
        }

        /// <summary>The flight was sent.</summary>
        internal void Sent()
        {
            _sendings += _isWatching ? 1 : 0;
        }

        /// <summary>A record came in epoch 0, with a repetition of the peer's flight or without. Returns whether it is certain now.</summary>
        internal bool IsCertain(long sequence, bool isRepetition, long now)
        {
            // A copy that was long on its way has an old number.
            bool isNew = sequence > _highest;
            _highest = isNew ? sequence : _highest;
            if (!isNew || !isRepetition || _sendings == _sendingsAtRepeat)
            {
                return false;
            }

            _repeats++;
            _lastRepeat = now;
            _sendingsAtRepeat = _sendings;
            return _repeats >= RepeatsToBeSure && _sendings >= SendingsToBeSure && now >= Deadline.After(_since, _leastTime);
        }
    }
}
