namespace NfDtls.Samples.SleepyDevice
{
    /// <summary>Memory that outlives a deep sleep. The README says what boards have.</summary>
    internal abstract class KeptState
    {
        /// <summary>What was written last; null where nothing was, or it was erased.</summary>
        internal abstract byte[] Read();

        /// <summary>Keeps so many bytes of an array.</summary>
        internal abstract void Write(byte[] bytes, int count);

        /// <summary>Forgets them: when it returns they cannot be read again, whatever happens next.</summary>
        internal abstract void Erase();
    }
}
