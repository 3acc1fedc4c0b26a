using System;
using System.Collections.Concurrent;
using System.Linq;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>An end's certificate with its key and the authorities behind it, the root last.</summary>
internal sealed class Identity
{
    private static readonly ConcurrentDictionary<(CaKeyKind, int, CaKeyKind, string), Identity> s_made = new();

    internal Identity(params IssuedCertificate[] chain)
    {
        Chain = chain;
    }

    internal IssuedCertificate[] Chain { get; }

    internal IssuedCertificate End
    {
        get { return Chain[0]; }
    }

    internal IssuedCertificate Root
    {
        get { return Chain[^1]; }
    }

    /// <summary>What is sent: all but the root, unless there is nothing else.</summary>
    internal IssuedCertificate[] Sent
    {
        get { return Chain.Length == 1 ? Chain : Chain[..^1]; }
    }

    /// <summary>A server or client by its name, behind so many certificates with the root; the same object for the same question.</summary>
    internal static Identity Of(CaKeyKind kind, int certificates = 2, CaKeyKind authorities = CaKeyKind.P256, string name = Setup.Host)
    {
        return s_made.GetOrAdd((kind, certificates, authorities, name), _ => new Identity(TestCa.Chain(certificates, Spec(kind, name), authorities)));
    }

    /// <summary>One below a root of this name, where those of the others all have one name.</summary>
    internal static Identity Under(string authority, string name = Setup.Host, CaKeyKind authorities = CaKeyKind.P256)
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority(authority, authorities));
        return new Identity(TestCa.Issue(root, Spec(CaKeyKind.P256, name)), root);
    }

    /// <summary>One with a certificate of its own making.</summary>
    internal static Identity With(Action<CertificateSpec> change, CaKeyKind kind = CaKeyKind.P256)
    {
        CertificateSpec spec = Spec(kind, Setup.Host);
        change(spec);
        Identity other = Of(CaKeyKind.P256);
        return new Identity(TestCa.Issue(other.Root, spec), other.Root);
    }

    internal static CertificateSpec Spec(CaKeyKind kind, string name)
    {
        CertificateSpec spec = CertificateSpec.End(name);
        spec.KeyKind = kind;
        spec.KeyUsage = (byte)(kind is CaKeyKind.Rsa2048 or CaKeyKind.Rsa4096 ? 0xA0 : 0x80);
        return spec;
    }

    internal int AddLocalTo(CertificateStore store)
    {
        return AddLocalTo(store, PrivateKeyReader.Read(End.Key.Pkcs8));
    }

    internal int AddLocalTo(CertificateStore store, PrivateKey key)
    {
        DtlsCertificate[] behind = Sent.Skip(1).Select(certificate => new DtlsCertificate(certificate.Der)).ToArray();
        return store.AddLocal(new DtlsCertificate(End.Der), behind, key);
    }

    internal int TrustIn(CertificateStore store)
    {
        return store.AddTrusted(new DtlsCertificate(Root.Der));
    }
}
