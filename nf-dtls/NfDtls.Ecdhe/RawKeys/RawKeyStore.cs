using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// Raw public keys (RFC 7250) of elliptic curves and RSA: this end's own, and those of peers that it trusts. May change while
    /// sessions run, from any thread. An application that knows its peers some other way overrides <see cref="Trusts"/>.
    /// </summary>
    public class RawKeyStore : CredentialSource
    {
        private readonly object _lock = new object();
        private Credential[] _credentials = new Credential[0];
        private byte[][] _trusted = new byte[0][];

        /// <inheritdoc/>
        public override int CertificateType
        {
            get { return NfDtls.Ecdhe.CertificateType.RawPublicKey; }
        }

        /// <inheritdoc/>
        public override Credential[] Credentials
        {
            get
            {
                lock (_lock)
                {
                    return _credentials;
                }
            }
        }

        /// <inheritdoc/>
        public override bool HasTrust
        {
            get { return Trusted.Length > 0; }
        }

        private byte[][] Trusted
        {
            get
            {
                lock (_lock)
                {
                    return _trusted;
                }
            }
        }

        /// <summary>Adds a key of this end's.</summary>
        /// <param name="key">A private key whose <see cref="PrivateKey.Public"/> is known.</param>
        /// <exception cref="ArgumentException">The public key is not known, or is of no kind that can be a raw public key.</exception>
        public void AddLocal(PrivateKey key)
        {
            if (key == null || key.Public == null)
            {
                throw new ArgumentException("A raw key must know its public key; NfDtls.X509's PrivateKeyReader.WithPublicPart computes it.", "key");
            }

            Credential credential = new RawKeyCredential(key, SubjectPublicKeyInfo.Write(key.Public));
            lock (_lock)
            {
                Credential[] more = new Credential[_credentials.Length + 1];
                Array.Copy(_credentials, more, _credentials.Length);
                more[_credentials.Length] = credential;
                _credentials = more;
            }
        }

        /// <summary>Takes a key of this end's away. False where it is not there.</summary>
        public bool RemoveLocal(PrivateKey key)
        {
            lock (_lock)
            {
                for (int i = 0; i < _credentials.Length; i++)
                {
                    if (_credentials[i].Key == key)
                    {
                        Credential[] fewer = new Credential[_credentials.Length - 1];
                        Array.Copy(_credentials, fewer, i);
                        Array.Copy(_credentials, i + 1, fewer, i, fewer.Length - i);
                        _credentials = fewer;
                        return true;
                    }
                }

                return false;
            }
        }

        /// <summary>Trusts a peer's key. The array is copied.</summary>
        /// <param name="subjectPublicKeyInfo">Its SubjectPublicKeyInfo in DER: 91 bytes (secp256r1), 120 (secp384r1), 158 (secp521r1), 44 (Ed25519) or, with RSA, some 38 more than the modulus.</param>
        /// <exception cref="ArgumentException">It is none of these.</exception>
        public void AddTrusted(byte[] subjectPublicKeyInfo)
        {
            if (subjectPublicKeyInfo == null || !SubjectPublicKeyInfo.TryRead(subjectPublicKeyInfo, 0, subjectPublicKeyInfo.Length, new PublicKey()))
            {
                throw new ArgumentException("This is no SubjectPublicKeyInfo of an uncompressed point of secp256r1, secp384r1 or secp521r1, of an Ed25519 key, or of an RSA key of 2048 to 4096 bits.", "subjectPublicKeyInfo");
            }

            byte[] copy = new byte[subjectPublicKeyInfo.Length];
            Array.Copy(subjectPublicKeyInfo, copy, copy.Length);
            lock (_lock)
            {
                byte[][] more = new byte[_trusted.Length + 1][];
                Array.Copy(_trusted, more, _trusted.Length);
                more[_trusted.Length] = copy;
                _trusted = more;
            }
        }

        /// <summary>Trusts a peer's key no longer; running sessions go on. False where it is not there.</summary>
        public bool RemoveTrusted(byte[] subjectPublicKeyInfo)
        {
            lock (_lock)
            {
                int index = IndexOf(_trusted, subjectPublicKeyInfo, 0, subjectPublicKeyInfo.Length);
                if (index < 0)
                {
                    return false;
                }

                byte[][] fewer = new byte[_trusted.Length - 1][];
                Array.Copy(_trusted, fewer, index);
                Array.Copy(_trusted, index + 1, fewer, index, fewer.Length - index);
                _trusted = fewer;
                return true;
            }
        }

        /// <summary>Whether a peer's key is trusted. Runs inside the engine: must return quickly and not call back.</summary>
        /// <param name="buffer">Holds its SubjectPublicKeyInfo, of a kind that can be verified.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        public virtual bool Trusts(byte[] buffer, int offset, int count)
        {
            return IndexOf(Trusted, buffer, offset, count) >= 0;
        }

        /// <summary>The peer's hash while its key is in the list. What <see cref="Trusts"/> says beyond that is not asked again.</summary>
        public override byte[]? TrustContext(CryptoProvider crypto, byte[] peerHash)
        {
            byte[][] trusted = Trusted;
            HashContext context = crypto.CreateHash(CryptoAlgorithm.Sha256);
            byte[] hash = new byte[context.Size];
            byte[][] hashes = new byte[][] { hash };
            for (int i = 0; i < trusted.Length; i++)
            {
                context.Reset();
                context.Update(trusted[i], 0, trusted[i].Length);
                context.Peek(hash, 0);
                if (IndexOf(hashes, peerHash, 0, peerHash.Length) >= 0)
                {
                    return hash;
                }
            }

            return null;
        }

        /// <inheritdoc/>
        public override PeerProof CreateProof(EndpointOptions options)
        {
            return new RawKeyProof(this);
        }

        /// <inheritdoc/>
        public override int PlanMemory(EndpointOptions options)
        {
            const int ProofAndKeyFields = 6 + 6;
            return 12 * (2 + ProofAndKeyFields);
        }

        private static int IndexOf(byte[][] infos, byte[] buffer, int offset, int count)
        {
            for (int i = 0; i < infos.Length; i++)
            {
                int same = 0;
                while (infos[i].Length == count && same < count && infos[i][same] == buffer[offset + same])
                {
                    same++;
                }

                if (same == count)
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
