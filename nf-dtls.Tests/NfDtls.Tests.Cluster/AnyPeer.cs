using NfDtls.Extensions;

namespace NfDtls.Tests.Cluster;

/// <summary>Nobody's key was taken away.</summary>
internal sealed class AnyPeer : ResumablePeers
{
    public override bool MayResume(byte[]? pskIdentity, byte[]? certificateHash)
    {
        return true;
    }
}
