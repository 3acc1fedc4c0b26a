namespace NfDtls
{
    /// <summary>How a client compares the server's certificate with <see cref="EndpointOptions.ServerName"/> (RFC 9525).</summary>
    public enum NameCheck
    {
        /// <summary>By subjectAltName alone.</summary>
        SubjectAltName,
        /// <summary>By subjectAltName, or by the subject's common name where the certificate has none of that kind.</summary>
        AllowCommonName,
        /// <summary>Not at all: any certificate that a trusted one stands behind will do.</summary>
        None
    }
}
