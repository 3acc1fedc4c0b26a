namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>
    /// The way to a secure element, as I²C has it: a chip that does not acknowledge its address is busy, asleep or not there. Called by one
    /// thread at a time, never by the engine's; a call may take as long as a transfer does.
    /// </summary>
    internal abstract class ElementBus
    {
        /// <summary>Wakes the chip and gives it the time that it needs for that.</summary>
        internal abstract void Wake();

        /// <summary>Writes so many bytes; false where they were not acknowledged.</summary>
        internal abstract bool Write(byte[] bytes, int count);

        /// <summary>Reads so many bytes, of which the first says how many count; false where the chip did not acknowledge.</summary>
        internal abstract bool Read(byte[] bytes, int count);
    }
}
