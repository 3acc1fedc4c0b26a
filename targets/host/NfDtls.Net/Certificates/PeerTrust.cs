using System;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Net;

/// <summary>Whom an end trusts: .NET's chains under the application's policy, its rules for keys and signatures, its last word.</summary>
internal sealed class PeerTrust
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private const int LeastRsaBits = 2048;

    // Names of authorities help a client to choose; a long list is as good as none, and costs room in the flight.
    private const int MaxAuthorities = 256;

    // SHA-1 and MD5, in what anybody but a root signed.
    private static readonly string[] WeakSignatures = ["1.2.840.113549.1.1.5", "1.2.840.113549.1.1.4", "1.2.840.10045.4.1", "1.3.14.3.2.29"];

    private readonly X509ChainPolicy? _policy;
    private readonly X509Certificate2Collection? _trusted;
    private readonly RemoteCertificateValidationCallback? _callback;
    private readonly TimeProvider _time;
    private readonly string? _name;

    /// <param name="options">The policy, the roots, the call-back.</param>
    /// <param name="name">The name that a server's certificate must be for; null to verify clients.</param>
    internal PeerTrust(DtlsConnectionOptions options, string? name)
    {
        _policy = options.ChainPolicy?.Clone();
        _trusted = options.TrustedCertificates == null ? null : [.. options.TrustedCertificates];
        _callback = options.RemoteCertificateValidationCallback;
        _time = options.TimeProvider;
        _name = name;
    }

    /// <summary>Whom the call-back is told of.</summary>
    internal object? Sender { get; set; }

    /// <summary>Verifies a chain as it was sent, the peer's own certificate first.</summary>
    internal DtlsError Verify(byte[][] sent)
    {
        X509Certificate2Collection all = [];
        try
        {
            foreach (byte[] der in sent)
            {
                all.Add(X509CertificateLoader.LoadCertificate(der));
            }
        }
        catch (CryptographicException)
        {
            return DtlsError.BadCertificate;
        }

        using X509Chain chain = new();
        chain.ChainPolicy = PolicyFor(all);
        X509Certificate2 own = all[0];
        SslPolicyErrors errors = chain.Build(own) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors;
        DtlsError weakness = WeaknessOf(chain, own);
        if (_name != null && !MatchesName(own))
        {
            errors |= SslPolicyErrors.RemoteCertificateNameMismatch;
        }

        if (_callback != null)
        {
            // The certificate and the chain may be kept by who is asked, as with SslStream.
            return weakness != DtlsError.None ? weakness : _callback(Sender!, own, chain, errors) ? DtlsError.None : DtlsError.CertificateRefused;
        }

        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return ErrorOf(chain);
        }

        return weakness != DtlsError.None ? weakness : errors != SslPolicyErrors.None ? DtlsError.CertificateNameMismatch : DtlsError.None;
    }

    /// <summary>The names of the roots, where they are known and few.</summary>
    internal void WriteAuthorities(WireWriter writer)
    {
        int length = 0;
        foreach (X509Certificate2 root in _trusted ?? [])
        {
            length += 2 + root.SubjectName.RawData.Length;
        }

        foreach (X509Certificate2 root in length <= MaxAuthorities ? _trusted ?? [] : [])
        {
            byte[] name = root.SubjectName.RawData;
            writer.WriteUInt16(name.Length);
            writer.WriteBytes(name, 0, name.Length);
        }
    }

    private X509ChainPolicy PolicyFor(X509Certificate2Collection all)
    {
        X509ChainPolicy policy;
        if (_policy != null)
        {
            policy = _policy.Clone();
        }
        else
        {
            // Nothing is fetched on a stranger's word.
            policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            policy.VerificationTimeIgnored = _time == TimeProvider.System;
            policy.VerificationTime = _time.GetLocalNow().DateTime;
            if (_trusted != null)
            {
                policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                policy.CustomTrustStore.AddRange(_trusted);
            }
        }

        for (int i = 1; i < all.Count; i++)
        {
            policy.ExtraStore.Add(all[i]);
        }

        if (policy.ApplicationPolicy.Count == 0)
        {
            policy.ApplicationPolicy.Add(new Oid(_name != null ? ServerPurpose : ClientPurpose));
        }

        return policy;
    }

    private bool MatchesName(X509Certificate2 certificate)
    {
        try
        {
            return certificate.MatchesHostname(_name!, allowWildcards: true, allowCommonName: false);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static DtlsError WeaknessOf(X509Chain chain, X509Certificate2 own)
    {
        if (IsWeakKey(own))
        {
            return DtlsError.CertificateTooWeak;
        }

        foreach (X509ChainElement element in chain.ChainElements)
        {
            X509Certificate2 certificate = element.Certificate;
            bool isRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
            if (IsWeakKey(certificate) || (!isRoot && Array.IndexOf(WeakSignatures, certificate.SignatureAlgorithm.Value) >= 0))
            {
                return DtlsError.CertificateTooWeak;
            }
        }

        return DtlsError.None;
    }

    private static bool IsWeakKey(X509Certificate2 certificate)
    {
        using RSA? key = certificate.GetRSAPublicKey();
        return key != null && key.KeySize < LeastRsaBits;
    }

    private static DtlsError ErrorOf(X509Chain chain)
    {
        X509ChainStatusFlags all = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain.ChainStatus)
        {
            all |= status.Status;
        }

        if ((all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.ExplicitDistrust)) != 0)
        {
            return DtlsError.UnknownCa;
        }

        if ((all & X509ChainStatusFlags.NotSignatureValid) != 0)
        {
            return DtlsError.BadCertificate;
        }

        if ((all & X509ChainStatusFlags.Revoked) != 0)
        {
            return DtlsError.CertificateRevoked;
        }

        if ((all & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            DateTime time = chain.ChainPolicy.VerificationTimeIgnored ? DateTime.Now : chain.ChainPolicy.VerificationTime;
            foreach (X509ChainElement element in chain.ChainElements)
            {
                if (time < element.Certificate.NotBefore)
                {
                    return DtlsError.CertificateNotYetValid;
                }
            }

            return DtlsError.CertificateExpired;
        }

        if ((all & X509ChainStatusFlags.NotValidForUsage) != 0)
        {
            return DtlsError.CertificatePurpose;
        }

        if ((all & X509ChainStatusFlags.InvalidBasicConstraints) != 0)
        {
            return DtlsError.CertificateNotAuthority;
        }

        const X509ChainStatusFlags Names = X509ChainStatusFlags.InvalidNameConstraints | X509ChainStatusFlags.HasNotSupportedNameConstraint
            | X509ChainStatusFlags.HasNotDefinedNameConstraint | X509ChainStatusFlags.HasNotPermittedNameConstraint | X509ChainStatusFlags.HasExcludedNameConstraint;
        if ((all & Names) != 0)
        {
            return DtlsError.CertificateNameConstraint;
        }

        return (all & X509ChainStatusFlags.HasWeakSignature) != 0 ? DtlsError.CertificateTooWeak : DtlsError.CertificateRefused;
    }
}
