using System;
using NfDtls.X509;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>The time of this machine.</summary>
internal sealed class SystemClock : CertificateClock
{
    public override long UtcSeconds
    {
        get { return DateTimeOffset.UtcNow.ToUnixTimeSeconds(); }
    }
}
