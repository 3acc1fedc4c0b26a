namespace NfDtls
{
    /// <summary>
    /// When something is due, in the caller's milliseconds. What would come after the end of time is never due: a sum that
    /// wrapped would be due at once.
    /// </summary>
    internal static class Deadline
    {
        internal const long Never = long.MaxValue;

        /// <summary>The time so many milliseconds (0 or more) after another.</summary>
        internal static long After(long time, long milliseconds)
        {
            return time > Never - milliseconds ? Never : time + milliseconds;
        }
    }
}
