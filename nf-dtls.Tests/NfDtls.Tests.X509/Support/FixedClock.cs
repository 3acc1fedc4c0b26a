using System;
using NfDtls.X509;

namespace NfDtls.Tests.X509;

/// <summary>A clock that stands still.</summary>
internal sealed class FixedClock(DateTimeOffset? now) : CertificateClock
{
    public override long UtcSeconds => now is { } time ? time.ToUnixTimeSeconds() : -1;
}
