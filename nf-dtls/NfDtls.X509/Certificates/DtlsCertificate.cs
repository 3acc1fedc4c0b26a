using System;

namespace NfDtls.X509
{
    /// <summary>
    /// An X.509 certificate (RFC 5280) inside somebody's array: it is read in place and never copied, so the array must stay as
    /// it is while the certificate is used. One that is well-formed can be looked at even if this stack would not accept it (an
    /// unknown key or critical extension, a weak algorithm); chains are refused for that, and so are <see cref="CertificateStore"/>'s adds.
    /// </summary>
    public sealed partial class DtlsCertificate
    {
        private readonly PublicKey _key = new PublicKey();
        private byte[] _buffer;
        private int _offset;
        private int _count;

        /// <summary>A certificate that is read later.</summary>
        internal DtlsCertificate()
        {
        }

        /// <summary>Reads a certificate of an array that holds nothing else, in DER or PEM. DER is used in place, never copied; PEM is decoded once.</summary>
        /// <exception cref="ArgumentException">It is no well-formed certificate.</exception>
        public DtlsCertificate(byte[] derOrPem)
        {
            if (derOrPem == null)
            {
                throw new ArgumentNullException("derOrPem");
            }

            byte[] der = derOrPem;
            if (Pem.IsText(der))
            {
                der = Decode(new Pem(derOrPem));
                if (der == null)
                {
                    throw new ArgumentException("This is neither a certificate in DER nor PEM text with a CERTIFICATE block.", "derOrPem");
                }
            }

            ReadOrThrow(der, 0, der.Length);
        }

        /// <summary>Reads a certificate in DER that stands somewhere in an array; it is used in place, never copied.</summary>
        /// <exception cref="ArgumentException">It is no well-formed certificate.</exception>
        public DtlsCertificate(byte[] der, int offset, int count)
        {
            if (der == null)
            {
                throw new ArgumentNullException("der");
            }

            if (offset < 0 || count < 0 || count > der.Length - offset)
            {
                throw new ArgumentException("The range is not within the array.");
            }

            ReadOrThrow(der, offset, count);
        }

        /// <summary>Reads the first CERTIFICATE block of PEM text, which is decoded once.</summary>
        /// <exception cref="ArgumentException">There is none, or it is no well-formed certificate.</exception>
        public DtlsCertificate(string pem)
            : this(Pem.BytesOf(pem))
        {
        }

        /// <summary>Reads every CERTIFICATE block of PEM text, in its order: a chain, or a bundle of authorities.</summary>
        /// <exception cref="ArgumentException">There is none, or one is no well-formed certificate.</exception>
        public static DtlsCertificate[] ReadAll(string pem)
        {
            byte[] text = Pem.BytesOf(pem);
            int count = 0;
            for (Pem counted = new Pem(text); Decode(counted) != null;)
            {
                count++;
            }

            if (count == 0)
            {
                throw new ArgumentException("The text has no CERTIFICATE block.", "pem");
            }

            DtlsCertificate[] certificates = new DtlsCertificate[count];
            Pem blocks = new Pem(text);
            for (int i = 0; i < count; i++)
            {
                certificates[i] = new DtlsCertificate(Decode(blocks));
            }

            return certificates;
        }

        /// <summary>The array that holds the certificate.</summary>
        public byte[] Buffer
        {
            get { return _buffer; }
        }

        /// <summary>Where its DER begins.</summary>
        public int Offset
        {
            get { return _offset; }
        }

        /// <summary>Bytes of its DER.</summary>
        public int Count
        {
            get { return _count; }
        }

        /// <summary>The key that the certificate is about; its kind is 0 where this stack does not know the algorithm, curve or form.</summary>
        public PublicKey PublicKey
        {
            get { return _key; }
        }

        /// <summary>A copy with an array of its own, for a certificate of a peer that shall outlive its handshake.</summary>
        public DtlsCertificate Copy()
        {
            byte[] der = new byte[_count];
            Array.Copy(_buffer, _offset, der, 0, _count);
            return new DtlsCertificate(der);
        }

        /// <summary>Whether two certificates are the same, byte for byte.</summary>
        public bool Matches(DtlsCertificate other)
        {
            return other != null && Bytes.AreEqual(_buffer, _offset, _count, other._buffer, other._offset, other._count);
        }

        private void ReadOrThrow(byte[] der, int offset, int count)
        {
            DerReader reader = new DerReader();
            if (ReadWhole(reader, der, offset, count) != DtlsError.None)
            {
                int at = reader.Position - offset;
                if (ForeignFile.IsPkcs12(der, offset, count))
                {
                    throw new ArgumentException(ForeignFile.Pkcs12);
                }

                throw new ArgumentException("This is no well-formed X.509 certificate (it breaks the rules near byte "
                    + at.ToString() + " of " + count.ToString() + ").");
            }
        }

        private static byte[] Decode(Pem pem)
        {
            while (pem.Next())
            {
                if (pem.Is("CERTIFICATE") || pem.Is("X509 CERTIFICATE"))
                {
                    return pem.Decode();
                }
            }

            return null;
        }
    }
}
