using System;

namespace NfDtls
{
    /// <summary>What both roles' parts in DTLS 1.2 have in common: Finished, and the keys behind the ClientKeyExchange.</summary>
    internal abstract class Dtls12Role : HandshakeRole
    {
        // A coordinate of P-384, or what RSA encrypts.
        private const int LongestSecret = 48;

        private readonly byte[] _verifyData = new byte[Finished.VerifyDataLength];

        internal Dtls12Role(ProtocolVersion version, Handshake handshake)
            : base(version, handshake)
        {
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
                default: return null;
            }
        }

        internal override bool BeginsAnew(int type)
        {
            return type == HandshakeType.HelloVerifyRequest;
        }

        internal override DtlsError OnPassed(int type)
        {
            return type == HandshakeType.ClientKeyExchange ? DeriveKeys() : DtlsError.None;
        }

        internal override DtlsError Read(int type, WireReader reader, long now)
        {
            if (type != HandshakeType.Finished)
            {
                return ReadHello(type, reader);
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
        internal abstract DtlsError ReadHello(int type, WireReader reader);

        /// <summary>Writes one of the role's own messages.</summary>
        internal abstract void WriteHello(int type, WireWriter writer);

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
