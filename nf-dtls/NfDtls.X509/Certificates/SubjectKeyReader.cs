using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7, RFC 5480, RFC 8410).</summary>
    internal static class SubjectKeyReader
    {
        /// <summary>The shortest RSA modulus that is not too weak, in bits.</summary>
        internal const int MinRsaBits = RsaKeyInfo.MinBits;
        /// <summary>The longest RSA modulus that is taken, in bits: beyond, a verification costs more than a stranger may ask for.</summary>
        internal const int MaxRsaBits = RsaKeyInfo.MaxBits;
        private const int MaxExponentBytes = RsaKeyInfo.MaxExponentBytes;

        /// <summary>
        /// Points the key at what is read. The result says what is wrong with a key that is well-formed:
        /// UnsupportedCertificate (another algorithm, curve or form) or CertificateTooWeak. A malformed one makes the reader fail.
        /// </summary>
        internal static DtlsError Read(DerReader reader, PublicKey key)
        {
            key.Clear();
            reader.Enter(DerTag.Sequence);
            reader.Enter(DerTag.Sequence);
            long algorithm = reader.ReadOid();
            long curve = algorithm == Oid.EcPublicKey && reader.Tag == DerTag.Oid ? reader.ReadOid() : 0;
            if (algorithm == Oid.RsaEncryption && !reader.IsAtEnd)
            {
                // RFC 3279 section 2.3.1: NULL. Some leave it out, and everybody reads that.
                reader.ReadNull();
            }

            bool hasParameters = !reader.IsAtEnd;
            reader.SkipRest();
            reader.Leave();
            DtlsError error = DtlsError.None;
            if (algorithm == Oid.RsaEncryption)
            {
                error = ReadRsa(reader, key);
            }
            else
            {
                reader.ReadBits();
                int kind = KindOf(algorithm, curve);
                if (hasParameters || kind == 0 || !IsKey(reader, kind))
                {
                    error = DtlsError.UnsupportedCertificate;
                }
                else
                {
                    key.Set(kind, reader.Buffer, reader.Offset, reader.Length);
                }
            }

            reader.Leave();
            return error;
        }

        /// <summary>The kind of key (<see cref="KeyKind"/>) of an algorithm and, for elliptic curves, a named curve; 0 for others.</summary>
        internal static int KindOf(long algorithm, long curve)
        {
            switch (algorithm)
            {
                case Oid.Ed25519: return KeyKind.Ed25519;
                case Oid.X25519: return KeyKind.X25519;
                case Oid.EcPublicKey:
                    return KindOf(curve);
                default: return 0;
            }
        }

        private static int KindOf(long curve)
        {
            switch (curve)
            {
                case Oid.Secp256r1: return KeyKind.Secp256r1;
                case Oid.Secp384r1: return KeyKind.Secp384r1;
                case Oid.Secp521r1: return KeyKind.Secp521r1;
                default: return 0;
            }
        }

        /// <summary>Bytes of a key of this kind: an uncompressed point or 32.</summary>
        internal static int LengthOf(int kind)
        {
            switch (kind)
            {
                case KeyKind.Secp256r1: return 65;
                case KeyKind.Secp384r1: return 97;
                case KeyKind.Secp521r1: return 133;
                default: return 32;
            }
        }

        private static bool IsKey(DerReader reader, int kind)
        {
            return reader.Length == LengthOf(kind) && (reader.Length == 32 || reader.Buffer[reader.Offset] == 4);
        }

        private static DtlsError ReadRsa(DerReader reader, PublicKey key)
        {
            reader.EnterBits();
            reader.Enter(DerTag.Sequence);
            reader.ReadPositive();
            int modulus = reader.Offset;
            int modulusCount = reader.Length;
            reader.ReadPositive();
            int exponent = reader.Offset;
            int exponentCount = reader.Length;
            byte[] buffer = reader.Buffer;
            reader.Leave();
            reader.Leave();
            if (reader.Failed)
            {
                return DtlsError.None;
            }

            bool isOne = exponentCount == 1 && buffer[exponent] == 1;
            if ((buffer[modulus + modulusCount - 1] & 1) == 0 || (buffer[exponent + exponentCount - 1] & 1) == 0 || isOne)
            {
                reader.Fail();
                return DtlsError.None;
            }

            key.SetRsa(buffer, modulus, modulusCount, exponent, exponentCount);
            if (key.Bits < MinRsaBits)
            {
                return DtlsError.CertificateTooWeak;
            }

            return key.Bits > MaxRsaBits || exponentCount > MaxExponentBytes ? DtlsError.UnsupportedCertificate : DtlsError.None;
        }
    }
}
