using System;

namespace NfDtls.X509
{
    /// <summary>
    /// Reads private keys: PKCS#1 (RFC 8017), SEC 1 (RFC 5915) and PKCS#8 (RFC 5958, RFC 8410) of RSA, P-256, P-384 and Ed25519,
    /// in DER or PEM. Keys in DER are used in place: the array must stay as it is while the key is used, and to wipe it
    /// afterwards is the application's business. PEM is decoded once, into an array that <see cref="StoredPrivateKey.Buffer"/> gives.
    /// </summary>
    public static class PrivateKeyReader
    {
        private const string Encrypted =
            "The private key is encrypted; decrypt it before: openssl pkcs8 -in key.pem -out plain.pem (PKCS#8), or openssl pkey -in key.pem -out plain.pem.";
        private const string Malformed =
            "This is no private key of RSA, P-256, P-384 or Ed25519 in PKCS#1, SEC 1 or PKCS#8; openssl pkcs8 -topk8 -nodes -in key -out plain.pem converts most others.";

        /// <summary>Reads a key from an array that holds nothing else, in DER, or from PEM text as bytes.</summary>
        /// <exception cref="ArgumentException">It is no private key, or one of a kind or form that is not supported; the message says what to do.</exception>
        public static StoredPrivateKey Read(byte[] derOrPem)
        {
            if (derOrPem == null)
            {
                throw new ArgumentNullException("derOrPem");
            }

            return derOrPem.Length > 0 && derOrPem[0] == DerTag.Sequence ? ReadDer(derOrPem) : ReadPem(derOrPem);
        }

        /// <summary>Reads the first private key of PEM text; what else stands there (parameters, certificates) is passed over.</summary>
        /// <exception cref="ArgumentException">There is none, or one of a kind or form that is not supported; the message says what to do.</exception>
        public static StoredPrivateKey Read(string pem)
        {
            byte[] text = Pem.BytesOf(pem);
            try
            {
                return ReadPem(text);
            }
            finally
            {
                Array.Clear(text, 0, text.Length);
            }
        }

        private static StoredPrivateKey ReadPem(byte[] text)
        {
            Pem pem = new Pem(text);
            while (pem.Next())
            {
                bool isPlain = pem.Is("RSA PRIVATE KEY") || pem.Is("EC PRIVATE KEY");
                if (pem.Is("ENCRYPTED PRIVATE KEY") || (isPlain && pem.IsEncrypted()))
                {
                    throw new ArgumentException(Encrypted);
                }

                if (isPlain || pem.Is("PRIVATE KEY"))
                {
                    return ReadDecoded(pem.Decode());
                }
            }

            throw new ArgumentException("The text has no block of a private key (PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY).");
        }

        /// <summary>Reads an array that nobody else has: where it is no key of ours, it is still a secret.</summary>
        private static StoredPrivateKey ReadDecoded(byte[] der)
        {
            bool isRead = false;
            try
            {
                StoredPrivateKey key = ReadDer(der);
                isRead = true;
                return key;
            }
            finally
            {
                if (!isRead)
                {
                    Array.Clear(der, 0, der.Length);
                }
            }
        }

        private static StoredPrivateKey ReadDer(byte[] der)
        {
            if (ForeignFile.IsPkcs12(der, 0, der.Length))
            {
                throw new ArgumentException(ForeignFile.Pkcs12);
            }

            DerReader reader = new DerReader();
            reader.Reset(der, 0, der.Length);
            reader.Enter(DerTag.Sequence);
            if (reader.Tag == DerTag.Sequence)
            {
                reader.ReadAny();
                bool isEncrypted = reader.Read(DerTag.OctetString) && reader.Leave() && reader.IsAtEnd;
                throw new ArgumentException(isEncrypted ? Encrypted : Malformed);
            }

            int version = reader.ReadSmall();
            StoredPrivateKey key = null;
            if (version == 0 && reader.Tag == DerTag.Integer)
            {
                key = ReadRsa(reader);
            }
            else if (version == 1 && reader.Tag == DerTag.OctetString)
            {
                key = ReadEc(reader, 0);
            }
            else if (version <= 1 && reader.Tag == DerTag.Sequence)
            {
                key = ReadPkcs8(reader);
            }

            reader.Leave();
            if (key == null || reader.Failed || !reader.IsAtEnd)
            {
                throw new ArgumentException(Malformed);
            }

            return key;
        }

