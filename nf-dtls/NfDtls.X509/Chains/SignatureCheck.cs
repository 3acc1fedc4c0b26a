using System;
using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>Verifies one signature after another: hashes what is signed a piece a step, then lets the provider verify, step by step.</summary>
    internal sealed class SignatureCheck
    {
        /// <summary>The hashes that it keeps.</summary>
        internal const int MaxHashes = 3;

        private const int BytesAStep = 64;

        private readonly CryptoProvider _crypto;
        private readonly HashContext _sha256;
        private readonly HashContext _sha384;
        private readonly HashContext _sha512;
        private readonly byte[] _digest = new byte[64];
        private int _scheme;
        private PublicKey _key;
        private byte[] _buffer;
        private int _offset;
        private int _count;
        private int _signatureOffset;
        private int _signatureCount;
        private HashContext _hash;
        private bool _isBegun;
        private CryptoOperation _operation;

        internal SignatureCheck(CryptoProvider crypto)
        {
            _crypto = crypto;
            _sha256 = crypto.Supports(CryptoAlgorithm.Sha256) ? crypto.CreateHash(CryptoAlgorithm.Sha256) : null;
            _sha384 = IsWanted(SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPssRsaeSha384)
                ? crypto.CreateHash(CryptoAlgorithm.Sha384) : null;
            _sha512 = IsWanted(SignatureScheme.EcdsaSecp521r1Sha512, SignatureScheme.RsaPkcs1Sha512, SignatureScheme.RsaPssRsaeSha512)
                ? crypto.CreateHash(CryptoAlgorithm.Sha512) : null;
        }

        /// <summary>The hash for pins; null where the provider has none.</summary>
        internal HashContext Sha256
        {
            get { return _sha256; }
        }

        /// <summary>Sets up a verification. The result is an error that is known already. Until its first step the hash is others' to use.</summary>
        internal DtlsError Begin(int scheme, PublicKey key, byte[] buffer, int offset, int count, int signatureOffset, int signatureCount)
        {
            if (scheme == AlgorithmReader.Weak)
            {
                return DtlsError.CertificateTooWeak;
            }

            if (scheme == AlgorithmReader.Unknown)
            {
                return DtlsError.UnsupportedCertificate;
            }

            if (!SignatureScheme.Fits(scheme, key.Kind))
            {
                return DtlsError.BadCertificate;
            }

            int hash = SignatureScheme.HashOf(scheme);
            _hash = hash == CryptoAlgorithm.Sha256 ? _sha256 : hash == CryptoAlgorithm.Sha384 ? _sha384 : _sha512;
            if (!_crypto.Supports(CryptoAlgorithm.VerifyWith(scheme, key.Kind)) || (hash != 0 && _hash == null))
            {
                return DtlsError.UnsupportedCertificate;
            }

            if (hash == 0)
            {
                _hash = null;
            }

            _isBegun = false;
            _scheme = scheme;
            _key = key;
            _buffer = buffer;
            _offset = offset;
            _count = count;
            _signatureOffset = signatureOffset;
            _signatureCount = signatureCount;
            return DtlsError.None;
        }

        /// <summary>Works on; true at the end, with BadCertificate where the signature is not the key's.</summary>
        internal bool Step(int budget, out DtlsError error)
        {
            error = DtlsError.None;
            if (!_isBegun && _hash != null)
            {
                _hash.Reset();
            }

            _isBegun = true;
            if (_operation == null && _hash != null && _count > 0)
            {
                int pieces = budget < 1 ? 1 : budget > 256 ? 256 : budget;
                int count = pieces * BytesAStep < _count ? pieces * BytesAStep : _count;
                _hash.Update(_buffer, _offset, count);
                _offset += count;
                _count -= count;
                return false;
            }

            if (_operation == null)
            {
                Start();
            }

            if (!_operation.Step(budget))
            {
                return false;
            }

            error = _operation.Error == DtlsError.None || _operation.Error == DtlsError.InternalError
                ? _operation.Error : DtlsError.BadCertificate;
            _operation = null;
            return true;
        }

        /// <summary>Ends a verification, and forgets whose key and bytes it was about.</summary>
        internal void Cancel()
        {
            if (_operation != null)
            {
                _operation.Cancel();
                _operation = null;
            }

            _key = null;
            _buffer = null;
        }

        private void Start()
        {
            if (_hash == null)
            {
                _operation = _crypto.Verify(_scheme, _key, _buffer, _offset, _count, _buffer, _signatureOffset, _signatureCount);
            }
            else
            {
                _hash.Peek(_digest, 0);
                _operation = _crypto.Verify(_scheme, _key, _digest, 0, _hash.Size, _buffer, _signatureOffset, _signatureCount);
            }
        }

        private bool IsWanted(int ecdsa, int pkcs1, int pss)
        {
            return _crypto.Supports(SignatureScheme.HashOf(ecdsa)) && (CanVerify(ecdsa) || CanVerify(pkcs1) || CanVerify(pss));
        }

        private bool CanVerify(int scheme)
        {
            return SchemeTable.CanVerify(_crypto, scheme);
        }
    }
}
