using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Where random bits come from: a hardware generator, as a rule. There is no default: managed code alone has no entropy,
    /// so the application names a source that it knows to be good on its board.
    /// </summary>
    /// <remarks>
    /// The bytes need not be perfect: <see cref="SoftwareProvider"/> counts on at least 4 bits of entropy in each, and
    /// conditions them. It runs inside the engine, so it must return quickly and not call back.
    /// </remarks>
    public abstract class EntropySource
    {
        /// <summary>Fills a range with fresh random bytes.</summary>
        /// <exception cref="InvalidOperationException">There is no entropy. Never return without it.</exception>
        public abstract void Read(byte[] destination, int offset, int count);
    }
}
