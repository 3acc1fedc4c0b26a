using NfDtls.Server;

namespace NfDtls.Dtls13.Server
{
    /// <summary>
    /// Where hellos without a cookie are put together that come in pieces: fixed places, kept by address for a short time. Where all
    /// are taken, one that the same host has gives way, else the oldest: so nobody holds one, and a host alone keeps nobody out.
    /// </summary>
    internal sealed class HelloPlaces
    {
        private readonly HelloPlace[] _places;
        private HostRule _hosts;

        internal HelloPlaces(int count, int bytes)
        {
            _places = new HelloPlace[count];
            for (int i = 0; i < count; i++)
            {
                _places[i] = new HelloPlace(bytes);
            }
        }

        /// <summary>Keeps a hello's first fragment, the one in the engine's header; false where the hello is none that can be kept.</summary>
        internal bool Keep(DtlsServerEngine engine, byte[] buffer, long now)
        {
            MessageHeader message = engine.MessageHeader;
            int offset = engine.Header.FragmentOffset + MessageHeader.Length;
            if (!HasRoomFor(message))
            {
                return false;
            }

            HelloPlace place = Find(engine, now);
            if (place == null || !place.IsOf(buffer, offset, message))
            {
                place = place == null ? Choose(engine, now) : place;
                place.Begin(engine, now);
            }

            place.Add(buffer, offset, message);
            return true;
        }

        /// <summary>Whether a hello can be kept whose first fragment this is: it says enough to be known again, and all of it has room.</summary>
        internal bool HasRoomFor(MessageHeader first)
        {
            return _places[0].HasRoomFor(first);
        }

        /// <summary>Whether the later fragment in the engine's header can be one of a hello that is kept.</summary>
        internal bool Has(DtlsServerEngine engine, long now)
        {
            HelloPlace place = Find(engine, now);
            return place != null && place.Fits(engine.MessageHeader);
        }

        /// <summary>Takes that fragment. Returns the record of the hello where it is whole now, else null.</summary>
        internal byte[] Continue(DtlsServerEngine engine, byte[] buffer, long now)
        {
            HelloPlace place = Find(engine, now);
            place.Add(buffer, engine.Header.FragmentOffset + MessageHeader.Length, engine.MessageHeader);
            return place.Complete(engine);
        }

        /// <summary>The place of the sender's address, or null.</summary>
        private HelloPlace Find(DtlsServerEngine engine, long now)
        {
            for (int i = 0; i < _places.Length; i++)
            {
                if (!IsFree(_places[i], engine, now) && _places[i].IsFrom(engine))
                {
                    return _places[i];
                }
            }

            return null;
        }

        /// <summary>A place that is free, or whose hello gives way.</summary>
        private HelloPlace Choose(DtlsServerEngine engine, long now)
        {
            _hosts = _hosts != null ? _hosts : new HostRule(engine.Options.HostOffset, engine.Options.HostPrefixBits);
            HelloPlace oldest = null;
            HelloPlace own = null;
            for (int i = 0; i < _places.Length; i++)
            {
                HelloPlace place = _places[i];
                if (IsFree(place, engine, now))
                {
                    return place;
                }

                oldest = oldest == null || place.Since < oldest.Since ? place : oldest;
                own = place.IsOfHost(engine, _hosts) && (own == null || place.Since < own.Since) ? place : own;
            }

            engine.Drop(DropReason.NoBuffer, ContentType.Handshake);
            return own != null ? own : oldest;
        }

        /// <summary>Nobody has it, or no longer: two sendings of a client have come by then.</summary>
        private static bool IsFree(HelloPlace place, DtlsServerEngine engine, long now)
        {
            return !place.IsTaken || now >= Deadline.After(place.Since, 2 * engine.Options.RetransmitTimeout);
        }
    }
}
