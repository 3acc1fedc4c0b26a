using NfDtls.Ecdhe;

namespace NfDtls.Tests.Certificates;

/// <summary>A source that has nothing but names of authorities.</summary>
internal sealed class NamedAuthorities(byte[][] names) : CredentialSource
{
    public override int CertificateType
    {
        get { return NfDtls.Ecdhe.CertificateType.X509; }
    }

    public override Credential[] Credentials
    {
        get { return []; }
    }

    public override bool HasTrust
    {
        get { return true; }
    }

    public override PeerProof CreateProof(EndpointOptions options)
    {
        throw new System.NotSupportedException();
    }

    public override int PlanMemory(EndpointOptions options)
    {
        return 0;
    }

    public override void WriteAuthorities(WireWriter writer)
    {
        foreach (byte[] name in names)
        {
            writer.WriteUInt16(name.Length);
            writer.WriteBytes(name, 0, name.Length);
        }
    }
}
