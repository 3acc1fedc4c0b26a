using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// The signature schemes that an endpoint takes and makes, the preferred first (numbers of <see cref="SignatureScheme"/>).
    /// Not to be changed while an endpoint that uses it lives.
    /// </summary>
    public sealed class SchemeTable
    {
        private const int MaxCount = 16;

        private readonly int[] _schemes = new int[MaxCount];
        private int _count;

        /// <summary>Schemes in the table.</summary>
        public int Count
        {
            get { return _count; }
        }

        /// <summary>The scheme at an index.</summary>
        public int At(int index)
        {
            return _schemes[index];
        }

        /// <summary>Adds a scheme behind the others; returns this table.</summary>
        /// <exception cref="ArgumentException">The scheme is there already, is one with SHA-1, or the table is full.</exception>
        public SchemeTable Add(int scheme)
        {
            if (scheme == SignatureScheme.RsaPkcs1Sha1 || scheme == SignatureScheme.EcdsaSha1)
            {
                throw new ArgumentException("Signatures with SHA-1 are not secure (RFC 9155).");
            }

            if (Contains(scheme))
            {
                throw new ArgumentException("The table has scheme " + scheme.ToString() + " already.");
            }

            if (_count == MaxCount)
            {
                throw new ArgumentException("A table holds " + MaxCount.ToString() + " schemes.");
            }

            _schemes[_count] = scheme;
            _count++;
            return this;
        }

        /// <summary>Whether a scheme is in the table.</summary>
        public bool Contains(int scheme)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_schemes[i] == scheme)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether a provider can verify by a scheme with keys of some kind.</summary>
        public static bool CanVerify(CryptoProvider crypto, int scheme)
        {
            for (int kind = KeyKind.Rsa; kind <= KeyKind.Secp521r1; kind++)
            {
                if (SignatureScheme.Fits(scheme, kind) && crypto.Supports(CryptoAlgorithm.VerifyWith(scheme, kind)))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>A fresh table of all the schemes: ECDSA and Ed25519 before RSA.</summary>
        public static SchemeTable All()
        {
            return Elliptic()
                .Add(SignatureScheme.RsaPssRsaeSha256).Add(SignatureScheme.RsaPssRsaeSha384).Add(SignatureScheme.RsaPssRsaeSha512)
                .Add(SignatureScheme.RsaPkcs1Sha256).Add(SignatureScheme.RsaPkcs1Sha384).Add(SignatureScheme.RsaPkcs1Sha512);
        }

        /// <summary>A fresh table of ECDSA and Ed25519.</summary>
        public static SchemeTable Elliptic()
        {
            return new SchemeTable()
                .Add(SignatureScheme.EcdsaSecp256r1Sha256).Add(SignatureScheme.EcdsaSecp384r1Sha384)
                .Add(SignatureScheme.EcdsaSecp521r1Sha512).Add(SignatureScheme.Ed25519);
        }

        /// <summary>A fresh table of ECDSA with SHA-256 alone (RFC 7925 section 4.4).</summary>
        public static SchemeTable Constrained()
        {
            return new SchemeTable().Add(SignatureScheme.EcdsaSecp256r1Sha256);
        }
    }
}
