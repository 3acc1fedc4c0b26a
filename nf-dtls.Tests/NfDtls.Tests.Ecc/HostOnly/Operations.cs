using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>Every operation there is, with secrets by number, over fields that count.</summary>
internal sealed class Operations
{
    internal static readonly string[] Names =
    [
        "P-256 key pair", "P-256 agreement", "P-256 signature", "P-256 verification",
        "P-384 key pair", "P-384 agreement", "P-384 signature", "P-384 verification",
        "X25519 key pair", "X25519 agreement", "Ed25519 verification",
        "P-256 public key", "P-384 public key", "Ed25519 signature", "Ed25519 public key",
    ];

    private readonly CountingField _p256 = new(new P256Field());
    private readonly CountingField _p384 = new(new P384Field());
    private readonly CountingField _x25519 = new(new Field25519());
    private readonly CryptoProvider _provider;
    private readonly int _seed;

    internal Operations(int seed)
    {
        _seed = seed;
        _provider = new SoftwareEccProvider(new SoftwareProvider(new FixedEntropy(seed)), _p256, _p384, _x25519);
    }

    /// <summary>The output of the operation that was started last.</summary>
    internal byte[] Output { get; private set; } = [];

    internal byte[] Output2 { get; private set; } = [];

    internal int Multiplications
    {
        get { return _p256.Multiplications + _p384.Multiplications + _x25519.Multiplications; }
    }

    internal double Growth29
    {
        get { return Math.Max(_p256.Growth, _x25519.Growth); }
    }

    internal double Growth28
    {
        get { return _p384.Growth; }
    }

    internal CryptoOperation Start(int operation)
    {
        Random random = new(_seed);
        int group = operation < 4 ? NamedGroup.Secp256r1 : NamedGroup.Secp384r1;
        int kind = operation < 4 ? KeyKind.Secp256r1 : KeyKind.Secp384r1;
        int scheme = operation < 4 ? SignatureScheme.EcdsaSecp256r1Sha256 : SignatureScheme.EcdsaSecp384r1Sha384;
        if (operation is 8 or 9)
        {
            group = NamedGroup.X25519;
        }

        byte[] hash = new byte[CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme))];
        random.NextBytes(hash);
        byte[] privateKey = new byte[NamedGroup.SecretLength(group)];
        byte[] publicKey = new byte[NamedGroup.PublicKeyLength(group)];
        CryptoProvider plain = Ecc.Software(_seed);
        Ecc.Run(plain.GenerateKey(group, privateKey, 0, publicKey, 0));
        CryptoOperation result;
        switch (operation)
        {
            case 0:
            case 4:
            case 8:
                Output = new byte[privateKey.Length];
                Output2 = new byte[publicKey.Length];
                result = _provider.GenerateKey(group, Output, 0, Output2, 0);
                break;
            case 1:
            case 5:
            case 9:
                byte[] other = new byte[privateKey.Length];
                Ecc.Run(plain.GenerateKey(group, other, 0, publicKey, 0));
                Output = new byte[privateKey.Length];
                result = _provider.Agree(group, privateKey, 0, publicKey, 0, publicKey.Length, Output, 0);
                break;
            case 2:
            case 6:
                Output = new byte[104];
                result = _provider.Sign(scheme, new StoredPrivateKey(kind, privateKey, 0, privateKey.Length, null!), hash, 0, hash.Length, Output, 0);
                break;
            case 3:
            case 7:
                byte[] signature = Ecc.Sign(plain, scheme, kind, privateKey, hash);
                PublicKey key = new();
                key.Set(kind, publicKey, 0, publicKey.Length);
                result = _provider.Verify(scheme, key, hash, 0, hash.Length, signature, 0, signature.Length);
                break;
            case 11:
            case 12:
                group = operation == 11 ? NamedGroup.Secp256r1 : NamedGroup.Secp384r1;
                kind = operation == 11 ? KeyKind.Secp256r1 : KeyKind.Secp384r1;
                privateKey = new byte[NamedGroup.SecretLength(group)];
                Ecc.Run(plain.GenerateKey(group, privateKey, 0, new byte[97], 0));
                Output = new byte[NamedGroup.PublicKeyLength(group)];
                result = _provider.DerivePublic(new StoredPrivateKey(kind, privateKey, 0, privateKey.Length, null!), Output, 0);
                break;
            case 13:
            case 14:
                byte[] secret = new byte[32];
                random.NextBytes(secret);
                StoredPrivateKey edwards = new(KeyKind.Ed25519, secret, 0, 32, null!);
                Output = new byte[operation == 13 ? 64 : 32];
                result = operation == 13
                    ? _provider.Sign(SignatureScheme.Ed25519, edwards, hash, 0, hash.Length, Output, 0)
                    : _provider.DerivePublic(edwards, Output, 0);
                break;
            default:
                byte[] seed = new byte[32];
                random.NextBytes(seed);
                byte[] ed = new byte[64];
                Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Sign(seed, 0, hash, 0, hash.Length, ed, 0);
                PublicKey edKey = new();
                edKey.Set(KeyKind.Ed25519, new Org.BouncyCastle.Crypto.Parameters.Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded(), 0, 32);
                result = _provider.Verify(SignatureScheme.Ed25519, edKey, hash, 0, hash.Length, ed, 0, 64);
                break;
        }

        _p256.Multiplications = 0;
        _p384.Multiplications = 0;
        _x25519.Multiplications = 0;
        return result;
    }
}
