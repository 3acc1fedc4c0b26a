namespace NfDtls.Extensions
{
    /// <summary>What an association that was taken back with several IDs keeps of them: all are to be forgotten at its end.</summary>
    internal sealed class RestoredIdCodec : ConnectionIdCodec
    {
        internal readonly byte[][] All;

        internal RestoredIdCodec(byte[][] all)
            : base(all[0], 1)
        {
            All = all;
        }
    }
}
