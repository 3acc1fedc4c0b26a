namespace NfDtls.X509
{
    /// <summary>Files that people try first, and what we tell them to do.</summary>
    internal static class ForeignFile
    {
        internal const string Pkcs12 =
            "This is a .p12 or .pfx file (PKCS#12); convert it before: openssl pkcs12 -in file.p12 -nodes -out file.pem, and read key and certificates from file.pem.";

        private const int PfxVersion = 3;

        /// <summary>Whether the bytes begin as a PFX does (RFC 7292 section 4): a version of 3, then a sequence.</summary>
        internal static bool IsPkcs12(byte[] der, int offset, int count)
        {
            DerReader reader = new DerReader();
            reader.Reset(der, offset, count);
            return reader.Enter(DerTag.Sequence) && reader.ReadSmall() == PfxVersion && reader.Tag == DerTag.Sequence;
        }
    }
}
