namespace NfDtls
{
    /// <summary>What the time brings: retransmission, steps of pending work, and the end of patience.</summary>
    public abstract partial class Handshake
    {
        internal void OnDatagramMade(int length)
        {
            _backOff.Made(length);
        }

        internal void OnFlightSent(long now)
        {
            _timer.Sent(now);
            _doubt.Sent();
        }

        internal void HandleTimeout(long now)
        {
            if (now >= Held.Expires)
            {
                Held.DropAll();
            }

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
        /// A plaintext alert may be anybody's, and a server that refused a hello refuses it again: the hello goes out once more,
        /// and only a server that answers it so, or not at all, is believed. Later flights are not answered twice by a server
        /// that has given up.
        /// </summary>
        private void OnTimerWithAlert(long now)
        {
            if (_suite != null || _asksAgain || !_timer.Answer(now))
            {
                FailSilent();
                return;
            }

            _asksAgain = true;
            Resend(false, now);
        }

        /// <summary>The peer sent its last flight again, so ours was lost.</summary>
        private void ResendToRetransmission(long now)
        {
            if (_pending == null && !Flight.IsSending && _timer.Answer(now))
            {
                Resend(true, now);
            }
        }

        private void Resend(bool isRepeated, long now)
        {
            Endpoint.Statistics.Retransmissions++;

            // A server that answered with a ServerHello would repeat it, a client its hello. Before, nobody is there to do so,
            // and with the last retry nothing is left to wait for.
            bool isLost = isRepeated || _suite == null || _timer.IsLastRetry;
            Host.LowerPathMtu(_backOff.Resend(Host.PathMtu, isLost, _timer.SendingsLeft(now, _deadline)));
            Flight.Restart();
            Host.SendFlight();
        }

        /// <summary>Nobody answered: fails with what is most likely the reason.</summary>
        private void FailSilent()
        {
            if (_rememberedAlert != Alert.None)
            {
                Host.FailWithAlert(_rememberedAlert);
            }
            else
            {
                Fail(LikelyError);
            }
        }
    }
}
