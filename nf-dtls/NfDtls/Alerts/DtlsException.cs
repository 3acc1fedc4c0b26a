using System;

namespace NfDtls
{
    /// <summary>A call failed for a reason of the protocol, not of its arguments.</summary>
    public sealed class DtlsException : Exception
    {
        private readonly DtlsError _error;
        private readonly int _alertSent;
        private readonly int _alertReceived;

        /// <summary>Makes an exception without alerts.</summary>
        public DtlsException(DtlsError error, string message)
            : this(error, Alert.None, Alert.None, message)
        {
        }

        /// <summary>Makes an exception without alerts, for what something else threw.</summary>
        public DtlsException(DtlsError error, string message, Exception? inner)
            : this(error, Alert.None, Alert.None, message, inner)
        {
        }

        /// <summary>Makes an exception.</summary>
        public DtlsException(DtlsError error, int alertSent, int alertReceived, string message)
            : this(error, alertSent, alertReceived, message, null)
        {
        }

        /// <summary>Makes an exception with what something else threw, or null.</summary>
        public DtlsException(DtlsError error, int alertSent, int alertReceived, string message, Exception? inner)
            : base(message, inner)
        {
            _error = error;
            _alertSent = alertSent;
            _alertReceived = alertReceived;
        }

        /// <summary>
        /// Makes an exception that says why, in the words of <see cref="ErrorTexts"/> where there are some, else by the error's
        /// number: "The handshake failed: the peer did not answer in time."
        /// </summary>
        internal static DtlsException Because(string what, DtlsError error, int alertSent, int alertReceived)
        {
            return new DtlsException(error, alertSent, alertReceived, what + ErrorTexts.Reason(error, alertReceived));
        }

        /// <summary>What went wrong.</summary>
        public DtlsError Error
        {
            get { return _error; }
        }

        /// <summary>Description of the alert that was sent for it, or <see cref="Alert.None"/>.</summary>
        public int AlertSent
        {
            get { return _alertSent; }
        }

        /// <summary>Description of the alert that the peer sent, or <see cref="Alert.None"/>.</summary>
        public int AlertReceived
        {
            get { return _alertReceived; }
        }
    }
}
