namespace NfDtls
{
    /// <summary>
    /// Work that takes more than one call: a key agreement, a signature, a look-up that the application answers later. A
    /// handshake holds one at the most and waits for it; the results go into buffers that the caller passed.
    /// </summary>
    public abstract class CryptoOperation
    {
        /// <summary>
        /// Works on. <paramref name="budget"/> is in the provider's own units, about 1 ms each on the slowest board; no clock
        /// is read. Returns true when the operation has ended, well or with an <see cref="Error"/>.
        /// </summary>
        public abstract bool Step(int budget);

        /// <summary>Ends the operation without a result and zeroes what it held. Legal at any time, also after the end.</summary>
        public abstract void Cancel();

        /// <summary>How the operation ended: <see cref="DtlsError.None"/>, or why it failed.</summary>
        public DtlsError Error { get; protected set; }

        /// <summary>Bytes of a result whose length is not known beforehand: a signature's; else 0.</summary>
        public int Length { get; protected set; }

        /// <summary>
        /// True while a step can do nothing because somebody else must act first (an application's answer): the engine then
        /// does not ask to be called.
        /// </summary>
        public virtual bool IsWaiting
        {
            get { return false; }
        }

        /// <summary>What is at work: the operation itself, or the part whose turn it is of one that is made of others; null where none is.</summary>
        public virtual CryptoOperation? Current
        {
            get { return this; }
        }
    }
}
