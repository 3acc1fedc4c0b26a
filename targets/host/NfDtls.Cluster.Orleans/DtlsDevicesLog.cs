using System;
using Microsoft.Extensions.Logging;

namespace NfDtls.Cluster.Orleans;

/// <summary>What is logged. No secret is, and nothing that a peer sent.</summary>
internal static partial class DtlsDevicesLog
{
    [LoggerMessage(200, LogLevel.Error, "The call of a device's grain failed; so did {Count} by now, of which the 1st, 2nd, 4th and so on are told")]
    internal static partial void GrainFailed(ILogger logger, Exception exception, long count);
}
