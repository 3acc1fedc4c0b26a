namespace NfDtls.Dtls13
{
    /// <summary>
    /// A message after the handshake, on its way until its ACK has come (RFC 9147 section 5.8.3). It is never let fall, since what comes
    /// behind it has higher numbers, which a peer that lacks it does not read: after its retries it rests, and goes on when the peer
    /// is heard, once in <see cref="EndpointOptions.MaxRetransmitTimeout"/>, or anew when there is more to send.
    /// </summary>
    internal abstract class Resending
    {
        /// <summary>When it is sent next; never while it rests, or there is none.</summary>
        internal long ResendAt = Deadline.Never;

        private int _timeout;
        private int _sendings;

        /// <summary>It is sent at once, and then with all of its retries.</summary>
        internal void BeginAt(long now)
        {
            _sendings = 0;
            _timeout = 0;
            ResendAt = now;
        }

        /// <summary>It does not rest any longer: something stands behind it.</summary>
        internal void Wake(long now)
        {
            if (ResendAt == Deadline.Never)
            {
                BeginAt(now);
            }
        }

        /// <summary>The peer is there: where it rests it is sent once.</summary>
        internal void Heard(EndpointOptions options, long now)
        {
            if (ResendAt == Deadline.Never)
            {
                _sendings = options.MaxRetransmits;
                _timeout = options.MaxRetransmitTimeout;
                ResendAt = now;
            }
        }

        /// <summary>Whether it is sent now, and when it will be again; false where it begins to rest.</summary>
        internal bool IsSentNow(Endpoint endpoint, long now)
        {
            if (_sendings > endpoint.Options.MaxRetransmits)
            {
                ResendAt = Deadline.Never;
                return false;
            }

            if (_timeout == 0)
            {
                _timeout = endpoint.Options.RetransmitTimeout;
            }
            else
            {
                _timeout = FlightTimer.Doubled(endpoint.Options, _timeout);
                endpoint.Statistics.Retransmissions++;
            }

            _sendings++;
            ResendAt = Deadline.After(now, _timeout);
            return true;
        }
    }
}
