using System;

namespace NfDtls
{
    /// <summary>What both roles' parts in DTLS 1.2 have in common: Finished, and the keys behind the ClientKeyExchange.</summary>
    internal abstract class Dtls12Role : HandshakeRole
    {
        // A coordinate of P-384, or what RSA encrypts.
        private const int LongestSecret = 48;

        private readonly int[] _lastFlight = { HandshakeType.NewSessionTicket, HandshakeType.ChangeCipherSpec, HandshakeType.Finished };
        private readonly byte[] _verifyData = new byte[Finished.VerifyDataLength];
        private bool _isLastFlight;

        internal Dtls12Role(ProtocolVersion version, Handshake handshake)
            : base(version, handshake)
        {
        }

        /// <summary>Who keeps sessions to be resumed, or null.</summary>
        protected Resumption Resumption
        {
            get { return Handshake.Endpoint.Resumption; }
        }

        /// <summary>Whether a session is resumed, without a key exchange: then the server's Finished comes first.</summary>
        protected bool IsAbbreviated
        {
            get { return (Handshake.Flags & HandshakeFlags.Abbreviated) != 0; }
        }

        /// <summary>The session id of this end's hello.</summary>
        internal byte[] SessionId
        {
            get { return Resumption == null ? new byte[0] : Resumption.SessionId(Handshake); }
        }

        internal override HandshakePart PartFor(int type)
        {
            switch (type)
            {
                case HandshakeType.ServerKeyExchange:
                case HandshakeType.ClientKeyExchange: return Handshake.KeyExchange;
                case HandshakeType.Certificate:
                case HandshakeType.CertificateRequest:
                case HandshakeType.CertificateVerify: return Handshake.Authenticator;
                case HandshakeType.NewSessionTicket: return Resumption;
                default: return null;
            }
        }

        internal override bool BeginsAnew(int type)
        {
            return type == HandshakeType.HelloVerifyRequest;
        }

        internal override DtlsError OnPassed(int type)
        {
            switch (type)
            {
                case HandshakeType.ClientKeyExchange: return DeriveKeys();
                case HandshakeType.ServerHello: return IsAbbreviated ? Resume() : DtlsError.None;
                default: return DtlsError.None;
            }
        }

        internal override void OnFlightWritten(long now)
        {
            if (_isLastFlight)
            {
                HandshakeHost host = Handshake.Host;
                host.KeepLastFlight(Handshake.Flight, now);
                host.Complete(now);
            }
        }

        internal override void Clear()
        {
            _isLastFlight = false;
            Handshake.Crypto.Forget();
            base.Clear();
        }

        internal override DtlsError Read(int type, WireReader reader, long now)
        {
            if (type != HandshakeType.Finished)
            {
                return ReadHello(type, reader, now);
            }

            KeySchedule.WriteVerifyData(Handshake, !Handshake.IsServer, _verifyData);
            Handshake.Host.RememberFinished(Handshake.Receiver.Assembler.NextSequence, _verifyData);
            return Finished.Read(reader, _verifyData);
        }

        internal override void Write(int type, WireWriter writer)
        {
            if (type != HandshakeType.Finished)
            {
                WriteHello(type, writer);
                return;
            }

            KeySchedule.WriteVerifyData(Handshake, Handshake.IsServer, _verifyData);
            Finished.Write(writer, _verifyData);
        }

        /// <summary>Reads one of the role's own messages.</summary>
        internal abstract DtlsError ReadHello(int type, WireReader reader, long now);

        /// <summary>Writes one of the role's own messages.</summary>
        internal abstract void WriteHello(int type, WireWriter writer);

        /// <summary>The peer's Finished was right, and it waits for ours.</summary>
        protected void SendLastFlight(long now)
        {
            _isLastFlight = true;
            Handshake.BeginFlight(_lastFlight, false, now);
        }

        /// <summary>Takes the master secret of the session that is resumed, and makes the keys of the next epoch.</summary>
        private DtlsError Resume()
        {
            byte[] master = new byte[Tls12KeySchedule.MasterLength];
            DtlsError error = Resumption.Confirm(Handshake, master);
            if (error == DtlsError.None)
            {
                ((Tls12KeySchedule)KeySchedule).TakeMaster(Handshake, master);
                KeySchedule.ProtectEpoch(Handshake, Handshake.Host.AddEpoch(Handshake.Suite));
            }

            return error;
        }

        /// <summary>Makes the master secret and the keys of the next epoch.</summary>
        private DtlsError DeriveKeys()
        {
            byte[] premaster = new byte[4 + (2 * Handshake.Options.MaxPskLength) + LongestSecret];
            try
            {
                int length = Handshake.KeyExchange.WritePremasterSecret(premaster, 0, premaster.Length);
                if (length < 0)
                {
                    return DtlsError.InternalError;
                }

                KeySchedule.DeriveMaster(Handshake, premaster, length);
            }
            finally
            {
                Array.Clear(premaster, 0, premaster.Length);
            }

            KeySchedule.ProtectEpoch(Handshake, Handshake.Host.AddEpoch(Handshake.Suite));
            return DtlsError.None;
        }
    }
}
