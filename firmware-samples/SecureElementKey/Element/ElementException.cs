using System;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>The secure element did not do what it was asked for; the text says why.</summary>
    internal sealed class ElementException : Exception
    {
        private readonly bool _mayPass;

        /// <param name="message">What happened.</param>
        /// <param name="mayPass">Whether it is worth another try: a glitch on the bus, a chip that is busy; not a command that it refuses.</param>
        internal ElementException(string message, bool mayPass)
            : base(message)
        {
            _mayPass = mayPass;
        }

        internal bool MayPass
        {
            get { return _mayPass; }
        }
    }
}
