using System;
using System.Collections.Generic;
using System.Security.Cryptography.X509Certificates;
using NfDtls.Ecdhe;
using NfDtls.X509;

namespace NfDtls.Net;

/// <summary>A certificate of our own with its chain, as a Certificate message says it.</summary>
internal sealed class ObjectCredential : Credential
{
    private readonly LocalCertificate _local;

    private ObjectCredential(LocalCertificate local)
    {
        _local = local;
    }

    public override PrivateKey Key => _local.Key;

    public override int MessageLength => 3 + _local.ListLength;

    /// <summary>Credentials of certificates with keys, each with the intermediates that stand behind it.</summary>
    /// <exception cref="ArgumentException">A certificate has no private key that is of use.</exception>
    internal static Credential[] Make(X509Certificate2Collection? certificates, X509Certificate2Collection? intermediates, Action wake)
    {
        CertificateStore store = new(DefaultCryptography.Create());
        List<Credential> credentials = [];
        foreach (X509Certificate2 certificate in certificates ?? [])
        {
            if (!certificate.HasPrivateKey)
            {
                throw new ArgumentException($"The certificate {certificate.Subject} has no private key.", nameof(certificates));
            }

            DtlsCertificate own = new(certificate.RawData);
            store.AddLocal(own, ChainOf(certificate, intermediates), new ObjectKey(certificate, own.PublicKey, wake));
            credentials.Add(new ObjectCredential(store.At(store.Count - 1)!.Local!));
        }

        return credentials.ToArray();
    }

    public override void Write(WireWriter writer)
    {
        writer.WriteUInt24(_local.ListLength);
        for (int i = 0; i < _local.Count; i++)
        {
            DtlsCertificate certificate = _local.At(i);
            writer.WriteUInt24(certificate.Count);
            writer.WriteBytes(certificate.Buffer, certificate.Offset, certificate.Count);
        }
    }

    public override bool Allows(bool decrypts)
    {
        return !decrypts && _local.Certificate.Allows(KeyUsages.DigitalSignature);
    }

    public override bool Matches(string serverName)
    {
        return _local.MatchesName(serverName);
    }

    public override bool IsSignedBy(int[] schemes)
    {
        for (int i = 0; i < _local.Count; i++)
        {
            DtlsCertificate certificate = _local.At(i);
            if (!certificate.IsSelfIssued && Array.IndexOf(schemes, certificate.SignatureAlgorithm) < 0)
            {
                return false;
            }
        }

        return true;
    }

    public override bool IsIssuedBy(byte[] authorities, int offset, int count)
    {
        return _local.IsIssuedBy(authorities, offset, count);
    }

    // By issuer and subject, each once; a root, which issues itself, is not sent.
    private static DtlsCertificate[] ChainOf(X509Certificate2 certificate, X509Certificate2Collection? intermediates)
    {
        List<DtlsCertificate> chain = [];
        X509Certificate2Collection left = [];
        left.AddRange(intermediates ?? []);
        for (X509Certificate2? last = certificate; last != null;)
        {
            X509Certificate2? issuer = null;
            foreach (X509Certificate2 candidate in left)
            {
                bool isRoot = candidate.SubjectName.RawData.AsSpan().SequenceEqual(candidate.IssuerName.RawData);
                if (!isRoot && candidate.SubjectName.RawData.AsSpan().SequenceEqual(last.IssuerName.RawData))
                {
                    issuer = candidate;
                    break;
                }
            }

            if (issuer != null)
            {
                left.Remove(issuer);
                chain.Add(new DtlsCertificate(issuer.RawData));
            }

            last = issuer;
        }

        return chain.ToArray();
    }
}
