using System;

namespace NfDtls.Server
{
    /// <summary>
    /// A server's associations: more than its sessions may be, so that handshakes can run while every session is taken. Knows
    /// which are free, half-open, sessions or ended, whose an address is, who was silent longest and what is due next. What it
    /// does for one costs the same whatever the others are, and allocates nothing.
    /// </summary>
    internal sealed class SessionTable
    {
        /// <summary>Sessions looked at so far for the sake of others, for tests.</summary>
        internal int Looks;

        internal readonly AddressMap Addresses;
        internal readonly HostTable Hosts;
        internal readonly DeadlineHeap Deadlines;

        private const byte Free = 0;
        private const byte HalfOpen = 1;
        private const byte Session = 2;
        private const byte Ended = 3;

        private readonly EndpointOptions _options;
        private readonly AssociationLife _life;
        private readonly Association[] _associations;
        private readonly byte[] _standings;
        private readonly int[] _free;
        private readonly UseList _uses;
        private int _freeCount;
        private int _live;

        internal SessionTable(DtlsServerEngine engine, uint seed)
        {
            _life = engine.Life;
            _options = engine.Options;
            int count = _options.ServerPlaces;
            _associations = new Association[count];
            for (int i = 0; i < count; i++)
            {
                _associations[i] = new Association(engine);
                _associations[i].Index = i;
            }

            _standings = new byte[count];
            _free = new int[count];
            _uses = new UseList(count);
            Addresses = new AddressMap(count, seed);
            Hosts = new HostTable(new HostRule(_options.HostOffset, _options.HostPrefixBits), _associations, seed);
            Deadlines = new DeadlineHeap(count);
            FreeAll();
        }

        /// <summary>How many there are in all.</summary>
        internal int Count
        {
            get { return _associations.Length; }
        }

        /// <summary>Associations that are free.</summary>
        internal int FreeCount
        {
            get { return _freeCount; }
        }

        internal long NextDeadline
        {
            get
            {
                long idle = IdleDeadline;
                return idle < Deadlines.NextTime ? idle : Deadlines.NextTime;
            }
        }

        private long IdleDeadline
        {
            get
            {
                int timeout = _options.IdleTimeout;
                return timeout > 0 && _uses.First >= 0 ? Deadline.After(_associations[_uses.First].LastHeard, timeout) : Deadline.Never;
            }
        }

        internal Association At(int index)
        {
            return _standings[index] == Free ? null : _associations[index];
        }

        /// <summary>
        /// The association that a record names, or null: most often the one of its sender's address, which saves asking for the
        /// place.
        /// </summary>
        internal Association Route(Feature router, Association ofAddress, byte[] buffer)
        {
            if (ofAddress != null && router.Names(ofAddress, buffer))
            {
                return ofAddress;
            }

            Association named = AtPlace(router.FindPlace(buffer));
            return named != null && router.Names(named, buffer) ? named : null;
        }

        /// <summary>What stands in a place, or null; of a number that is none, null.</summary>
        internal Association AtPlace(int place)
        {
            return place < 0 || place >= _associations.Length ? null : At(place);
        }

        /// <summary>Begins a handshake with an address, of a host with a hash; there is a free association.</summary>
        internal Association Begin(ServerHandshake handshake, byte[] address, int length, uint hostHash, Association older, long now)
        {
            _freeCount--;
            int index = _free[_freeCount];
            Association association = _associations[index];
            _life.Begin(association, handshake, address, length, now);
            association.Older = older;
            _standings[index] = HalfOpen;
            Hosts.Add(index, hostHash);
            Addresses.Set(association, handshake.Who);
            return association;
        }

        /// <summary>A place for a session that was saved. Nobody gives way to it.</summary>
        /// <exception cref="DtlsException">AlreadyConnected, NoFreeSession.</exception>
        internal Association Adopt(byte[] address, int length, bool isNamed, long now)
        {
            bool isTaken = Addresses.Find(address, length) != null;
            if (isTaken && !isNamed)
            {
                throw new DtlsException(DtlsError.AlreadyConnected, "There is a session, or a handshake, with this address.");
            }

            if (_live >= _options.MaxSessions || _freeCount == 0)
            {
                throw new DtlsException(DtlsError.NoFreeSession, "Every session is taken: DtlsOptions.MaxSessions is " + _options.MaxSessions.ToString() + ".");
            }

            _freeCount--;
            int index = _free[_freeCount];
            Association association = _associations[index];
            _life.Prepare(association, address, length, now);
            _standings[index] = Session;
            Hosts.Add(index);
            Hosts.Complete(index);
            if (!isTaken)
            {
                Addresses.Set(association);
            }

            _uses.Add(index);
            _live++;
            return association;
        }

        /// <summary>
        /// A session's peer goes on from another address. Where another association has that, it keeps it, unless that is a session
        /// whose records name it: then it went on from there itself, or its peer has.
        /// </summary>
        internal void Move(Association session, byte[] address, int length)
        {
            int index = session.Index;
            FreeAddress(session);
            Hosts.Remove(index);
            _life.Move(session, address, length);
            Hosts.Add(index);
            Hosts.Complete(index);
            Association there = Addresses.Find(address, length);
            if (there == null || (_standings[there.Index] == Session && there.Older == null && there.ReadEpoch.ReadCodec.ReadId != null))
            {
                Addresses.Set(session);
            }
        }

        /// <summary>Follows a change of an association's state.</summary>
        internal void StateChanged(Association association)
        {
            int index = association.Index;
            int standing = _standings[index];
            if (association.State == AssociationState.Closed)
            {
                if (standing == HalfOpen || standing == Session)
                {
                    OnEnded(association, standing == HalfOpen);
                }
            }
            else if (association.State == AssociationState.Connected && standing == HalfOpen)
            {
                OnConnected(association);
            }
        }

