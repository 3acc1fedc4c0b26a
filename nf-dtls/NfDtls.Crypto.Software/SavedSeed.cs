namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// A place for 64 bytes that outlive a reboot, in flash or in memory that a battery keeps. What one boot leaves there is mixed into
    /// the random generator at the next, beside the entropy source and never in place of it: a source that is weaker than it should be,
    /// or begins alike at every boot, then gives other bytes at each, and one that gives the very reading of the boot before is refused.
    /// </summary>
    /// <remarks>
    /// The bytes are as secret as keys, though they alone give nothing away of what was drawn. One provider has the place. It is used
    /// inside the engine, once a boot, when random bytes are first wanted.
    /// </remarks>
    public abstract class SavedSeed
    {
        /// <summary>Bytes of a whole seed: 32 that are mixed in, and 32 by which the boot's reading of the entropy source is known again.</summary>
        public const int Length = 64;

        /// <summary>Reads what the boot before left.</summary>
        /// <param name="destination">Where the bytes go.</param>
        /// <param name="offset">Where there; <see cref="Length"/> bytes are free.</param>
        /// <returns>How many were read: 0 at the first boot. Of a seed that was cut short the rest is mixed in all the same.</returns>
        /// <exception cref="System.Exception">The place cannot be read: there are no random bytes then.</exception>
        public abstract int Read(byte[] destination, int offset);

        /// <summary>Replaces it by <see cref="Length"/> bytes, which are in stable storage when this returns: nothing is drawn before.</summary>
        /// <exception cref="System.Exception">They are not: there are no random bytes then.</exception>
        public abstract void Replace(byte[] source, int offset);
    }
}
