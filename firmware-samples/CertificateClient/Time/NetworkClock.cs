using NfDtls.X509;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>The time of day for certificates: what a server said, and how long ago. A board's own clock, which begins in 1970, is not asked.</summary>
    internal sealed class NetworkClock : CertificateClock
    {
        private readonly object _lock = new object();
        private readonly Pace _pace;
        private bool _isKnown;
        private long _difference;
        private long _asked;

        internal NetworkClock(Pace pace)
        {
            _pace = pace;
        }

        /// <inheritdoc/>
        public override long UtcSeconds
        {
            get
            {
                // Asked by the client's thread, and set by another.
                lock (_lock)
                {
                    return _isKnown ? (_pace.Now + _difference) / 1000 : -1;
                }
            }
        }

        /// <summary>Milliseconds since it was set.</summary>
        internal long Age
        {
            get
            {
                lock (_lock)
                {
                    return _pace.Now - _asked;
                }
            }
        }

        /// <summary>It is so many milliseconds after the beginning of 1970.</summary>
        internal void Set(long utcMilliseconds)
        {
            lock (_lock)
            {
                _asked = _pace.Now;
                _difference = utcMilliseconds - _asked;
                _isKnown = true;
            }
        }

        /// <summary>The time is not known any more.</summary>
        internal void Forget()
        {
            lock (_lock)
            {
                _isKnown = false;
            }
        }
    }
}
