namespace NfDtls.Server
{
    /// <summary>
    /// The slots for handshakes: free ones, those that run by their age, and of these the ones whose work is pending. Says which
    /// one gives way when none is free.
    /// </summary>
    internal sealed class HandshakeSlots
    {
        /// <summary>The oldest so many are looked at for one that gives way, so that a flood costs the same however many run.</summary>
        private const int MostLookedAt = 32;

        /// <summary>Milliseconds that one whose peer has answered with what does not decrypt still has: it answers without waiting.</summary>
        private const int WrongKeyTime = 1000;

        private readonly int _patience;
        private readonly int _wrongKeyTime;
        private ServerHandshake _free;
        private ServerHandshake _oldest;
        private ServerHandshake _newest;
        private ServerHandshake _firstPending;
        private ServerHandshake _lastPending;
        private int _running;
        private int _forSessions;
        private readonly int _mostForSessions;
        private int _pending;

        internal HandshakeSlots(DtlsServerEngine engine)
        {
            _patience = engine.Options.RetransmitTimeout;
            _wrongKeyTime = _patience < WrongKeyTime ? _patience : WrongKeyTime;
            _mostForSessions = engine.Options.MaxHandshakes > 1 ? engine.Options.MaxHandshakes / 2 : 1;
            for (int i = 0; i < engine.Options.MaxHandshakes; i++)
            {
                ServerHandshake handshake = new ServerHandshake(engine);
                handshake.Newer = _free;
                _free = handshake;
            }
        }

        /// <summary>How many run.</summary>
        internal int Running
        {
            get { return _running; }
        }

        internal bool HasFree
        {
            get { return _free != null; }
        }

        /// <summary>Whether one is free for a handshake within a session: half of all at the most, so that others can connect.</summary>
        internal bool HasFreeForSession
        {
            get { return _free != null && _forSessions < _mostForSessions; }
        }

        /// <summary>Takes a free slot for a handshake within a session: nobody who has no session may make that give way.</summary>
        internal ServerHandshake TakeForSession()
        {
            ServerHandshake handshake = TakeFree();
            handshake.IsForSession = true;
            _forSessions++;
            return handshake;
        }

        /// <summary>The first of those whose work is pending, or null.</summary>
        internal ServerHandshake FirstPending
        {
            get { return _firstPending; }
        }

        internal int PendingCount
        {
            get { return _pending; }
        }

        /// <summary>When one of those whose work is pending wants to be called.</summary>
        internal long NextDeadline
        {
            get
            {
                long deadline = Deadline.Never;
                for (ServerHandshake handshake = _firstPending; handshake != null; handshake = handshake.NextPending)
                {
                    deadline = handshake.NextDeadline < deadline ? handshake.NextDeadline : deadline;
                }

                return deadline;
            }
        }

        /// <summary>Takes a free slot, of which there is one.</summary>
        internal ServerHandshake Take()
        {
            ServerHandshake handshake = TakeFree();
            handshake.Elder = _newest;
            if (_newest == null)
            {
                _oldest = handshake;
            }
            else
            {
                _newest.Newer = handshake;
            }

            _newest = handshake;
            return handshake;
        }

        /// <summary>A handshake has ended.</summary>
        internal void Return(ServerHandshake handshake)
        {
            SetPending(handshake, false);
            if (handshake.IsForSession)
            {
                handshake.IsForSession = false;
                _forSessions--;
            }
            else
            {
                Unlink(handshake);
            }

            handshake.Newer = _free;
            _free = handshake;
            _running--;
        }

        private ServerHandshake TakeFree()
        {
            ServerHandshake handshake = _free;
            _free = handshake.Newer;
            handshake.Newer = null;
            _running++;
            return handshake;
        }

        /// <summary>Takes one out of those that run by their age.</summary>
        private void Unlink(ServerHandshake handshake)
        {
            if (handshake.Elder == null)
            {
                _oldest = handshake.Newer;
            }
            else
            {
                handshake.Elder.Newer = handshake.Newer;
            }

            if (handshake.Newer == null)
            {
                _newest = handshake.Elder;
            }
            else
            {
                handshake.Newer.Elder = handshake.Elder;
            }

            handshake.Elder = null;
        }

        /// <summary>Puts a handshake behind the others whose work is pending, or takes it out.</summary>
        internal void SetPending(ServerHandshake handshake, bool isPending)
        {
            if (handshake.IsListedPending == isPending)
            {
                return;
            }

            handshake.IsListedPending = isPending;
            _pending += isPending ? 1 : -1;
            if (isPending)
            {
                handshake.PreviousPending = _lastPending;
                handshake.NextPending = null;
                Link(_lastPending, handshake);
                _lastPending = handshake;
            }
            else
            {
                Link(handshake.PreviousPending, handshake.NextPending);
                if (handshake.NextPending == null)
                {
                    _lastPending = handshake.PreviousPending;
                }
                else
                {
                    handshake.NextPending.PreviousPending = handshake.PreviousPending;
                }
            }
        }

        /// <summary>
        /// The handshake that gives way to another, or null. Each has the time of a first retransmission for its peer to answer in,
        /// or a second once that has answered with what does not decrypt, and none is given up while its own work runs. Of the
        /// others the oldest whose peer has so answered, else the oldest of the host with most: to a host with fewer at once, to any other when it has had that time twice, so
        /// that whoever has most cannot keep the rest out by beginning anew.
        /// </summary>
        /// <param name="table">Knows the hosts.</param>
        /// <param name="newcomer">The host of the one that wants a slot, or <see cref="HostTable.None"/>.</param>
        /// <param name="ownOnly">Whether it must be a handshake of that host.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal ServerHandshake FindYielding(SessionTable table, int newcomer, bool ownOnly, long now)
        {
            ServerHandshake best = null;
            int most = 0;
            int own = table.Hosts.HalfOpenOf(newcomer);
            int left = MostLookedAt;
            for (ServerHandshake handshake = _oldest; handshake != null && left > 0; handshake = handshake.Newer)
            {
                left--;
                int host = table.Hosts.HostOf(handshake.Association.Index);
                if (ownOnly && host != newcomer)
                {
                    continue;
                }

                if (handshake.Patience.IsKeyDoubted && HasHad(handshake, _wrongKeyTime, now))
                {
                    return handshake;
                }

                int count = table.Hosts.HalfOpenOf(host);
                if (count > most && HasHad(handshake, _patience, now) && (count > own || HasHad(handshake, 2L * _patience, now)))
                {
                    best = handshake;
                    most = count;
                }
            }

            return best;
        }

        private static bool HasHad(ServerHandshake handshake, long time, long now)
        {
            // One whose own work runs is due at once; one that waits for the application has a deadline.
            bool works = handshake.NextDeadline == 0;
            return !works && now >= Deadline.After(handshake.WaitsSince, time);
        }

        private void Link(ServerHandshake first, ServerHandshake second)
        {
            if (first == null)
            {
                _firstPending = second;
            }
            else
            {
                first.NextPending = second;
            }
        }
    }
}
