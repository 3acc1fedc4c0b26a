namespace NfDtls
{
    /// <summary>
    /// How long a handshake waits and what it makes of silence: retransmission, plaintext alerts that may be anybody's, doubts
    /// about the key and the path, and the end.
    /// </summary>
    internal sealed class Patience
    {
        /// <summary>Milliseconds that a server's handshake may take where the options say nothing: its retries alone would take minutes.</summary>
        private const int ServerTimeout = 30000;

        private readonly Handshake _handshake;
        private readonly FlightTimer _timer;
        private readonly KeyDoubt _doubt;
        private readonly MtuBackOff _backOff = new MtuBackOff();
        private long _deadline;
        private int _rememberedAlert = Alert.None;
        private bool _asksAgain;
        private bool _sawTruncated;

        internal Patience(Handshake handshake)
        {
            EndpointOptions options = handshake.Options;
            _handshake = handshake;
            _timer = new FlightTimer(options);
            _doubt = new KeyDoubt(options);
        }

        /// <summary>When the whole handshake is over.</summary>
        internal long Deadline
        {
            get { return _deadline; }
        }

        /// <summary>When the flight is due again.</summary>
        internal long NextSending
        {
            get { return _timer.At; }
        }

        /// <summary>Whether the two ends seem to have different keys.</summary>
        internal bool IsKeyDoubted
        {
            get { return _doubt.IsSuspected; }
        }

        /// <summary>What it fails with, should its time be over now.</summary>
        internal DtlsError LikelyError
        {
            get
            {
                if (_rememberedAlert == Alert.None)
                {
                    return _sawTruncated ? DtlsError.DatagramTooLarge : _doubt.IsSuspected ? DtlsError.KeyMismatchSuspected : DtlsError.Timeout;
                }

                return AlertTable.ErrorOf(_rememberedAlert, !_handshake.IsServer);
            }
        }

        /// <summary>What a server's handshake may take where the options say nothing: time for two retries at least.</summary>
        private int DefaultTimeout
        {
            get
            {
                int retries = 3 * _handshake.Options.RetransmitTimeout;
                return retries > ServerTimeout ? retries : ServerTimeout;
            }
        }

        /// <summary>A handshake begins.</summary>
        internal void Begin(long now)
        {
            int timeout = _handshake.Options.HandshakeTimeout;
            Stop();
            _backOff.Reset();
            _rememberedAlert = Alert.None;
            _asksAgain = false;
            _doubt.Reset();
            _sawTruncated = false;
            _deadline = timeout > 0 ? NfDtls.Deadline.After(now, timeout)
                : _handshake.IsServer ? NfDtls.Deadline.After(now, DefaultTimeout) : NfDtls.Deadline.Never;
        }

        /// <summary>Nothing is waited for.</summary>
        internal void Stop()
        {
            _timer.Stop();
        }

        /// <summary>A new flight begins to be sent.</summary>
        /// <param name="awaitsReply">Whether the peer owes an answer.</param>
        /// <param name="isProven">Whether its answer shows that it has the same key.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void FlightBegins(bool awaitsReply, bool isProven, long now)
        {
            _timer.Begin(awaitsReply);
            _handshake.Host.LowerPathMtu(_backOff.Begin(_handshake.Host.PathMtu));
            if (awaitsReply && isProven)
            {
                _doubt.Watch(now);
            }
        }

        /// <summary>A message was right: what spoke against the peer before counts no more.</summary>
        internal void MessageAccepted()
        {
            _rememberedAlert = Alert.None;
            _asksAgain = false;
        }

        /// <summary>The peer has cut a message to send it in a datagram of this size.</summary>
        internal void SawFragment(int datagramLength)
        {
            _backOff.SawFragment(datagramLength);
        }

        /// <summary>A record came, with a repetition of the peer's flight or without. Returns whether the keys are certainly not the same.</summary>
        internal bool IsKeyWrong(long sequence, bool isRepetition, long now)
        {
            return _doubt.IsCertain(sequence, isRepetition, now);
        }

        /// <summary>
        /// A plaintext alert: counts only if nothing better comes before the timer fires. The first fatal one is the reason, even
        /// behind a close_notify.
        /// </summary>
        internal void RememberAlert(int alert)
        {
            if (_rememberedAlert == Alert.None || _rememberedAlert == Alert.CloseNotify)
            {
                _rememberedAlert = alert;
            }

            if (_asksAgain)
            {
                FailSilent();
            }
        }

        /// <summary>The peer has gone on to its next epoch: so it could read what came before.</summary>
        internal void SawNextEpoch()
        {
            _doubt.Reset();
        }

        internal void SawUndecryptable()
        {
            _doubt.SawUndecryptable();
        }

        internal void SawTruncated()
        {
            _sawTruncated = true;
        }

        internal void DatagramMade(int length)
        {
            _backOff.Made(length);
        }

        /// <summary>The network does not take the flight's datagrams: it goes out again, smaller, from its beginning.</summary>
        internal void DatagramTooLong()
        {
            if (!_handshake.IsPending)
            {
                _handshake.Flight.Restart();
                _handshake.Host.SendFlight();
            }
        }

        internal void FlightSent(long now)
        {
            _timer.Sent(now);
            _doubt.Sent();
        }

        /// <summary>A time has come, and no work is pending.</summary>
        internal void HandleTimeout(long now)
        {
            if (now >= _deadline)
            {
                FailSilent();
            }
            else if (now >= _timer.At)
            {
                OnTimer(now);
            }
        }

        private void OnTimer(long now)
        {
            if (_rememberedAlert != Alert.None)
            {
                OnTimerWithAlert(now);
                return;
            }

            if (_doubt.IsGivenUp(now) || !_timer.Retry())
            {
                FailSilent();
                return;
            }

            Resend(false, now);
        }

        /// <summary>
        /// A plaintext alert may be anybody's. As long as no cookie has come, a server that is there answers a hello again and
        /// keeps nothing of it: the hello goes out once more, and only an alert again, or silence, is believed. Later on asking
        /// again would make a server refuse twice, its application included.
        /// </summary>
        private void OnTimerWithAlert(long now)
        {
            if (!_handshake.Role.MayAskAgain || _asksAgain || !_timer.Answer(now))
            {
                FailSilent();
                return;
            }

            _asksAgain = true;
            Resend(false, now);
        }

        /// <summary>The peer sent its last flight again, so ours was lost.</summary>
        internal void AnswerRepetition(long now)
        {
            if (!_handshake.IsPending && !_handshake.Flight.IsSending && _timer.Answer(now))
            {
                Resend(true, now);
            }
        }

        /// <summary>The peer says that it lacks some of the flight.</summary>
        internal void AnswerLack(long now)
        {
            _timer.Hasten();
            AnswerRepetition(now);
        }

        private void Resend(bool isRepeated, long now)
        {
            _handshake.Endpoint.Statistics.Retransmissions++;

            // A server that answered with a ServerHello would repeat it, a client its hello. Before, nobody is there to do so,
            // and with the last retry nothing is left to wait for.
            bool isLost = !_handshake.Role.SendsWhole && (isRepeated || _handshake.Suite == null || _timer.IsLastRetry);
            _handshake.Host.LowerPathMtu(_backOff.Resend(_handshake.Host.PathMtu, isLost, _timer.SendingsLeft(now, _deadline)));
            _handshake.Role.Version.Resend(_handshake.Flight);
            _handshake.Host.SendFlight();
        }

        /// <summary>Nobody answered: fails with what is most likely the reason.</summary>
        private void FailSilent()
        {
            if (_rememberedAlert != Alert.None)
            {
                _handshake.Host.FailWithAlert(_rememberedAlert);
            }
            else
            {
                _handshake.Fail(LikelyError);
            }
        }
    }
}
