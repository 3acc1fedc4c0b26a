using System;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Compare;

/// <summary>Something to time: its name, what a provider must support for it, and a call made ready for a provider.</summary>
internal sealed record Primitive(string Name, int Algorithm, Func<CryptoProvider, Action> Prepare)
{
    private const int Record = 1200;

    public static IEnumerable<Primitive> All(RSA rsa)
    {
        yield return Aead("AES-128-CCM, 1,200 bytes", CryptoAlgorithm.Aes128Ccm);
        yield return Aead("AES-128-GCM, 1,200 bytes", CryptoAlgorithm.Aes128Gcm);
        yield return Aead("ChaCha20-Poly1305, 1,200 bytes", CryptoAlgorithm.ChaCha20Poly1305);
        yield return OpenCbc("AES-128-CBC, SHA-256, open", CryptoAlgorithm.Aes128CbcHmacSha256);
        yield return Hash("SHA-256, 1,200 bytes", CryptoAlgorithm.Sha256);
        yield return Hash("SHA-384, 1,200 bytes", CryptoAlgorithm.Sha384);
        yield return new Primitive("PRF with SHA-256, 104 bytes", CryptoAlgorithm.Prf + CryptoAlgorithm.Sha256, crypto =>
        {
            byte[] bytes = new byte[300];
            return () => crypto.Prf(CryptoAlgorithm.Sha256, bytes, 0, 48, bytes, 48, 77, bytes, 150, 104);
        });
        yield return Agree("P-256 agreement", NamedGroup.Secp256r1);
        yield return Agree("P-384 agreement", NamedGroup.Secp384r1);
        yield return Agree("X25519 agreement", NamedGroup.X25519);
        byte[] hash = SHA256.HashData("compared"u8);
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters ec = ecdsa.ExportParameters(true);
        PublicKey point = new();
        point.Set(KeyKind.Secp256r1, [4, .. ec.Q.X!, .. ec.Q.Y!], 0, 65);
        yield return Sign("P-256 signature", SignatureScheme.EcdsaSecp256r1Sha256, new StoredPrivateKey(KeyKind.Secp256r1, ec.D!, 0, 32, point), hash);
        byte[] signed = ecdsa.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
        yield return Verify("P-256 verification", SignatureScheme.EcdsaSecp256r1Sha256, point, hash, signed);
        StoredPrivateKey key = Stored(rsa);
        yield return Sign("RSA-2048 signature", SignatureScheme.RsaPkcs1Sha256, key, hash);
        signed = rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        yield return Verify("RSA-2048 verification", SignatureScheme.RsaPkcs1Sha256, key.Public!, hash, signed);
        byte[] cipher = rsa.Encrypt(new byte[48], RSAEncryptionPadding.Pkcs1);
        yield return new Primitive("RSA-2048 decryption", CryptoAlgorithm.RsaDecrypt, crypto =>
            () => Run(crypto.RsaDecrypt(key, cipher, 0, cipher.Length, new byte[48], 0, 48)));
    }

    private static Primitive Aead(string name, int algorithm)
    {
        return new Primitive(name, algorithm, crypto =>
        {
            byte[] bytes = new byte[Record + 64];
            AeadContext context = crypto.CreateAead(algorithm, bytes, 0, 16);
            return () => context.Seal(bytes, 0, bytes, 12, 13, bytes, 32, Record);
        });
    }

    private static Primitive OpenCbc(string name, int algorithm)
    {
        return new Primitive(name, algorithm, crypto =>
        {
            byte[] header = new byte[13];
            byte[] iv = new byte[16];
            byte[] record = new byte[Record + 64];
            byte[] copy = new byte[record.Length];
            CbcContext context = crypto.CreateCbc(algorithm, new byte[64], 0, false);
            int count = context.Seal(header, 0, 13, iv, 0, record, 0, Record);
            return () =>
            {
                record.CopyTo(copy, 0);
                if (context.Open(header, 0, 13, iv, 0, copy, 0, count) != Record)
                {
                    throw new CryptographicException("The record does not open.");
                }
            };
        });
    }

    private static Primitive Hash(string name, int algorithm)
    {
        return new Primitive(name, algorithm, crypto =>
        {
            byte[] bytes = new byte[Record];
            HashContext context = crypto.CreateHash(algorithm);
            return () =>
            {
                context.Update(bytes, 0, Record);
                context.Peek(bytes, 0);
                context.Reset();
            };
        });
    }

    private static Primitive Agree(string name, int group)
    {
        return new Primitive(name, CryptoAlgorithm.Agree + group, crypto =>
        {
            byte[] own = new byte[NamedGroup.SecretLength(group)];
            byte[] peer = new byte[NamedGroup.PublicKeyLength(group)];
            byte[] secret = new byte[own.Length];
            Run(crypto.GenerateKey(group, own, 0, peer, 0));
            return () => Run(crypto.Agree(group, own, 0, peer, 0, peer.Length, secret, 0));
        });
    }

    private static Primitive Sign(string name, int scheme, StoredPrivateKey key, byte[] hash)
    {
        return new Primitive(name, CryptoAlgorithm.SignWith(scheme, key.Kind), crypto =>
            () => Run(crypto.Sign(scheme, key, hash, 0, hash.Length, new byte[key.Public!.MaxSignatureLength], 0)));
    }

    private static Primitive Verify(string name, int scheme, PublicKey key, byte[] hash, byte[] signature)
    {
        return new Primitive(name, CryptoAlgorithm.VerifyWith(scheme, key.Kind), crypto =>
            () => Run(crypto.Verify(scheme, key, hash, 0, hash.Length, signature, 0, signature.Length)));
    }

    private static StoredPrivateKey Stored(RSA rsa)
    {
        RSAParameters p = rsa.ExportParameters(true);
        byte[][] parts = [p.Modulus!, p.Exponent!, p.D!, p.P!, p.Q!, p.DP!, p.DQ!, p.InverseQ!];
        int[] offsets = new int[parts.Length];
        int[] counts = new int[parts.Length];
        byte[] buffer = [];
        for (int i = 0; i < parts.Length; i++)
        {
            offsets[i] = buffer.Length;
            counts[i] = parts[i].Length;
            buffer = [.. buffer, .. parts[i]];
        }

        return new StoredPrivateKey(buffer, offsets, counts);
    }

    private static void Run(CryptoOperation operation)
    {
        while (!operation.Step(100))
        {
        }

        if (operation.Error != DtlsError.None)
        {
            throw new CryptographicException("The operation failed: " + operation.Error + ".");
        }
    }
}
