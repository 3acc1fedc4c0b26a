using System;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using NfDtls.Ecdhe;

namespace NfDtls.Net;

/// <summary>One engine's source of credentials: certificates that may be replaced while it runs, and .NET's chains to verify the peers'.</summary>
internal sealed class ObjectSource : CredentialSource
{
    private readonly PeerTrust _trust;
    private readonly Action _wake;
    private Credential[] _credentials;

    internal ObjectSource(DtlsConnectionOptions options, PeerTrust trust, Action wake)
    {
        _trust = trust;
        _wake = wake;
        _credentials = ObjectCredential.Make(options.Certificates, options.IntermediateCertificates, wake);
    }

    public override int CertificateType => NfDtls.Ecdhe.CertificateType.X509;

    public override Credential[] Credentials => Volatile.Read(ref _credentials);

    public override bool HasTrust => true;

    public override PeerProof CreateProof(EndpointOptions options)
    {
        return new ObjectProof(_trust, _wake);
    }

    public override int PlanMemory(EndpointOptions options)
    {
        return 0; // .NET's heap is nobody's plan.
    }

    public override void WriteAuthorities(WireWriter writer)
    {
        _trust.WriteAuthorities(writer);
    }

    /// <summary>What <see cref="Replace"/> takes, made beforehand so that it cannot fail half-way through the engines.</summary>
    internal Credential[] Prepare(X509Certificate2Collection certificates, X509Certificate2Collection? intermediates)
    {
        return ObjectCredential.Make(certificates, intermediates, _wake);
    }

    /// <summary>Handshakes that begin from now on take these.</summary>
    internal void Replace(Credential[] credentials)
    {
        Volatile.Write(ref _credentials, credentials);
    }
}
