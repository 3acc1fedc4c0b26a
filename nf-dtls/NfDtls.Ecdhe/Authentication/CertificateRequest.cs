namespace NfDtls.Ecdhe
{
    /// <summary>CertificateRequest (RFC 5246 section 7.4.4, RFC 8422 section 5.5): kinds of keys, signature schemes, authorities.</summary>
    internal sealed class CertificateRequest
    {
        private const int RsaSign = 1;
        private const int EcdsaSign = 64;

        internal int[] Schemes;
        internal int Authorities;
        internal int AuthoritiesLength;
        private bool _takesRsa;
        private bool _takesElliptic;

        internal static void Write(Handshake handshake, CredentialSource source, WireWriter writer)
        {
            SchemeTable table = SchemeChoice.Table(handshake);
            int types = writer.BeginVector(1);
            if (CanVerify(handshake, table, KeyKind.Secp256r1) || CanVerify(handshake, table, KeyKind.Secp384r1) || CanVerify(handshake, table, KeyKind.Secp521r1)
                || CanVerify(handshake, table, KeyKind.Ed25519))
            {
                writer.WriteUInt8(EcdsaSign);
            }

            if (CanVerify(handshake, table, KeyKind.Rsa))
            {
                writer.WriteUInt8(RsaSign);
            }

            writer.EndVector(types, 1);
            int schemes = writer.BeginVector(2);
            for (int i = 0; i < table.Count; i++)
            {
                if (SchemeChoice.Requests(handshake, table.At(i)))
                {
                    writer.WriteUInt16(table.At(i));
                }
            }

            writer.EndVector(schemes, 2);
            int authorities = writer.BeginVector(2);
            source.WriteAuthorities(writer);
            writer.EndVector(authorities, 2);
        }

        internal DtlsError Read(WireReader reader)
        {
            int count = reader.ReadUInt8();
            int types = reader.Skip(count);
            if (reader.Failed || count == 0)
            {
                return DtlsError.DecodeError;
            }

            _takesRsa = false;
            _takesElliptic = false;
            for (int i = 0; i < count; i++)
            {
                _takesRsa |= reader.Buffer[types + i] == RsaSign;
                _takesElliptic |= reader.Buffer[types + i] == EcdsaSign;
            }

            Schemes = NumberList.Read(reader);
            AuthoritiesLength = reader.ReadUInt16();
            Authorities = reader.Skip(AuthoritiesLength);
            bool isGood = !reader.Failed && Schemes != null && CertificateAuthorities.AreNames(reader.Buffer, Authorities, Authorities + AuthoritiesLength);
            return isGood ? DtlsError.None : DtlsError.DecodeError;
        }

        internal bool Takes(int keyKind)
        {
            return keyKind == KeyKind.Rsa ? _takesRsa : _takesElliptic;
        }

        private static bool CanVerify(Handshake handshake, SchemeTable table, int keyKind)
        {
            for (int i = 0; i < table.Count; i++)
            {
                if (SignatureScheme.Fits(table.At(i), keyKind) && handshake.Crypto.Supports(CryptoAlgorithm.VerifyWith(table.At(i), keyKind))
                    && handshake.KeepsTranscript(SignatureScheme.HashOf(table.At(i))))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
