using System;

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

        private readonly NetworkClock _clock;
        private readonly TimeSource[] _servers;
        private readonly long _floor;
        private readonly int _firstPause;
        private readonly Pace _pace;
        private int _next;
        private string _reason;

        // Before that nobody is asked for a time to put in the place of one that there is; and how long it is to be the next time.
        private long _askAt;
        private int _pause;

        /// <param name="servers">Whom to ask, in turn.</param>
        /// <param name="floor">A time that is past for certain, in seconds since 1970: when our own certificate was made.</param>
        /// <param name="firstPause">Milliseconds between the first two questions; twice as many each time after.</param>
        /// <param name="pace">The time that passes.</param>
        internal TimeKeeper(TimeSource[] servers, long floor, int firstPause, Pace pace)
        {
            _servers = servers;
            _floor = floor;
            _firstPause = firstPause > 0 ? firstPause : 1;
            _pace = pace;
            _clock = new NetworkClock(pace);
        }

        internal NetworkClock Clock
        {
            get { return _clock; }
        }

        /// <summary>
        /// Returns once the time is known, however long that takes. A time of a day ago is renewed, and is good enough where that fails; it is
        /// tried again ever more seldom.
        /// </summary>
        internal void WaitForTime()
        {
            if (_clock.UtcSeconds >= 0)
            {
                Renew();
                return;
            }

            long left = _askAt - _pace.Now;
            if (left > 0)
            {
                Console.WriteLine("The time is in doubt, and so no connection. Asked for again in " + left.ToString() + " ms.");
                _pace.Wait((int)left);
            }

            for (int pause = _firstPause; !Ask(); pause = Longer(pause))
            {
                Console.WriteLine("No time yet, and so no connection: " + _reason + ". Asked again in " + pause.ToString() + " ms.");
                _pace.Wait(pause);
            }
        }

        /// <summary>
        /// By this time a certificate was out of its dates. It may be the time that is wrong: it is asked for anew, of another server where
        /// there is one. Doubted again and again, it is the certificate, and the time is asked for ever more seldom.
        /// </summary>
        internal void Doubt()
        {
            _clock.Forget();
            BackOff();
        }

        /// <summary>By this time all certificates were within their dates: the next doubt is a first one.</summary>
        internal void Confirm()
        {
            if (_clock.Age <= Renewal)
            {
                _pause = 0;
                _askAt = 0;
            }
        }

        private void Renew()
        {
            if (_clock.Age <= Renewal || _pace.Now < _askAt)
            {
                return;
            }

            if (Ask())
            {
                _pause = 0;
                return;
            }

            _pause = _pause == 0 ? _firstPause : _pause;
            BackOff();
            Console.WriteLine("The time of yesterday must do: " + _reason + ".");
        }

        // At once for the first time, then after the first pause, and after twice as long each time.
        private void BackOff()
        {
            _askAt = _pace.Now + _pause;
            _pause = _pause == 0 ? _firstPause : Longer(_pause);
        }

        private static int Longer(int pause)
        {
            return pause < LongestPause / 2 ? pause * 2 : LongestPause;
        }

        /// <summary>Asks the next server that may be asked; where none may, the reason is the last one's.</summary>
        private bool Ask()
        {
            _reason = "there is nobody to ask";
            for (int i = 0; i < _servers.Length; i++)
            {
                TimeSource server = _servers[_next];
                _next = (_next + 1) % _servers.Length;
                if (Ask(server))
                {
                    return true;
                }

                if (!server.IsLeftAlone)
                {
                    return false;
                }
            }

            return false;
        }

        private bool Ask(TimeSource server)
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