        /// <summary>Frees one that has ended.</summary>
        internal void Release(Association association)
        {
            int index = association.Index;
            _life.Wipe(association);
            _standings[index] = Free;
            _free[_freeCount] = index;
            _freeCount++;
        }

        /// <summary>Ends and frees all, without a datagram or an event.</summary>
        internal void Reset()
        {
            for (int i = 0; i < _associations.Length; i++)
            {
                _associations[i].End(DtlsError.Stopped);
                _life.Wipe(_associations[i]);
                _associations[i].HasEvents = false;
                _associations[i].NextEvent = null;
            }

            Addresses.Clear();
            Hosts.Clear();
            Deadlines.Clear();
            _uses.Clear();
            FreeAll();
        }

        /// <summary>Follows what a record, a datagram sent or a call has changed of one association's time; while its work is pending it has none here.</summary>
        internal void Schedule(Association association, bool isPending)
        {
            Deadlines.Set(association.Index, isPending ? Deadline.Never : _life.NextDeadline(association));
        }

        /// <summary>A record came for one: it is silent no longer, if that was an authentic one.</summary>
        internal void Touch(Association association, long now)
        {
            int index = association.Index;
            if (index != _uses.Last && _standings[index] == Session && association.LastHeard == now)
            {
                _uses.Touch(index);
            }
        }

        /// <summary>The association whose deadline comes first; only where there is one.</summary>
        internal Association FirstDue
        {
            get { return _associations[Deadlines.First]; }
        }

        /// <summary>Ends the sessions that have been silent for longer than they may.</summary>
        internal void EndIdle(long now)
        {
            while (IdleDeadline <= now)
            {
                EndSilent(_associations[_uses.First], DtlsError.IdleTimeout);
            }
        }

        /// <summary>Whether a newcomer could be a session once it has finished; <paramref name="older"/> would make place for it.</summary>
        internal bool HasPlace(Association older, long now)
        {
            return _live < _options.MaxSessions || older != null || Silent(now) != null;
        }

        /// <summary>
        /// Makes place for a handshake whose peer has proven itself: of its host where that has too many, else of those silent
        /// longest. False where everyone has spoken lately.
        /// </summary>
        internal bool TakePlace(Association association, long now)
        {
            int host = Hosts.HostOf(association.Index);
            int replaced = association.Older == null ? 0 : 1;
            if (_options.MaxSessionsPerHost > 0 && Hosts.CountOf(host) - replaced > _options.MaxSessionsPerHost)
            {
                Association own = SilentOf(host, now);
                if (own == null)
                {
                    return false;
                }

                EndSilent(own, DtlsError.Evicted);
            }

            if (_live - replaced < _options.MaxSessions)
            {
                return true;
            }

            Association silent = Silent(now);
            if (silent == null)
            {
                return false;
            }

            EndSilent(silent, DtlsError.Evicted);
            return true;
        }

        /// <summary>The session silent longest of a host, if it may give way; as many are looked at as the host has.</summary>
        internal Association SilentOf(int host, long now)
        {
            Association silent = null;
            for (int index = Hosts.FirstOf(host); index >= 0; index = Hosts.NextOf(index))
            {
                Looks++;
                if (_standings[index] == Session && (silent == null || _associations[index].LastHeard < silent.LastHeard))
                {
                    silent = _associations[index];
                }
            }

            return silent != null && MayGiveWay(silent, now) ? silent : null;
        }

        /// <summary>The session silent longest, if it may give way.</summary>
        private Association Silent(long now)
        {
            Looks++;
            return _uses.First >= 0 && MayGiveWay(_associations[_uses.First], now) ? _associations[_uses.First] : null;
        }

        private bool MayGiveWay(Association session, long now)
        {
            return _options.EvictLeastRecentlyUsed && Deadline.After(session.LastHeard, _options.EvictAfter) <= now;
        }

        private static void EndSilent(Association session, DtlsError reason)
        {
            if (session.State == AssociationState.Closing)
            {
                session.End(DtlsError.CloseFail);
            }
            else
            {
                session.Fail(reason);
            }
        }

        private void OnConnected(Association association)
        {
            _standings[association.Index] = Session;
            Hosts.Complete(association.Index);
            _uses.Add(association.Index);
            _live++;
            Association older = association.Older;
            if (older != null)
            {
                association.Older = null;
                older.End(DtlsError.Superseded);
            }
        }

        private void OnEnded(Association association, bool wasHalfOpen)
        {
            int index = association.Index;
            if (wasHalfOpen)
            {
                Hosts.Complete(index);
            }
            else
            {
                _uses.Remove(index);
                _live--;
            }

            _standings[index] = Ended;
            Hosts.Remove(index);
            Deadlines.Set(index, Deadline.Never);
            FreeAddress(association);
        }

        /// <summary>The address of one that ended is free, or leads to the older session again.</summary>
        private void FreeAddress(Association association)
        {
            Association older = association.Older;
            association.Older = null;
            Association current = Addresses.Find(association.Address, association.AddressLength);
            if (current == association)
            {
                if (older != null)
                {
                    Addresses.Set(older);
                }
                else
                {
                    Addresses.Remove(association);
                }
            }
            else if (current != null && current.Older == association)
            {
                current.Older = null;
            }
        }

        private void FreeAll()
        {
            Array.Clear(_standings, 0, _standings.Length);
            _live = 0;
            _freeCount = _free.Length;
            for (int i = 0; i < _free.Length; i++)
            {
                _free[i] = _free.Length - 1 - i;
            }
        }
    }
}
