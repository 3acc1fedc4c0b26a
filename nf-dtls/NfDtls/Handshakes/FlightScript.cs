namespace NfDtls
{
    /// <summary>What goes out: the flights of a handshake, written message by message from a script.</summary>
    internal sealed class FlightScript
    {
        private readonly Handshake _handshake;
        private readonly Flight _flight;
        private int[] _script;
        private int _scriptAt;
        private bool _isPrepared;
        private bool _awaitsReply;
        private int _sendSequence;

        internal FlightScript(Handshake handshake, Flight flight)
        {
            _handshake = handshake;
            _flight = flight;
        }

        /// <summary>The message_seq of the next message.</summary>
        internal int NextSequence
        {
            get { return _sendSequence; }
        }

        /// <summary>Nothing is to be written; the next message has this message_seq.</summary>
        internal void Reset(int sendSequence)
        {
            _script = null;
            _isPrepared = false;
            _sendSequence = sendSequence;
            _flight.Clear();
        }

        /// <summary>Begins a flight of the messages of a script: those that are skipped or not wanted fall out.</summary>
        internal void Begin(int[] script, bool awaitsReply, long now)
        {
            _script = script;
            _scriptAt = 0;
            _isPrepared = false;
            _awaitsReply = awaitsReply;
            _flight.Clear();
            Continue(now);
        }

        internal void Continue(long now)
        {
            if (_script == null)
            {
                _handshake.Role.ContinueWithoutScript(now);
                return;
            }

            while (_scriptAt < _script.Length)
            {
                int type = _script[_scriptAt];
                HandshakeRole role = _handshake.Role;
                if (!role.Skips(type))
                {
                    HandshakePart part = role.PartFor(type);
                    if (part != null && !_isPrepared)
                    {
                        _isPrepared = true;
                        if (_handshake.Pending.Begin(part.BeforeWriting(_handshake, type), now))
                        {
                            return;
                        }
                    }

                    DtlsError error = part == null || part.Writes(_handshake, type) ? WriteMessage(part, type) : DtlsError.None;
                    if (error != DtlsError.None)
                    {
                        _handshake.Fail(error);
                        return;
                    }
                }

                _isPrepared = false;
                _scriptAt++;
            }

            _script = null;
            SendFlight(now);
        }

        private DtlsError WriteMessage(HandshakePart part, int type)
        {
            Handshake handshake = _handshake;
            WireWriter writer = handshake.Endpoint.Writer;
            _flight.Begin(writer);
            Epoch epoch = handshake.Host.WriteEpoch;
            if (type == HandshakeType.ChangeCipherSpec)
            {
                writer.WriteUInt8(1);
                handshake.Host.ChangeWriteEpoch();
                return _flight.End(writer, type, 0, handshake.RecordVersion, epoch) ? DtlsError.None : DtlsError.InternalError;
            }

            if (part != null)
            {
                part.Write(handshake, type, writer);
            }
            else
            {
                handshake.Role.Write(type, writer);
            }

            if (!_flight.End(writer, type, _sendSequence, handshake.RecordVersion, epoch))
            {
                return DtlsError.InternalError;
            }

            FlightMessage message = _flight.Last;
            handshake.Role.Transcript.Add(type, _sendSequence, message.Length, _flight.Bytes, message.Offset, message.Length);
            handshake.Endpoint.Trace("message sent", type, message.Length);
            _sendSequence++;
            return handshake.Role.OnPassed(type);
        }

        private void SendFlight(long now)
        {
            Handshake handshake = _handshake;
            handshake.Receiver.FlightBegins();
            handshake.Patience.FlightBegins(_awaitsReply, handshake.PskIdentity != null && !handshake.IsServer, now);
            _flight.Restart();
            handshake.Host.SendFlight();
            handshake.Role.OnFlightWritten(now);
        }
    }
}
