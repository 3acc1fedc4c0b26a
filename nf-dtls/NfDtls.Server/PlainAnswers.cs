using System;

namespace NfDtls.Server
{
    /// <summary>
    /// What a server answers to a hello without keeping anything of it: all that it needs is in the hello, and less goes out than
    /// came in.
    /// </summary>
    internal sealed class PlainAnswers
    {
        /// <summary>So many refusals are told at once: a crowd that comes back after an outage.</summary>
        internal const int RefusalsAtOnce = 50;

        /// <summary>And then one in so many milliseconds.</summary>
        private const int RefusalInterval = 20;

        private readonly DtlsServerEngine _engine;

        // When the last refusal will be made up for.
        private long _refusedUntil = long.MinValue;

        internal PlainAnswers(DtlsServerEngine engine)
        {
            _engine = engine;
        }

        /// <summary>Asks for the cookie that was judged last.</summary>
        internal void SendHelloVerifyRequest(CookieSecret cookies)
        {
            Packet packet = Rent(ContentType.Handshake);
            if (packet == null)
            {
                return;
            }

            WireWriter writer = _engine.Writer;
            MessageHeader message = _engine.MessageHeader;
            int header = _engine.Codec.HeaderLength;
            int body = header + MessageHeader.Length;
            int cookie = body + 3;
            writer.Reset(packet.Buffer, body, packet.Buffer.Length - body);
            cookies.Write(packet.Buffer, cookie);
            HelloVerifyRequest.Write(writer, packet.Buffer, cookie, CookieSecret.Length);
            MessageHeader.Write(packet.Buffer, header, HandshakeType.HelloVerifyRequest, writer.Length, message.Sequence, 0, writer.Length);
            Send(packet, ContentType.Handshake, MessageHeader.Length + writer.Length);
            _engine.Statistics.CookiesSent++;
        }

        /// <summary>Asks by a message of a version's own, in one fragment with the message_seq of the hello.</summary>
        internal void SendMessage(int type, byte[] body, int count)
        {
            Packet packet = Rent(ContentType.Handshake);
            if (packet != null)
            {
                int header = _engine.Codec.HeaderLength;
                MessageHeader.Write(packet.Buffer, header, type, count, _engine.MessageHeader.Sequence, 0, count);
                Array.Copy(body, 0, packet.Buffer, header + MessageHeader.Length, count);
                Send(packet, ContentType.Handshake, MessageHeader.Length + count);
                _engine.Statistics.CookiesSent++;
            }
        }

        /// <summary>Refuses a hello.</summary>
        internal void SendAlert(int description)
        {
            Packet packet = Rent(ContentType.Alert);
            if (packet != null)
            {
                int header = _engine.Codec.HeaderLength;
                packet.Buffer[header] = Alert.LevelFatal;
                packet.Buffer[header + 1] = (byte)description;
                Send(packet, ContentType.Alert, 2);
                _engine.Trace("alert sent", description, Alert.LevelFatal);
            }
        }

        /// <summary>Tells a peer whose address is proven that there is no place for it: fatal user_canceled. Not to all of a crowd.</summary>
        internal void SendRefusal(long now)
        {
            if (_refusedUntil > Deadline.After(now, (RefusalsAtOnce - 1) * RefusalInterval))
            {
                return;
            }

            _refusedUntil = Deadline.After(_refusedUntil > now ? _refusedUntil : now, RefusalInterval);
            SendAlert(Alert.UserCanceled);
        }

        private Packet Rent(int type)
        {
            Packet packet = _engine.HeldShare.Rent();
            if (packet == null)
            {
                _engine.Drop(DropReason.NoBuffer, type);
            }

            return packet;
        }

        /// <summary>Sends a record of epoch 0 with the number of the one that it answers.</summary>
        private void Send(Packet packet, int type, int length)
        {
            _engine.Codec.Write(packet.Buffer, 0, type, DtlsVersion.Dtls10, 0, _engine.Header.Sequence, length);
            packet.SetRange(0, _engine.Codec.HeaderLength + length);
            packet.SetAddress(_engine.PeerAddress, _engine.PeerAddressLength);
            _engine.Transmit.Add(packet);
            _engine.Counters.RecordsOut++;
        }
    }
}
