namespace NfDtls.Samples.Provisioning
{
    /// <summary>
    /// Two places that outlive a loss of power: two files, two sectors of flash. A write may be cut short at any byte, and then the place
    /// holds a part of the new bytes, of the old ones, of both, or anything; the other place stays as it is.
    /// </summary>
    internal abstract class SlotMemory
    {
        /// <summary>What a place (0 or 1) holds; null or anything where nothing was written. A copy: the caller zeroes it.</summary>
        internal abstract byte[] Read(int slot);

        /// <summary>Puts bytes into a place, through to where they outlive a loss of power.</summary>
        internal abstract void Write(int slot, byte[] bytes);
    }
}
