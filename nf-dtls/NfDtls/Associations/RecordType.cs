namespace NfDtls
{
    /// <summary>A content type beyond those of DTLS 1.2: told of every authentic record of that type.</summary>
    public abstract class RecordType
    {
        /// <summary>The content type.</summary>
        public abstract int Type { get; }

        /// <summary>Reads a record's content. An error ends the association with its alert.</summary>
        public abstract DtlsError Read(Association association, WireReader reader);
    }
}
