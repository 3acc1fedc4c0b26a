namespace NfDtls
{
    /// <summary>
    /// When a flight goes out again (RFC 6347 section 4.2.4): by its own timer, which doubles, as often as the retries allow;
    /// and at once when the peer repeats the flight that it answers. Such an answer begins the wait of the timer anew, but the
    /// time that all the retries take is the limit all the same, so that two ends that only ever repeat themselves come to an
    /// end.
    /// </summary>
    internal sealed class FlightTimer
    {
        /// <summary>Milliseconds after a sending in which a repetition gets no answer: it may have crossed it, or be one of many.</summary>
        internal const int AnswerGap = 150;

        // More than any peer has retries; two ends that answer each other across a slow path must not go on for minutes.
        private const int MaxAnswers = 32;

        private readonly EndpointOptions _options;
        private bool _awaitsReply;
        private long _at = Deadline.Never;
        private long _lastSent;
        private long _firstSent;
        private int _timeout;
        private int _sendings;
        private int _answers;

        internal FlightTimer(EndpointOptions options)
        {
            _options = options;
        }

        /// <summary>When the flight is due again; <see cref="Deadline.Never"/> while nothing is waited for.</summary>
        internal long At
        {
            get { return _at; }
        }

        /// <summary>Whether the flight has gone out as often as the retries allow, or is about to for the last time.</summary>
        internal bool IsLastRetry
        {
            get { return _sendings > _options.MaxRetransmits; }
        }

        /// <summary>Nothing is waited for.</summary>
        internal void Stop()
        {
            _awaitsReply = false;
            _at = Deadline.Never;
            _sendings = 0;
            _answers = 0;
        }

        /// <summary>A new flight begins to be sent.</summary>
        internal void Begin(bool awaitsReply)
        {
            Stop();
            _awaitsReply = awaitsReply;
            _timeout = _options.RetransmitTimeout;
            _firstSent = Deadline.Never;
            _sendings = 1;
        }

        /// <summary>The flight has been sent: the wait for its answer begins.</summary>
        internal void Sent(long now)
        {
            _lastSent = now;
            if (!_awaitsReply)
            {
                return;
            }

            _firstSent = _firstSent == Deadline.Never ? now : _firstSent;
            _at = Deadline.After(now, _timeout);
            if (_answers > 0 && _at > End)
            {
                _at = End;
            }
        }

        /// <summary>No answer came in time. Returns whether the flight is to be sent again.</summary>
        internal bool Retry()
        {
            if (_sendings > _options.MaxRetransmits || (_answers > 0 && _at >= End))
            {
                return false;
            }

            _timeout = Doubled(_options, _timeout);
            _at = Deadline.Never;
            _sendings++;
            return true;
        }

        /// <summary>The peer sent its last flight again. Returns whether ours is to be sent again, which uses up no retry.</summary>
        internal bool Answer(long now)
        {
            if (!_awaitsReply || _answers == MaxAnswers || now < Deadline.After(_lastSent, AnswerGap))
            {
                return false;
            }

            _answers++;
            return true;
        }

        /// <summary>The peer lacks some of the flight: it goes out again as soon as an answer would.</summary>
        internal void Hasten()
        {
            long at = Deadline.After(_lastSent, AnswerGap);
            _at = _awaitsReply && at < _at ? at : _at;
        }

        /// <summary>How often the flight can still be sent before the retries or a deadline end it, the sending that is due included.</summary>
        internal int SendingsLeft(long now, long deadline)
        {
            int left = 1;
            int timeout = _timeout;
            long at = Deadline.After(now, timeout);

            // The last one must leave time for its answer.
            while (left <= _options.MaxRetransmits - _sendings + 1 && Deadline.After(at, _options.RetransmitTimeout) <= deadline)
            {
                left++;
                timeout = Doubled(_options, timeout);
                at = Deadline.After(at, timeout);
            }

            return left;
        }

        /// <summary>When all the retries would be over.</summary>
        private long End
        {
            get { return Deadline.After(_firstSent, AllRetries()); }
        }

        private long AllRetries()
        {
            long sum = 0;
            int timeout = _options.RetransmitTimeout;
            int left = _options.MaxRetransmits + 1;
            for (; left > 0 && timeout < _options.MaxRetransmitTimeout; left--)
            {
                sum += timeout;
                timeout = Doubled(_options, timeout);
            }

            return sum + ((long)left * timeout);
        }

        /// <summary>The time behind the next sending, which none exceeds that the options allow.</summary>
        internal static int Doubled(EndpointOptions options, int timeout)
        {
            return timeout * 2 > options.MaxRetransmitTimeout ? options.MaxRetransmitTimeout : timeout * 2;
        }
    }
}
