namespace NfDtls.X509
{
    /// <summary>Reads the AlgorithmIdentifier of a signature (RFC 3279, 4055, 5758, 8410).</summary>
    internal static class AlgorithmReader
    {
        /// <summary>An algorithm that is not known.</summary>
        internal const int Unknown = 0;
        /// <summary>An algorithm that is known to be too weak: SHA-1 or older.</summary>
        internal const int Weak = -1;

        /// <summary>A number of <see cref="SignatureScheme"/>, or one of the above. Parameters that the algorithm does not have make the reader fail.</summary>
        internal static int Read(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            long oid = reader.ReadOid();
            int scheme = Unknown;
            switch (oid)
            {
                case Oid.RsaSha256: scheme = SignatureScheme.RsaPkcs1Sha256; break;
                case Oid.RsaSha384: scheme = SignatureScheme.RsaPkcs1Sha384; break;
                case Oid.RsaSha512: scheme = SignatureScheme.RsaPkcs1Sha512; break;
                case Oid.EcdsaSha256: scheme = SignatureScheme.EcdsaSecp256r1Sha256; break;
                case Oid.EcdsaSha384: scheme = SignatureScheme.EcdsaSecp384r1Sha384; break;
                case Oid.Ed25519: scheme = SignatureScheme.Ed25519; break;
                case Oid.RsaPss: scheme = ReadPss(reader); break;
                case Oid.RsaMd2:
                case Oid.RsaMd4:
                case Oid.RsaMd5:
                case Oid.RsaSha1:
                case Oid.OiwRsaSha1:
                case Oid.EcdsaSha1: scheme = Weak; break;
            }

            if (SignatureScheme.Fits(scheme, KeyKind.Rsa) && oid != Oid.RsaPss)
            {
                ReadNull(reader);
            }
            else if (scheme <= 0)
            {
                // Parameters of an algorithm that nobody will use.
                while (!reader.IsAtEnd)
                {
                    reader.ReadAny();
                }
            }

            reader.Leave();
            return scheme;
        }

        /// <summary>Only what rsa_pss_rsae_sha256 means: SHA-256 twice, 32 bytes of salt (RFC 4055 section 3.1).</summary>
        private static int ReadPss(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            bool isOurs = false;
            bool isWeak = reader.Tag != DerTag.ContextConstructed;   // the default is SHA-1
            if (reader.Tag == DerTag.ContextConstructed)
            {
                reader.Enter(DerTag.ContextConstructed);
                bool isSha256 = ReadSha256(reader);
                reader.Leave();
                if (isSha256 && reader.Tag == DerTag.ContextConstructed + 1)
                {
                    reader.Enter(DerTag.ContextConstructed + 1);
                    reader.Enter(DerTag.Sequence);
                    isOurs = reader.ReadOid() == Oid.Mgf1 && reader.Tag == DerTag.Sequence && ReadSha256(reader);
                    Rest(reader);
                    reader.Leave();
                    reader.Leave();
                }

                int salt = 20;
                if (reader.Tag == DerTag.ContextConstructed + 2)
                {
                    reader.Enter(DerTag.ContextConstructed + 2);
                    salt = reader.ReadSmall();
                    reader.Leave();
                }

                isOurs = isOurs && salt == 32 && reader.IsAtEnd;
            }

            Rest(reader);
            reader.Leave();
            if (isWeak)
            {
                return Weak;
            }

            return isOurs ? SignatureScheme.RsaPssRsaeSha256 : Unknown;
        }

        private static bool ReadSha256(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            bool isSha256 = reader.ReadOid() == Oid.Sha256;
            Rest(reader);
            reader.Leave();
            return isSha256;
        }

        private static void ReadNull(DerReader reader)
        {
            if (reader.Read(DerTag.Null) && reader.Length != 0)
            {
                reader.Fail();
            }
        }

        private static void Rest(DerReader reader)
        {
            while (!reader.IsAtEnd)
            {
                reader.ReadAny();
            }
        }
    }
}
