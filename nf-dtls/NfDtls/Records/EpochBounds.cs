namespace NfDtls
{
    /// <summary>What bounds an <see cref="Epoch"/> beside its keys' limits. Few epochs have others than the usual ones, which they share.</summary>
    internal sealed class EpochBounds
    {
        internal static readonly EpochBounds Usual = new EpochBounds();

        internal long LastWritable = Epoch.LastSequence;
        internal long LastReadable = Epoch.LastSequence;
        internal int WriteLimit = Epoch.MaxContent;
        internal int ReadLimit = int.MaxValue;
    }
}
