namespace NfDtls
{
    /// <summary>
    /// When a flight goes out again (RFC 6347 section 4.2.4): by its own timer, which doubles, as often as the retries allow;
    /// and at once when the peer repeats the flight that it answers.
    /// </summary>
    internal sealed class FlightTimer
    {
        private readonly DtlsOptions _options;
        private bool _awaitsReply;
        private bool _keepsTimer;
        private long _at = Deadline.Never;
        private long _lastSent;
        private int _timeout;
        private int _sendings;

        internal FlightTimer(DtlsOptions options)
        {
            _options = options;
        }

        /// <summary>When the flight is due again; <see cref="Deadline.Never"/> while nothing is waited for.</summary>
        internal long At
        {
            get { return _at; }
        }

        /// <summary>How often the flight has begun to be sent for want of an answer, the first time included.</summary>
        internal int Sendings
        {
            get { return _sendings; }
        }

        /// <summary>Nothing is waited for.</summary>
        internal void Stop()
        {
            _awaitsReply = false;
            _keepsTimer = false;
            _at = Deadline.Never;
            _sendings = 0;
        }

        /// <summary>A new flight begins to be sent.</summary>
        internal void Begin(bool awaitsReply)
        {
            Stop();
            _awaitsReply = awaitsReply;
            _timeout = _options.RetransmitTimeout;
            _sendings = 1;
        }

        /// <summary>The flight has been sent: the wait for its answer begins.</summary>
        internal void Sent(long now)
        {
            _lastSent = now;
            if (_keepsTimer)
            {
                _keepsTimer = false;
                return;
            }

            _at = _awaitsReply ? Deadline.After(now, _timeout) : Deadline.Never;
        }

        /// <summary>No answer came in time. Returns whether the flight is to be sent again.</summary>
        internal bool Retry()
        {
            if (_sendings > _options.MaxRetransmits)
            {
                return false;
            }

            _timeout = _timeout * 2 > _options.MaxRetransmitTimeout ? _options.MaxRetransmitTimeout : _timeout * 2;
            _at = Deadline.Never;
            _keepsTimer = false;
            _sendings++;
            return true;
        }

        /// <summary>
        /// The peer sent its last flight again. Returns whether ours is to be sent again, which neither uses up a retry nor puts
        /// off the timer, so that two ends that only ever repeat themselves come to an end.
        /// </summary>
        internal bool Answer(long now)
        {
            if (!_awaitsReply || now < Deadline.After(_lastSent, _options.RetransmitTimeout / 2))
            {
                return false;
            }

            _keepsTimer = _at != Deadline.Never;
            return true;
        }
    }
}
