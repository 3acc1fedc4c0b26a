using System;

namespace NfDtls.Net;

/// <summary>Versions of DTLS.</summary>
[Flags]
public enum DtlsProtocols
{
    /// <summary>No version: nothing is agreed on yet.</summary>
    None = 0,

    /// <summary>DTLS 1.2 (RFC 6347).</summary>
    Dtls12 = 1,

    /// <summary>DTLS 1.3 (RFC 9147), with certificates and pre-shared keys.</summary>
    Dtls13 = 2,
}
