using System;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace NfDtls.Tests.X509;

/// <summary>Ed25519 by BouncyCastle, which the host provider lacks.</summary>
internal sealed class Ed25519Provider : CryptoProvider
{
    public override bool Supports(int algorithm)
    {
        return algorithm == CryptoAlgorithm.VerifyWith(SignatureScheme.Ed25519, KeyKind.Ed25519)
            || algorithm == CryptoAlgorithm.SignWith(SignatureScheme.Ed25519, KeyKind.Ed25519);
    }

    public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
    {
        var signer = new Ed25519Signer();
        signer.Init(true, new Ed25519PrivateKeyParameters(key.Buffer, key.OffsetOf(StoredPrivateKey.Scalar)));
        signer.BlockUpdate(data, offset, count);
        signer.GenerateSignature().CopyTo(signature, signatureOffset);
        return new CompletedOperation(64);
    }

    public override CryptoOperation Verify(
        int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        var signer = new Ed25519Signer();
        try
        {
            signer.Init(false, new Ed25519PublicKeyParameters(key.Buffer, key.Offset));
        }
        catch (ArgumentException)
        {
            return new CompletedOperation(DtlsError.DecryptError);
        }

        signer.BlockUpdate(data, offset, count);
        bool isGood = signatureCount == 64 && signer.VerifySignature(signature.AsSpan(signatureOffset, signatureCount).ToArray());
        return new CompletedOperation(isGood ? DtlsError.None : DtlsError.DecryptError);
    }
}
