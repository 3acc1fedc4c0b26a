using System;
using System.Net.Sockets;

namespace NfDtls.Sockets
{
    /// <summary>
    /// What goes wrong with a port in one direction: what stands at this moment, and what is news. The same cause is news again
    /// only once something has worked in between, and not before a pause is over. Under the lock.
    /// </summary>
    internal sealed class PortFault
    {
        /// <summary>The code of what is no socket's error.</summary>
        internal const int NoCode = -1;

        private readonly int _pause;
        private Exception _standing;
        private int _code;
        private int _length;
        private long _toldAt;
        private bool _wasTold;

        /// <param name="pause">Milliseconds in which the same cause is told once, however often it comes and goes.</param>
        internal PortFault(int pause)
        {
            _pause = pause;
        }

        /// <summary>What the last datagram failed by, or null where it went well.</summary>
        internal Exception Standing
        {
            get { return _standing; }
        }

        /// <summary>Whether it stands, and for this cause.</summary>
        internal bool StandsFor(int code)
        {
            return _standing != null && _code == code;
        }

        /// <summary>The cause's number: Winsock's of a socket's error.</summary>
        internal static int CodeOf(Exception cause)
        {
            SocketException exception = cause as SocketException;
            return exception == null ? NoCode : Platform.ErrorCode(exception);
        }

        /// <summary>A datagram failed. Returns whether this is news.</summary>
        internal bool Fail(Exception cause, int length, long now)
        {
            int code = CodeOf(cause);
            bool isNews = !_wasTold || code != _code || (_standing == null && now - _toldAt >= _pause);
            _standing = cause;
            _code = code;
            _length = length;
            if (isNews)
            {
                _wasTold = true;
                _toldAt = now;
            }

            return isNews;
        }

        /// <summary>A datagram went well. One that was too long does not get shorter by shorter ones that go.</summary>
        internal void Work(int length)
        {
            if (_standing != null && (length >= _length || _code != (int)SocketError.MessageSize))
            {
                _standing = null;
            }
        }
    }
}
