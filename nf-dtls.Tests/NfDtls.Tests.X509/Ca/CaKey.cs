using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace NfDtls.Tests.Ca;

/// <summary>A key pair. RSA keys, which take long to make, come from a small pool and so are used several times.</summary>
public sealed class CaKey
{
    private const int PoolSize = 4;
    private static readonly SecureRandom Random = new();
    private static readonly object Lock = new();
    private static readonly Dictionary<CaKeyKind, List<AsymmetricCipherKeyPair>> Pools = [];
    private static int _turn;

    private readonly AsymmetricCipherKeyPair _pair;

    public CaKey(CaKeyKind kind)
    {
        Kind = kind;
        _pair = kind switch
        {
            CaKeyKind.P256 => Curve(SecObjectIdentifiers.SecP256r1),
            CaKeyKind.P384 => Curve(SecObjectIdentifiers.SecP384r1),
            CaKeyKind.P521 => Curve(SecObjectIdentifiers.SecP521r1),
            CaKeyKind.Secp256k1 => Curve(SecObjectIdentifiers.SecP256k1),
            CaKeyKind.Ed25519 => Generate(new Ed25519KeyPairGenerator(), new Ed25519KeyGenerationParameters(Random)),
            CaKeyKind.X25519 => Generate(new X25519KeyPairGenerator(), new X25519KeyGenerationParameters(Random)),
            CaKeyKind.Rsa1024 => Rsa(kind, 1024),
            CaKeyKind.Rsa2048 => Rsa(kind, 2048),
            _ => Rsa(kind, 4096),
        };
    }

    public CaKeyKind Kind { get; }

    /// <summary>The SubjectPublicKeyInfo.</summary>
    public byte[] PublicInfo => SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(_pair.Public).GetDerEncoded();

    /// <summary>The private key in PKCS#8.</summary>
    public byte[] Pkcs8 => PrivateKeyInfoFactory.CreatePrivateKeyInfo(_pair.Private).GetDerEncoded();

    /// <summary>The private key in the form that is older than PKCS#8: PKCS#1 of an RSA key, SEC 1 of an elliptic curve's.</summary>
    public byte[] Traditional => PrivateKeyInfo.GetInstance(Asn1Object.FromByteArray(Pkcs8)).PrivateKey.GetOctets();

    /// <summary>What the older form is called in PEM.</summary>
    public string TraditionalLabel => Kind is CaKeyKind.P256 or CaKeyKind.P384 or CaKeyKind.P521 or CaKeyKind.Secp256k1 ? "EC PRIVATE KEY" : "RSA PRIVATE KEY";

    /// <summary>The strongest usual signature of such a key, by BouncyCastle's name.</summary>
    public string DefaultAlgorithm => Kind switch
    {
        CaKeyKind.P256 or CaKeyKind.Secp256k1 => "SHA256WITHECDSA",
        CaKeyKind.P384 => "SHA384WITHECDSA",
        CaKeyKind.P521 => "SHA512WITHECDSA",
        CaKeyKind.Ed25519 => "Ed25519",
        _ => "SHA256WITHRSA",
    };

    /// <summary>A signature over bytes, by BouncyCastle's name of the algorithm.</summary>
    public byte[] Sign(string algorithm, byte[] data)
    {
        IStreamCalculator<IBlockResult> calculator = new Asn1SignatureFactory(algorithm, _pair.Private, Random).CreateCalculator();
        calculator.Stream.Write(data);
        calculator.Stream.Flush();
        return calculator.GetResult().Collect();
    }

    /// <summary>The DER of an AlgorithmIdentifier.</summary>
    public byte[] AlgorithmIdentifier(string algorithm)
    {
        var factory = new Asn1SignatureFactory(algorithm, _pair.Private, Random);
        return ((Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier)factory.AlgorithmDetails).GetDerEncoded();
    }

    private static AsymmetricCipherKeyPair Curve(DerObjectIdentifier curve)
    {
        return Generate(new ECKeyPairGenerator(), new ECKeyGenerationParameters(curve, Random));
    }

    private static AsymmetricCipherKeyPair Generate(IAsymmetricCipherKeyPairGenerator generator, KeyGenerationParameters parameters)
    {
        generator.Init(parameters);
        return generator.GenerateKeyPair();
    }

    private static AsymmetricCipherKeyPair Rsa(CaKeyKind kind, int bits)
    {
        lock (Lock)
        {
            if (!Pools.TryGetValue(kind, out List<AsymmetricCipherKeyPair>? pool))
            {
                Pools[kind] = pool = [];
            }

            if (pool.Count < PoolSize)
            {
                using RSA rsa = RSA.Create(bits);
                pool.Add(DotNetUtilities.GetRsaKeyPair(rsa));
                return pool[^1];
            }

            return pool[_turn++ % PoolSize];
        }
    }
}