        /// <summary>What stands behind an RSAPrivateKey's version: eight positive numbers.</summary>
        private static StoredPrivateKey ReadRsa(DerReader reader)
        {
            int[] offsets = new int[StoredPrivateKey.RsaParts];
            int[] counts = new int[StoredPrivateKey.RsaParts];
            for (int i = 0; i < offsets.Length; i++)
            {
                reader.ReadPositive();
                offsets[i] = reader.Offset;
                counts[i] = reader.Length;
            }

            return reader.Failed ? null : new StoredPrivateKey(reader.Buffer, offsets, counts);
        }

        /// <summary>What stands behind an ECPrivateKey's version. The curve may be known from outside; where both name one, they agree.</summary>
        private static StoredPrivateKey ReadEc(DerReader reader, long curve)
        {
            reader.Read(DerTag.OctetString);
            int offset = reader.Offset;
            int count = reader.Length;
            if (reader.Tag == DerTag.ContextConstructed)
            {
                reader.Enter(DerTag.ContextConstructed);
                long named = reader.ReadOid();
                reader.Leave();
                if (curve != 0 && curve != named)
                {
                    reader.Fail();
                }

                curve = named;
            }

            int kind = SubjectKeyReader.KindOf(Oid.EcPublicKey, curve);
            PublicKey known = null;
            if (reader.Tag == DerTag.ContextConstructed + 1)
            {
                reader.Enter(DerTag.ContextConstructed + 1);
                reader.ReadBits();
                known = Public(reader, kind);
                reader.Leave();
            }

            // A shorter scalar has lost its leading zeros (RFC 5915 section 3 forbids that).
            bool isScalar = kind != 0 && count == SubjectKeyReader.LengthOf(kind) / 2;
            return reader.Failed || !isScalar ? null : new StoredPrivateKey(kind, reader.Buffer, offset, count, known);
        }

        /// <summary>What stands behind a OneAsymmetricKey's version.</summary>
        private static StoredPrivateKey ReadPkcs8(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            long algorithm = reader.ReadOid();
            long curve = algorithm == Oid.EcPublicKey ? reader.ReadOid() : 0;
            if (algorithm == Oid.RsaEncryption && reader.Read(DerTag.Null) && reader.Length != 0)
            {
                reader.Fail();
            }

            reader.Leave();
            reader.Enter(DerTag.OctetString);
            StoredPrivateKey key = null;
            if (algorithm == Oid.Ed25519)
            {
                reader.Read(DerTag.OctetString);
                key = ReadEd25519(reader);
            }
            else
            {
                reader.Enter(DerTag.Sequence);
                int version = reader.ReadSmall();
                if (algorithm == Oid.RsaEncryption && version == 0)
                {
                    key = ReadRsa(reader);
                }
                else if (algorithm == Oid.EcPublicKey && version == 1)
                {
                    key = ReadEc(reader, curve);
                }

                reader.Leave();
                reader.Leave();
                if (reader.Tag == DerTag.ContextConstructed)
                {
                    reader.ReadAny();   // attributes
                }
            }

            return key;
        }

        /// <summary>The seed just read, then attributes and the public key.</summary>
        private static StoredPrivateKey ReadEd25519(DerReader reader)
        {
            int offset = reader.Offset;
            int count = reader.Length;
            reader.Leave();
            PublicKey known = null;
            if (reader.Tag == DerTag.ContextConstructed)
            {
                reader.ReadAny();
            }

            if (reader.Tag == DerTag.Context + 1)
            {
                // A bit string under a tag of its own: its first byte counts unused bits.
                reader.ReadAny();
                if (reader.Length != 33 || reader.Buffer[reader.Offset] != 0)
                {
                    reader.Fail();
                    return null;
                }

                known = new PublicKey();
                known.Set(KeyKind.Ed25519, reader.Buffer, reader.Offset + 1, 32);
            }

            return reader.Failed || count != 32 ? null : new StoredPrivateKey(KeyKind.Ed25519, reader.Buffer, offset, count, known);
        }

        private static PublicKey Public(DerReader reader, int kind)
        {
            if (reader.Failed || kind == 0 || reader.Length != SubjectKeyReader.LengthOf(kind) || reader.Buffer[reader.Offset] != 4)
            {
                reader.Fail();
                return null;
            }

            PublicKey key = new PublicKey();
            key.Set(kind, reader.Buffer, reader.Offset, reader.Length);
            return key;
        }
    }
}
