using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Net;

/// <summary>The private key of an X509Certificate2, which stays in its object: in memory, a store, a module.</summary>
internal sealed class ObjectKey : PrivateKey
{
    private readonly AsymmetricAlgorithm _key;
    private readonly PublicKey _public;
    private readonly Action _wake;

    /// <param name="certificate">Has a private key, ECDSA or RSA.</param>
    /// <param name="publicKey">The certificate's.</param>
    /// <param name="wake">Tells the engine's driver that a signature is there.</param>
    /// <exception cref="ArgumentException">The key is of another kind.</exception>
    internal ObjectKey(X509Certificate2 certificate, PublicKey publicKey, Action wake)
    {
        _key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()
            ?? throw new ArgumentException($"The private key of {certificate.Subject} is neither ECDSA's nor RSA's.");
        _public = publicKey;
        _wake = wake;
    }

    public override int Kind => _public.Kind;

    public override PublicKey Public => _public;

    public override bool CanSign(CryptoProvider crypto, int scheme)
    {
        return SignatureScheme.Fits(scheme, Kind);
    }

    public override CryptoOperation Sign(CryptoProvider crypto, int scheme, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
    {
        return new Signing(this, scheme, data.AsSpan(offset, count).ToArray(), signature, signatureOffset).Begin();
    }

    private byte[] Sign(int scheme, byte[] hash)
    {
        if (_key is ECDsa ecdsa)
        {
            return ecdsa.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
        }

        HashAlgorithmName name = hash.Length switch
        {
            48 => HashAlgorithmName.SHA384,
            64 => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        bool isPss = scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512;
        return ((RSA)_key).SignHash(hash, name, isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private sealed class Signing : PoolOperation
    {
        private readonly ObjectKey _owner;
        private readonly int _scheme;
        private readonly byte[] _hash;
        private readonly byte[] _destination;
        private readonly int _at;
        private byte[] _signature = [];

        internal Signing(ObjectKey owner, int scheme, byte[] hash, byte[] destination, int at)
            : base(owner._wake)
        {
            _owner = owner;
            _scheme = scheme;
            _hash = hash;
            _destination = destination;
            _at = at;
        }

        private protected override DtlsError Work()
        {
            // Keys of a module are not always fit for two threads at one time.
            lock (_owner._key)
            {
                _signature = _owner.Sign(_scheme, _hash);
            }

            return _signature.Length <= _owner.MaxSignatureLength ? DtlsError.None : DtlsError.InternalError;
        }

        private protected override void Deliver()
        {
            _signature.CopyTo(_destination, _at);
            SetLength(_signature.Length);
        }
    }
}
