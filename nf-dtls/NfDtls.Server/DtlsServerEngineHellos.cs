using System;

namespace NfDtls.Server
{
    /// <summary>ClientHellos: the cookie, and the session that begins with one.</summary>
    public sealed partial class DtlsServerEngine
    {
        private bool IsFirstOfHello(byte[] buffer)
        {
            Reader.Reset(buffer, Header.FragmentOffset, Header.FragmentLength);
            return MessageHeader.Read(Reader) && MessageHeader.Type == HandshakeType.ClientHello && MessageHeader.FragmentOffset == 0;
        }

        /// <summary>
        /// A ClientHello, or its first fragment: of the handshake that runs, or a new one, which must show a cookie first. Returns
        /// the association that it belongs to, or null.
        /// </summary>
        private Association HandleHello(Association association, byte[] buffer, long now)
        {
            if (Header.Version != DtlsVersion.Dtls10 && Header.Version != DtlsVersion.Dtls12)
            {
                Drop(DropReason.Version, Header.Type);
                return null;
            }

            Reader.Reset(buffer, Header.FragmentOffset + MessageHeader.Length, MessageHeader.FragmentLength);
            bool isEnough = _hello.ReadUpToCookie(Reader) || !Options.CookieExchange;
            if (!isEnough || Header.Sequence > HighestCopiedSequence)
            {
                Drop(DropReason.Fragment, Header.Type);
                return null;
            }

            // First whose it is, then whether it proves its address: a cookie may be outdated when the hello is repeated.
            ServerHandshake running = association == null ? null : (ServerHandshake)association.Handshake;
            if (running != null && running.IsOf(buffer, _hello) && MessageHeader.Sequence >= running.HelloSequence)
            {
                association.HandleRecord(buffer, now);
                return association;
            }

            if (IsPast(association, running, buffer))
            {
                Drop(DropReason.Duplicate, Header.Type);
                return null;
            }

            if (Options.CookieExchange && !IsProven(buffer, now))
            {
                return null;
            }

            if (MessageHeader.Sequence > ClientHello.MaxMessageSequence)
            {
                Drop(DropReason.MessageSequence, Header.Type);
                return null;
            }

            if (running != null)
            {
                // The peer has begun again. What it had begun before ends without a word.
                Association older = association.Older;
                association.End(DtlsError.Superseded);
                association = older;
            }

            Association begun = BeginSession(association, buffer, now);
            if (begun != null)
            {
                begun.HandleRecord(buffer, now);
            }

            return begun;
        }

        /// <summary>Whether a hello is a late copy: of the one that an association came from, or of one before it.</summary>
        private bool IsPast(Association association, ServerHandshake running, byte[] buffer)
        {
            if (association == null)
            {
                return false;
            }

            return (running != null && running.IsOf(buffer, _hello) && MessageHeader.Sequence < running.HelloSequence)
                || association.HasBegunWith(buffer, _hello)
                || (association.Older != null && association.Older.HasBegunWith(buffer, _hello));
        }

        /// <summary>
        /// Whether the hello's cookie proves its address; if not it is answered with a fresh one. One hello a datagram: no client
        /// sends two, and a spoofed datagram shall not cost more than it must.
        /// </summary>
        private bool IsProven(byte[] buffer, long now)
        {
            if (_hasJudged)
            {
                Drop(DropReason.Duplicate, Header.Type);
                return false;
            }

            _hasJudged = true;
            int verdict = _cookies.Judge(_address, _addressLength, buffer, _hello, now);
            if (verdict == CookieSecret.Invalid)
            {
                SendHelloVerifyRequest();
            }
            else if (verdict == CookieSecret.Unknown)
            {
                Drop(DropReason.NoBuffer, Header.Type);
            }

            return verdict == CookieSecret.Valid;
        }

        private Association BeginSession(Association older, byte[] buffer, long now)
        {
            Association free = null;
            for (int i = 0; i < _associations.Length && free == null; i++)
            {
                free = _associations[i].State == AssociationState.Idle ? _associations[i] : null;
            }

            ServerHandshake handshake = null;
            for (int i = 0; i < _handshakes.Length && handshake == null; i++)
            {
                handshake = _handshakes[i].Host == null ? _handshakes[i] : null;
            }

            if (free == null || handshake == null || IsHostFull(older))
            {
                Statistics.NoFreeSession++;
                Drop(DropReason.NoSession, Header.Type);
                if (free == null && Options.EvictLeastRecentlyUsed)
                {
                    EvictOne();
                }

                return null;
            }

            free.Begin(handshake, _address, _addressLength, now);
            free.Older = older;
            try
            {
                handshake.Start(free, buffer, _hello, MessageHeader.Sequence, Header.Sequence, now);
            }
            catch (Exception e)
            {
                free.Break(e);
                return null;
            }

            _map.Set(free);
            return free;
        }

        /// <summary>Whether the host of this datagram has as many sessions as it may; one that the new one will replace does not count.</summary>
        private bool IsHostFull(Association older)
        {
            int most = Options.MaxSessionsPerHost;
            int count = 0;
            for (int i = 0; most > 0 && i < _associations.Length; i++)
            {
                Association other = _associations[i];
                bool counts = other != older && other.State != AssociationState.Idle && other.State != AssociationState.Closed;
                count += counts && IsSameHost(other) ? 1 : 0;
            }

            return most > 0 && count >= most;
        }

        private bool IsSameHost(Association other)
        {
            if (other.AddressLength != _addressLength)
            {
                return false;
            }

            for (int i = Options.HostOffset; i < _addressLength; i++)
            {
                if (other.Address[i] != _address[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Closes the connected session that has been silent longest; its place is free when its end has been told.</summary>
        private void EvictOne()
        {
            Association silent = null;
            for (int i = 0; i < _associations.Length; i++)
            {
                Association candidate = _associations[i];
                if (candidate.State == AssociationState.Closed)
                {
                    // A place is about to be free.
                    return;
                }

                if (candidate.State == AssociationState.Connected && (silent == null || candidate.LastHeard < silent.LastHeard))
                {
                    silent = candidate;
                }
            }

            if (silent != null)
            {
                silent.Fail(DtlsError.Evicted);
            }
        }

        /// <summary>Answers and forgets: all that it needs is in the hello, and less goes out than came in.</summary>
        private void SendHelloVerifyRequest()
        {
            Packet packet = Pool.Rent();
            if (packet == null)
            {
                Drop(DropReason.NoBuffer, Header.Type);
                return;
            }

            int body = Codec.HeaderLength + MessageHeader.Length;
            Writer.Reset(packet.Buffer, body, packet.Buffer.Length - body);
            int cookie = body + 3;
            _cookies.Write(packet.Buffer, cookie);
            HelloVerifyRequest.Write(Writer, packet.Buffer, cookie, CookieSecret.Length);
            MessageHeader.Write(packet.Buffer, Codec.HeaderLength, HandshakeType.HelloVerifyRequest, Writer.Length, MessageHeader.Sequence, 0, Writer.Length);
            int fragment = MessageHeader.Length + Writer.Length;
            Codec.Write(packet.Buffer, 0, ContentType.Handshake, DtlsVersion.Dtls10, 0, Header.Sequence, fragment);
            packet.SetRange(0, Codec.HeaderLength + fragment);
            packet.SetAddress(_address, _addressLength);
            Transmit.Add(packet);
            Statistics.CookiesSent++;
            Statistics.RecordsSent++;
        }
    }
}
