using System;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>The modem does not do what it should; the text says what.</summary>
    internal sealed class ModemException : Exception
    {
        internal ModemException(string message)
            : base(message)
        {
        }
    }
}
