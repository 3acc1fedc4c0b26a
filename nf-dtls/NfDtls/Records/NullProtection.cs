namespace NfDtls
{
    /// <summary>Epoch 0: nothing is protected.</summary>
    internal sealed class NullProtection : RecordProtection
    {
        internal override int PrefixLength
        {
            get { return 0; }
        }

        internal override int MaxSuffixLength
        {
            get { return 0; }
        }

        internal override int Seal(RecordCodec codec, RecordHeader header, byte[] buffer, int offset, int count)
        {
            return count;
        }

        internal override bool Open(RecordCodec codec, RecordHeader header, byte[] buffer)
        {
            return true;
        }
    }
}
