namespace NfDtls.Server
{
    /// <summary>
    /// Decides whether a peer whose address is proven may begin a handshake, and ends one that gives way to it. An established
    /// session is ended only when the newcomer has finished (<see cref="SessionTable.TakePlace"/>).
    /// </summary>
    internal sealed class Admission
    {
        /// <summary>It may begin: there are a slot and an association.</summary>
        internal const int Granted = 0;
        /// <summary>Every slot has a handshake that deserves its time: to be asked again soon.</summary>
        internal const int Busy = 1;
        /// <summary>Every place that this peer could have is taken by somebody who has spoken lately.</summary>
        internal const int Full = 2;

        private readonly DtlsServerEngine _engine;
        private readonly SessionTable _table;
        private readonly HandshakeSlots _slots;

        internal Admission(DtlsServerEngine engine, SessionTable table, HandshakeSlots slots)
        {
            _engine = engine;
            _table = table;
            _slots = slots;
        }

        /// <summary>Asks for the peer of the datagram at hand.</summary>
        /// <param name="older">The session of the same address, which the newcomer would replace, or null.</param>
        /// <param name="hostHash">The hash of its host.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal int Ask(Association older, uint hostHash, long now)
        {
            int host = _table.Hosts.Find(_engine.PeerAddress, _engine.PeerAddressLength, hostHash);
            if (!_table.HasPlace(older, now))
            {
                return Full;
            }

            ServerHandshake yielding = null;
            if (IsHostFull(host, older, now))
            {
                yielding = _slots.FindYielding(_table, host, true, now);
                if (yielding == null)
                {
                    return Full;
                }
            }
            else if (NeedsYielding)
            {
                yielding = _slots.FindYielding(_table, host, false, now);
                if (yielding == null)
                {
                    return Busy;
                }
            }

            if (yielding != null)
            {
                yielding.Yield();
            }

            // What gave way is free when the application has been told of it; till then another one is.
            return _table.FreeCount > 0 && _slots.HasFree ? Granted : Busy;
        }

        /// <summary>One association stays free, so that one that gives way need not be waited for.</summary>
        private bool NeedsYielding
        {
            get { return !_slots.HasFree || (_table.FreeCount <= 1 && _slots.Running > 0); }
        }

        /// <summary>
        /// Whether a host has as many as it may; the session that the new one will replace does not count, nor one that has been
        /// silent long, but one newcomer only may count on that.
        /// </summary>
        private bool IsHostFull(int host, Association older, long now)
        {
            int most = _engine.Options.MaxSessionsPerHost;
            if (most == 0)
            {
                return false;
            }

            int beyond = _table.Hosts.CountOf(host) - (older == null ? 0 : 1) - most;
            return beyond > 0 || (beyond == 0 && _table.SilentOf(host, now) == null);
        }
    }
}
