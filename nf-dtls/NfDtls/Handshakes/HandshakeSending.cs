using System;

namespace NfDtls
{
    /// <summary>What goes out: the flights, written message by message from a script.</summary>
    public abstract partial class Handshake
    {
        // A coordinate of P-384, or what RSA encrypts.
        private const int LongestSecret = 48;

        /// <summary>Begins a flight of the messages of a script: those that are skipped or not wanted fall out.</summary>
        internal void BeginFlight(int[] script, bool awaitsReply, long now)
        {
            _script = script;
            _scriptAt = 0;
            _isPrepared = false;
            _awaitsReply = awaitsReply;
            Flight.Clear();
            Continue(now);
        }

        private void Continue(long now)
        {
            if (_script == null)
            {
                ContinueWithoutScript(now);
                return;
            }

            while (_scriptAt < _script.Length)
            {
                int type = _script[_scriptAt];
                HandshakePart part = PartFor(type);
                if (!Skips(type))
                {
                    if (part != null && !_isPrepared)
                    {
                        _isPrepared = true;
                        if (Pend(part.BeforeWriting(this, type), now))
                        {
                            return;
                        }
                    }

                    DtlsError error = part == null || part.Writes(this, type) ? WriteMessage(part, type) : DtlsError.None;
                    if (error != DtlsError.None)
                    {
                        Fail(error);
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
            WireWriter writer = Endpoint.Writer;
            Flight.Begin(writer);
            Epoch epoch = Host.WriteEpoch;
            if (type == HandshakeType.ChangeCipherSpec)
            {
                writer.WriteUInt8(1);
                Host.ChangeWriteEpoch();
                return Flight.End(writer, type, 0, RecordVersion, epoch) ? DtlsError.None : DtlsError.InternalError;
            }

            if (part != null)
            {
                part.Write(this, type, writer);
            }
            else if (type == HandshakeType.Finished)
            {
                KeySchedule.WriteVerifyData(this, IsServer, _verifyData);
                Finished.Write(writer, _verifyData);
            }
            else
            {
                Write(type, writer);
            }

            if (!Flight.End(writer, type, _sendSequence, RecordVersion, epoch))
            {
                return DtlsError.InternalError;
            }

            FlightMessage message = Flight.Last;
            Transcript.Add(type, _sendSequence, message.Length, Flight.Bytes, message.Offset, message.Length);
            Endpoint.Trace("message sent", type, message.Length);
            _sendSequence++;
            return type == HandshakeType.ClientKeyExchange ? DeriveKeys() : DtlsError.None;
        }

        private void SendFlight(long now)
        {
            // From here on a message before these is the flight that this one answers, again: ours did not arrive. A message
            // of the next flight says the opposite, however often it comes.
            _repeatsBelow = Assembler.NextSequence;
            _timer.Begin(_awaitsReply);
            _backOff.Begin();
            if (_awaitsReply && _pskIdentity != null)
            {
                _doubt.Watch(now);
            }

            Flight.Restart();
            Host.SendFlight();
            OnFlightWritten(now);
        }

        /// <summary>The flight is complete; sending it has begun.</summary>
        internal virtual void OnFlightWritten(long now)
        {
        }

        private DtlsError DeriveKeys()
        {
            byte[] premaster = new byte[4 + (2 * Options.MaxPskLength) + LongestSecret];
            int length = _keyExchange.WritePremasterSecret(premaster, 0, premaster.Length);
            if (length < 0)
            {
                return DtlsError.InternalError;
            }

            KeySchedule.DeriveMaster(this, premaster, length);
            Array.Clear(premaster, 0, premaster.Length);
            KeySchedule.ProtectEpoch(this, Host.AddEpoch(_suite));
            return DtlsError.None;
        }
    }
}
