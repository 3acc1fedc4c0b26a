namespace NfDtls.X509
{
    /// <summary>
    /// Object identifiers as numbers, so that they are compared without tables. An identifier of up to 8 bytes is its bytes; one
    /// of 9 bytes, whose second is 86, is the others with the highest bit set; everything else is 0, which is known to nobody.
    /// </summary>
    internal static class Oid
    {
        internal const long RsaEncryption = unchecked((long)0xAA4886F70D010101UL);
        internal const long RsaMd2 = unchecked((long)0xAA4886F70D010102UL);
        internal const long RsaMd4 = unchecked((long)0xAA4886F70D010103UL);
        internal const long RsaMd5 = unchecked((long)0xAA4886F70D010104UL);
        internal const long RsaSha1 = unchecked((long)0xAA4886F70D010105UL);
        internal const long Mgf1 = unchecked((long)0xAA4886F70D010108UL);
        internal const long RsaPss = unchecked((long)0xAA4886F70D01010AUL);
        internal const long RsaSha256 = unchecked((long)0xAA4886F70D01010BUL);
        internal const long RsaSha384 = unchecked((long)0xAA4886F70D01010CUL);
        internal const long RsaSha512 = unchecked((long)0xAA4886F70D01010DUL);
        internal const long OiwRsaSha1 = 0x2B0E03021D;
        internal const long Sha256 = unchecked((long)0xE048016503040201UL);
        internal const long Sha384 = unchecked((long)0xE048016503040202UL);
        internal const long Sha512 = unchecked((long)0xE048016503040203UL);

        internal const long EcPublicKey = 0x2A8648CE3D0201;
        internal const long Secp256r1 = 0x2A8648CE3D030107;
        internal const long Secp384r1 = 0x2B81040022;
        internal const long Secp521r1 = 0x2B81040023;
        internal const long EcdsaSha1 = 0x2A8648CE3D0401;
        internal const long EcdsaSha256 = 0x2A8648CE3D040302;
        internal const long EcdsaSha384 = 0x2A8648CE3D040303;
        internal const long EcdsaSha512 = 0x2A8648CE3D040304;
        internal const long X25519 = 0x2B656E;
        internal const long Ed25519 = 0x2B6570;

        internal const long CommonName = 0x550403;
        internal const long EmailAddress = unchecked((long)0xAA4886F70D010901UL);

        internal const long SubjectKeyIdentifier = 0x551D0E;
        internal const long KeyUsage = 0x551D0F;
        internal const long SubjectAltName = 0x551D11;
        internal const long BasicConstraints = 0x551D13;
        internal const long DeltaCrlIndicator = 0x551D1B;
        internal const long IssuingDistributionPoint = 0x551D1C;
        internal const long NameConstraints = 0x551D1E;
        internal const long CertificatePolicies = 0x551D20;
        internal const long PolicyMappings = 0x551D21;
        internal const long AuthorityKeyIdentifier = 0x551D23;
        internal const long ExtendedKeyUsage = 0x551D25;
        internal const long InhibitAnyPolicy = 0x551D36;

        internal const long AnyExtendedKeyUsage = 0x551D2500;
        internal const long ServerAuth = 0x2B06010505070301;
        internal const long ClientAuth = 0x2B06010505070302;

        internal static long Number(byte[] buffer, int offset, int count)
        {
            if (count == 0 || count > 9 || buffer[offset] == 0 || buffer[offset] >= 0x80 || (count == 9 && buffer[offset + 1] != 0x86))
            {
                return 0;
            }

            long number = buffer[offset];
            for (int i = count == 9 ? 2 : 1; i < count; i++)
            {
                number = (number << 8) | buffer[offset + i];
            }

            return count == 9 ? number | long.MinValue : number;
        }
    }
}
