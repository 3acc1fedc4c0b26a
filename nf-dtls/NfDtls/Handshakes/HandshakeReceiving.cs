namespace NfDtls
{
    /// <summary>What comes in: fragments, whole messages in their order, and the work they may ask for.</summary>
    public abstract partial class Handshake
    {
        /// <summary>Handles the fragments of a handshake record.</summary>
        internal void HandleFragments(RecordHeader record, byte[] buffer, long now)
        {
            bool isResent = false;
            WireReader reader = Endpoint.Reader;
            MessageHeader header = Endpoint.MessageHeader;
            reader.Reset(buffer, record.FragmentOffset, record.FragmentLength);
            do
            {
                if (!header.Read(reader))
                {
                    Endpoint.Drop(DropReason.Fragment, ContentType.Handshake);
                    break;
                }

                int reason = Take(header, buffer, reader.Skip(header.FragmentLength));
                isResent |= reason != DropReason.MessageSequence && header.Sequence < _repeatsBelow;
                if (header.FragmentLength < header.MessageLength)
                {
                    _backOff.SawFragment(Endpoint.DatagramLength);
                }

                if (reason >= 0)
                {
                    Endpoint.Drop(reason, ContentType.Handshake);
                }

                if (IsTooLong(header))
                {
                    Fail(header.Type == HandshakeType.Certificate ? DtlsError.CertificateChainTooLarge : DtlsError.HandshakeMessageTooLarge);
                    return;
                }
            }
            while (reader.Remaining > 0);

            ProcessReady(now);
            if (Host == null)
            {
                return;
            }

            if (_doubt.IsCertain(record.Sequence, isResent, now))
            {
                Fail(DtlsError.KeyMismatchSuspected);
            }
            else if (isResent)
            {
                ResendToRetransmission(now);
            }
        }

        /// <summary>Takes a fragment of the epoch that is read. Returns -1, or why it was dropped.</summary>
        private int Take(MessageHeader header, byte[] buffer, int at)
        {
            if (header.Type == HandshakeType.HelloRequest)
            {
                return DropReason.MessageSequence;
            }

            // A Finished is of the epoch that the ChangeCipherSpec begins: before that, only somebody else can have sent it.
            if (header.Type == HandshakeType.Finished && header.Sequence >= Assembler.NextSequence && _rules.Next(_row, header.Type, _flags) < 0)
            {
                return DropReason.Epoch;
            }

            return Assembler.Add(header, buffer, at);
        }

        /// <summary>
        /// Whether a fragment says that the message whose turn it is, and which is expected, will never fit. Told at once: who
        /// can forge such a fragment in epoch 0 can forge a whole message as well, which ends the handshake, too.
        /// </summary>
        private bool IsTooLong(MessageHeader header)
        {
            return header.MessageLength > Assembler.MaxMessage && header.Sequence == Assembler.NextSequence && !Assembler.IsBegun
                && _rules.Next(_row, header.Type, _flags) >= 0;
        }

        /// <summary>Whether a ChangeCipherSpec is expected now; if so the handshake moves on.</summary>
        internal bool AcceptChangeCipherSpec()
        {
            int row = _rules.Next(_row, HandshakeType.ChangeCipherSpec, _flags);
            if (row < 0 || _pending != null)
            {
                return false;
            }

            _row = row;
            Assembler.ForgetParts();
            SawNextEpoch();
            return true;
        }

        /// <summary>A ChangeCipherSpec came while work is pending: it counts when that is done, if it is expected then.</summary>
        internal void HoldChangeCipherSpec()
        {
            _changeCipherSpecWaits = true;
        }

        /// <summary>Whether a ChangeCipherSpec waited and its time has come.</summary>
        internal bool TakeWaitingChangeCipherSpec()
        {
            bool comes = _changeCipherSpecWaits && _pending == null;
            _changeCipherSpecWaits = _changeCipherSpecWaits && !comes;
            return comes;
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

        private void ProcessReady(long now)
        {
            while (Host != null && _pending == null && Assembler.Ready != null)
            {
                ProcessMessage(Assembler.Ready, now);
            }
        }

        private void ProcessMessage(MessageSlot message, long now)
        {
            int row = _rules.Next(_row, message.Type, _flags);
            if (row < 0)
            {
                Fail(DtlsError.UnexpectedMessage);
                return;
            }

            // Finished and CertificateVerify speak of the transcript before themselves.
            int type = message.Type;
            bool speaksOfTranscript = type == HandshakeType.Finished || type == HandshakeType.CertificateVerify;
            if (!speaksOfTranscript)
            {
                Transcript.Add(type, message.Sequence, message.Length, message.Buffer, 0, message.Length);
            }

            WireReader reader = Endpoint.Reader;
            reader.Reset(message.Buffer, 0, message.Length);
            HandshakePart part = PartFor(type);
            DtlsError error = part != null ? part.Read(this, type, reader) : type == HandshakeType.Finished ? ReadFinished(reader, message.Sequence) : Read(type, reader, now);
            if (error == DtlsError.None && !reader.IsAtEnd)
            {
                error = DtlsError.DecodeError;
            }

            if (error != DtlsError.None)
            {
                Fail(error);
                return;
            }

            if (speaksOfTranscript)
            {
                Transcript.Add(type, message.Sequence, message.Length, message.Buffer, 0, message.Length);
            }

            Endpoint.Trace("message accepted", type, message.Length);
            _row = row;
            _rememberedAlert = Alert.None;
            _asksAgain = false;
            _readingType = type;
            if (!Pend(part != null ? part.AfterReading(this, type) : AfterReading(type), now))
            {
                EndMessage(now);
            }
        }

        private DtlsError ReadFinished(WireReader reader, int sequence)
        {
            KeySchedule.WriteVerifyData(this, !IsServer, _verifyData);
            Host.RememberFinished(sequence, _verifyData);
            return Finished.Read(reader, _verifyData);
        }

        private void EndMessage(long now)
        {
            int type = _readingType;
            _readingType = -1;
            if (type == HandshakeType.HelloVerifyRequest)
            {
                // What came behind it is of an earlier handshake, or made up: the server has kept nothing of this one.
                Assembler.Reset(Assembler.NextSequence + 1);
            }
            else
            {
                Assembler.Advance();
            }

            if (type == HandshakeType.ClientKeyExchange)
            {
                DtlsError error = DeriveKeys();
                if (error != DtlsError.None)
                {
                    Fail(error);
                    return;
                }
            }

            OnMessage(type, now);
        }

        /// <summary>Waits for an operation, if there is one and it needs more than a step. Returns whether it waits, or has failed.</summary>
        internal bool Pend(CryptoOperation operation, long now)
        {
            if (operation == null)
            {
                return false;
            }

            _pending = operation;
            if (operation.IsWaiting || !operation.Step(Options.StepBudget))
            {
                Host.OnPending(operation);
                return true;
            }

            _pending = null;
            if (operation.Error == DtlsError.None)
            {
                return false;
            }

            Fail(operation.Error);
            return true;
        }

        private void EndPending(long now)
        {
            DtlsError error = _pending.Error;
            _pending = null;
            Host.OnPendingEnded();
            if (error != DtlsError.None)
            {
                Fail(error);
                return;
            }

            if (_readingType >= 0)
            {
                EndMessage(now);
            }
            else
            {
                Continue(now);
            }

            ProcessReady(now);
        }
    }
}
