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
                case Oid.EcdsaSha512: scheme = SignatureScheme.EcdsaSecp521r1Sha512; break;
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
                // RFC 4055 section 5: NULL, and nothing must be accepted as well.
                if (!reader.IsAtEnd)
                {
                    reader.ReadNull();
                }
            }
            else if (scheme <= 0)
            {
                reader.SkipRest();   // parameters of an algorithm that nobody will use, however many
            }

            reader.Leave();
            return scheme;
        }

        /// <summary>
        /// Only what the schemes rsa_pss_rsae_* mean: one hash twice, and as many bytes of salt as it has (RFC 4055 section 3.1).
        /// The trailer, 1, may be there or not.
        /// </summary>
        private static int ReadPss(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            if (reader.Tag != DerTag.ContextConstructed)
            {
                // The hash that nobody names is SHA-1.
                reader.SkipRest();
                reader.Leave();
                return Weak;
            }

            reader.Enter(DerTag.ContextConstructed);
            long hash = ReadHash(reader);
            reader.Leave();
            long maskHash = 0;
            if (reader.Tag == DerTag.ContextConstructed + 1)
            {
                reader.Enter(DerTag.ContextConstructed + 1);
                reader.Enter(DerTag.Sequence);
                bool isMgf1 = reader.ReadOid() == Oid.Mgf1 && reader.Tag == DerTag.Sequence;
                maskHash = isMgf1 ? ReadHash(reader) : 0;
                reader.SkipRest();
                reader.Leave();
                reader.Leave();
            }

            int salt = ReadOptional(reader, DerTag.ContextConstructed + 2, 20);
            int trailer = ReadOptional(reader, DerTag.ContextConstructed + 3, 1);
            bool isWhole = reader.IsAtEnd;
            reader.SkipRest();
            reader.Leave();
            return isWhole && trailer == 1 && maskHash == hash ? PssScheme(hash, salt) : Unknown;
        }

        private static int PssScheme(long hash, int salt)
        {
            switch (hash)
            {
                case Oid.Sha256: return salt == 32 ? SignatureScheme.RsaPssRsaeSha256 : Unknown;
                case Oid.Sha384: return salt == 48 ? SignatureScheme.RsaPssRsaeSha384 : Unknown;
                case Oid.Sha512: return salt == 64 ? SignatureScheme.RsaPssRsaeSha512 : Unknown;
                default: return Unknown;
            }
        }

        /// <summary>A small number under a tag of its own, or what it is where it is not there.</summary>
        private static int ReadOptional(DerReader reader, int tag, int otherwise)
        {
            if (reader.Tag != tag)
            {
                return otherwise;
            }

            reader.Enter(tag);
            int value = reader.ReadSmall();
            reader.Leave();
            return value;
        }

        /// <summary>A hash's identifier; RFC 4055 section 2.1 lets NULL stand behind it or nothing.</summary>
        private static long ReadHash(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            long hash = reader.ReadOid();
            reader.SkipRest();
            reader.Leave();
            return hash;
        }
    }
}
