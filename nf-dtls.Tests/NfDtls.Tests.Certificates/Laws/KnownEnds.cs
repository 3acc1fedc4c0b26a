using NfDtls.Ecdhe;

namespace NfDtls.Tests.Certificates;

/// <summary>Ends that know each other's keys from the beginning, so that what is said after the certificates can be tried alone.</summary>
internal sealed class KnownEnds(CredentialSource[] sources, PublicKey peer, PrivateKey own, int scheme) : CredentialAuthenticator(sources)
{
    private readonly CredentialSource[] _known = sources;

    public override PublicKey? PeerKey
    {
        get { return peer; }
    }

    public override PrivateKey? OwnKey
    {
        get { return own; }
    }

    public override int OwnScheme
    {
        get { return scheme; }
    }

    public override Authenticator Create(EndpointOptions options)
    {
        return new KnownEnds(_known, peer, own, scheme);
    }

    public override void Clear()
    {
    }
}
