namespace NfDtls
{
    /// <summary>What the time brings: retransmission, steps of pending work, and the end of patience.</summary>
    public abstract partial class Handshake
    {
        internal void OnFlightSent(long now)
        {
            _lastSent = now;
            if (_keepsTimer)
            {
                _keepsTimer = false;
                return;
            }

            _timerAt = _awaitsReply ? now + _timeout : long.MaxValue;
        }

        internal void HandleTimeout(long now)
        {
            if (_pending != null)
            {
                if (!_pending.IsWaiting && _pending.Step(Options.StepBudget))
                {
                    EndPending(now);
                }
                else if (now >= _deadline)
                {
                    Fail(DtlsError.Timeout);
                }

                return;
            }

            if (now >= _deadline)
            {
                FailSilent();
            }
            else if (now >= _timerAt)
            {
                OnTimer();
            }
        }

        private void OnTimer()
        {
            if (_rememberedAlert != Alert.None || _sendings > Options.MaxRetransmits)
            {
                FailSilent();
                return;
            }

            _timeout = _timeout * 2 > Options.MaxRetransmitTimeout ? Options.MaxRetransmitTimeout : _timeout * 2;
            _timerAt = long.MaxValue;
            _keepsTimer = false;
            _sendings++;
            _isBackedOff |= _sendings > 2;
            Resend();
        }

        /// <summary>
        /// The peer sent its last flight again, so ours was lost: send it, but not at the peer's pace. That neither uses up a
        /// retry nor puts off the timer, so that two ends that only ever repeat themselves come to an end.
        /// </summary>
        private void ResendToRetransmission(long now)
        {
            if (_awaitsReply && _pending == null && !Flight.IsSending && now - _lastSent >= Options.RetransmitTimeout / 2)
            {
                _keepsTimer = _timerAt != long.MaxValue;
                Resend();
            }
        }

        private void Resend()
        {
            Engine.Statistics.Retransmissions++;
            Flight.Restart();
            Engine.MakeReady(Association);
        }

        /// <summary>Nobody answered: fails with what is most likely the reason.</summary>
        private void FailSilent()
        {
            if (_rememberedAlert != Alert.None)
            {
                Association.FailWithAlert(_rememberedAlert);
                return;
            }

            Fail(_sawTooLarge ? DtlsError.HandshakeMessageTooLarge : _sawUndecryptable ? DtlsError.KeyMismatchSuspected : DtlsError.Timeout);
        }
    }
}
