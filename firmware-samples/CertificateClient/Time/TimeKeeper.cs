using System;
using System.Threading;

namespace NfDtls.Samples.CertificateClient
{
    /// <summary>
    /// Sees to it that there is a time of day before certificates are looked at. A device wakes in 1970, and then nothing but these is right:
    /// to wait, or to leave dates unchecked and know what that means. This one waits.
    /// </summary>
    internal sealed class TimeKeeper
    {
        private const int AnswerTimeout = 3000;

        // RFC 4330 section 10: not more often than every 15 s, which Settings begins with, and ever more seldom.
        private const int LongestPause = 1024000;

        // By then a board's crystal is off by some seconds.
        private const long Renewal = 24L * 3600 * 1000;

        private readonly NetworkClock _clock = new NetworkClock();
        private readonly SntpClient[] _servers;
        private readonly long _floor;
        private readonly int _firstPause;
        private int _next;
        private string _reason;

        /// <param name="servers">Whom to ask, in turn.</param>
        /// <param name="floor">A time that is past for certain, in seconds since 1970: when our own certificate was made.</param>
        /// <param name="firstPause">Milliseconds between the first two questions; twice as many each time after.</param>
        internal TimeKeeper(SntpClient[] servers, long floor, int firstPause)
        {
            _servers = servers;
            _floor = floor;
            _firstPause = firstPause > 0 ? firstPause : 1;
        }

        internal NetworkClock Clock
        {
            get { return _clock; }
        }

        /// <summary>
        /// Returns once the time is known; false where nobody is left to ask. A time of a day ago is renewed, and is good enough where that
        /// fails.
        /// </summary>
        internal bool WaitForTime()
        {
            if (_clock.UtcSeconds >= 0)
            {
                if (_clock.Age > Renewal && !Ask())
                {
                    Console.WriteLine("The time of yesterday must do: " + _reason + ".");
                }

                return true;
            }

            for (int pause = _firstPause; !Ask(); pause = pause < LongestPause / 2 ? pause * 2 : LongestPause)
            {
                if (_reason == null)
                {
                    Console.WriteLine("No time, and nobody left who may be asked for it.");
                    return false;
                }

                Console.WriteLine("No time yet, and so no connection: " + _reason + ". Asked again in " + pause.ToString() + " ms.");
                Thread.Sleep(pause);
            }

            return true;
        }

        /// <summary>By this time a certificate was out of its dates. It may be the time that is wrong: it is asked for anew, of another server where there is one.</summary>
        internal void Doubt()
        {
            _clock.Forget();
        }

        /// <summary>Asks the next server that may be asked; says by the reason what came of it, null where there is none.</summary>
        private bool Ask()
        {
            _reason = null;
            for (int i = 0; i < _servers.Length; i++)
            {
                SntpClient server = _servers[_next];
                _next = (_next + 1) % _servers.Length;
                if (!server.IsDenied)
                {
                    return Ask(server);
                }
            }

            return false;
        }

        private bool Ask(SntpClient server)
        {
            long time = server.Ask(AnswerTimeout);
            if (time < 0)
            {
                _reason = server.Host + ": " + server.Failure;
                return false;
            }

            if (time / 1000 < _floor)
            {
                // A server that was reset, or somebody who wants an old certificate to be valid again.
                _reason = server.Host + " tells a time before our certificate was made";
                return false;
            }

            _clock.Set(time);
            Console.WriteLine(server.Host + " says that it is " + DateTime.UnixEpoch.AddSeconds(time / 1000).ToString("yyyy-MM-dd HH:mm:ss") + " UTC.");
            return true;
        }
    }
}
