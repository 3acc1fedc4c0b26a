namespace NfDtls.Tool;

/// <summary>Reasons for a person at a terminal.</summary>
internal static class Names
{
    /// <summary>The reason in words; where an option of the tool's helps, it is named.</summary>
    public static string Reason(DtlsError error, int alertReceived)
    {
        string reason = DtlsErrors.DescribeWith(error, alertReceived);
        return error == DtlsError.CertificateNameMismatch ? reason + "; --name NAME says which one is expected" : reason;
    }
}
