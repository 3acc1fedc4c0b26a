namespace NfDtls
{
    /// <summary>What comes in: fragments, whole messages in their order, and the work they may ask for.</summary>
    internal sealed class MessageReceiver
    {
        private readonly Handshake _handshake;
        private readonly MessageAssembler _assembler;
        private int _row;
        private int _readingType = -1;
        private int _repeatsBelow;
        private bool _changeCipherSpecWaits;

        internal MessageReceiver(Handshake handshake)
        {
            EndpointOptions options = handshake.Options;
            _handshake = handshake;
            _assembler = new MessageAssembler(options.EffectiveMaxHandshakeMessage, options.OutOfOrderSlots, options.EffectiveOutOfOrderBytes);
        }

        /// <summary>Puts the messages together.</summary>
        internal MessageAssembler Assembler
        {
            get { return _assembler; }
        }

        /// <summary>Whether a message was read whose work is not done yet.</summary>
        internal bool IsReading
        {
            get { return _readingType >= 0; }
        }

        /// <summary>Begins with the message of this message_seq.</summary>
        internal void Reset(int receiveSequence)
        {
            _assembler.Reset(receiveSequence);
            _row = 0;
            _readingType = -1;
            _changeCipherSpecWaits = false;
        }

        /// <summary>
        /// From here on a message before those that were read is the flight that ours answers, again: ours did not arrive. A
        /// message of the next flight says the opposite, however often it comes.
        /// </summary>
        internal void FlightBegins()
        {
            _repeatsBelow = _assembler.NextSequence;
        }

        /// <summary>Handles the fragments of a handshake record.</summary>
        internal void HandleFragments(RecordHeader record, byte[] buffer, long now)
        {
            Handshake handshake = _handshake;
            bool isResent = false;
            bool isTaken = true;
            bool hasGap = false;
            bool isEarlier = record.Epoch != handshake.Host.ReadEpoch.Number;
            Endpoint endpoint = handshake.Endpoint;
            WireReader reader = endpoint.Reader;
            MessageHeader header = endpoint.MessageHeader;
            reader.Reset(buffer, record.FragmentOffset, record.FragmentLength);
            do
            {
                if (!header.Read(reader))
                {
                    endpoint.Drop(DropReason.Fragment, ContentType.Handshake);
                    isTaken = false;
                    break;
                }

                int at = reader.Skip(header.FragmentLength);
                int reason = isEarlier && header.Sequence >= _assembler.NextSequence ? DropReason.Epoch : Take(header, buffer, at);
                isResent |= reason != DropReason.MessageSequence && reason != DropReason.Epoch && header.Sequence < _repeatsBelow;
                isTaken &= reason < 0 || reason == DropReason.Duplicate;

                // Behind a message that is whole, and whose work may be under way, nothing is known to be missing.
                hasGap |= header.Sequence > _assembler.NextSequence && _assembler.Ready == null;
                if (header.FragmentLength < header.MessageLength)
                {
                    handshake.Patience.SawFragment(endpoint.DatagramLength);
                }

                if (reason >= 0)
                {
                    endpoint.Drop(reason, ContentType.Handshake);
                }

                if (IsTooLong(header))
                {
                    handshake.Fail(header.Type == HandshakeType.Certificate ? DtlsError.CertificateChainTooLarge : DtlsError.HandshakeMessageTooLarge);
                    return;
                }
            }
            while (reader.Remaining > 0);

            if (isTaken && !isResent)
            {
                handshake.Role.OnRecord(record.Epoch, record.Sequence, hasGap, now);
            }

            ProcessReady(now);
            if (handshake.Host == null)
            {
                return;
            }

            if (handshake.Patience.IsKeyWrong(record.Sequence, isResent, now))
            {
                handshake.Fail(DtlsError.KeyMismatchSuspected);
            }
            else if (isResent)
            {
                handshake.Patience.AnswerRepetition(now);
            }
        }

        /// <summary>Takes a fragment of the epoch that is read. Returns -1, or why it was dropped.</summary>
        private int Take(MessageHeader header, byte[] buffer, int at)
        {
            if (header.Type == HandshakeType.HelloRequest || (header.Sequence >= _assembler.NextSequence && _handshake.Role.HearsNoMore(header.Type)))
            {
                return DropReason.MessageSequence;
            }

            if (_handshake.IsRenegotiation && !_handshake.IsServer && _row == 0 && header.Sequence == 1 && IsFirst(header.Type))
            {
                // The server counts the HelloRequest that asked for all this (RFC 6347 section 4.2.2), or that crossed our hello.
                _assembler.SkipFirst();
            }

            return header.Type == HandshakeType.Finished && IsOfLaterEpoch(header) ? DropReason.Epoch : _assembler.Add(header, buffer, at);
        }

        private static bool IsFirst(int type)
        {
            return type == HandshakeType.ServerHello || type == HandshakeType.HelloVerifyRequest;
        }

        /// <summary>
        /// Whether a Finished has come before its ChangeCipherSpec, and so cannot be the peer's. A whole one in the place of
        /// another message is let through: that ends the handshake, as any message out of its place does.
        /// </summary>
        private bool IsOfLaterEpoch(MessageHeader header)
        {
            if (header.Sequence < _assembler.NextSequence || _handshake.Role.HearsEarlierEpochs || Next(HandshakeType.Finished) >= 0)
            {
                return false;
            }

            bool isWhole = header.FragmentLength == header.MessageLength;
            return !isWhole || header.Sequence > _assembler.NextSequence || Next(HandshakeType.ChangeCipherSpec) >= 0;
        }

        /// <summary>
        /// Whether a fragment says that the message whose turn it is, and which is expected, will never fit. Told at once: who
        /// can forge such a fragment in epoch 0 can forge a whole message as well, which ends the handshake, too.
        /// </summary>
        private bool IsTooLong(MessageHeader header)
        {
            return header.MessageLength > _assembler.MaxMessage && header.Sequence == _assembler.NextSequence && !_assembler.IsBegun
                && Next(header.Type) >= 0;
        }

        /// <summary>Whether a ChangeCipherSpec is expected now; if so the handshake moves on.</summary>
        internal bool AcceptChangeCipherSpec()
        {
            int row = Next(HandshakeType.ChangeCipherSpec);
            if (row < 0 || _handshake.IsPending)
            {
                return false;
            }

            _row = row;
            _assembler.ForgetParts();
            _handshake.Patience.SawNextEpoch();
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
            bool comes = _changeCipherSpecWaits && !_handshake.IsPending;
            _changeCipherSpecWaits = _changeCipherSpecWaits && !comes;
            return comes;
        }

        internal void ProcessReady(long now)
        {
            while (_handshake.Host != null && !_handshake.IsPending && _assembler.Ready != null)
            {
                ProcessMessage(_assembler.Ready, now);
            }
        }

        private void ProcessMessage(MessageSlot message, long now)
        {
            Handshake handshake = _handshake;
            int flags = handshake.Flags;
            HandshakeRole role = handshake.Role;
            int row = role.Rules.Next(_row, message.Type, flags);
            if (row < 0)
            {
                handshake.Fail(DtlsError.UnexpectedMessage);
                return;
            }

            // Finished and CertificateVerify speak of the transcript before themselves.
            int type = message.Type;
            bool speaksOfTranscript = type == HandshakeType.Finished || type == HandshakeType.CertificateVerify;
            if (!speaksOfTranscript)
            {
                Hash(message);
            }

            WireReader reader = handshake.Endpoint.Reader;
            reader.Reset(message.Buffer, 0, message.Length);
            HandshakePart part = role.PartFor(type);
            DtlsError error = part != null ? part.Read(handshake, type, reader) : ReadByRole(message, reader, now);
            if (error == DtlsError.None && !reader.IsAtEnd)
            {
                error = DtlsError.DecodeError;
            }

            if (error != DtlsError.None)
            {
                handshake.Fail(error);
                return;
            }

            if (speaksOfTranscript)
            {
                Hash(message);
            }

            handshake.Endpoint.Trace("message accepted", type, message.Length);
            _row = handshake.Role == role ? row : handshake.Role.Rules.Next(_row, type, flags);
            handshake.Patience.MessageAccepted();
            _readingType = type;
            if (!handshake.Pending.Begin(part != null ? part.AfterReading(handshake, type) : handshake.Role.AfterReading(type), now))
            {
                EndMessage(now);
            }
        }

        private DtlsError ReadByRole(MessageSlot message, WireReader reader, long now)
        {
            HandshakeRole role = _handshake.Role;
            DtlsError error = role.Read(message.Type, reader, now);
            if (_handshake.Role == role)
            {
                return error;
            }

            // It chose another version, which reads it now.
            Hash(message);
            reader.Reset(message.Buffer, 0, message.Length);
            return _handshake.Role.Read(message.Type, reader, now);
        }

        /// <summary>The row behind a message that comes now, or -1.</summary>
        private int Next(int type)
        {
            return _handshake.Role.Rules.Next(_row, type, _handshake.Flags);
        }

        private void Hash(MessageSlot message)
        {
            _handshake.Role.Transcript.Add(message.Type, message.Sequence, message.Length, message.Buffer, 0, message.Length);
        }

        internal void EndMessage(long now)
        {
            Handshake handshake = _handshake;
            int type = _readingType;
            _readingType = -1;
            if (handshake.Role.BeginsAnew(type))
            {
                // What came behind it is of an earlier handshake, or made up: the server has kept nothing of this one.
                _assembler.Reset(_assembler.NextSequence + 1);
            }
            else
            {
                _assembler.Advance();
            }

            DtlsError error = handshake.Host.OnMessage(type);
            if (error == DtlsError.None)
            {
                error = handshake.Role.OnPassed(type);
            }

            if (error != DtlsError.None)
            {
                handshake.Fail(error);
                return;
            }

            handshake.Role.OnMessage(type, now);
        }
    }
}
