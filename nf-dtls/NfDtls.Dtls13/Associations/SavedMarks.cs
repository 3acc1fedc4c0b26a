namespace NfDtls.Dtls13
{
    /// <summary>
    /// Where the peer's messages stood when an association was saved last, and in what is stored: none beyond is acknowledged by an association
    /// whose numbers are promised.
    /// </summary>
    internal sealed class SavedMarks
    {
        internal int Saved;
        internal int Stored;
    }
}
