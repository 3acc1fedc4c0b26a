namespace NfDtls.Dtls13
{
    /// <summary>What an association of DTLS 1.3 does beyond its handshake: it hears ACKs, and acknowledges what its peer repeats.</summary>
    internal sealed class Associations13 : Feature
    {
        private readonly RecordType[] _types = { new AckRecord() };
        private readonly byte[] _ack = new byte[2 + AckMessage.NumberLength];

        internal override RecordType[] RecordTypes
        {
            get { return _types; }
        }

        /// <summary>
        /// A handshake message without a handshake. The client's Finished again: the ACK of it was lost, and goes out once more (RFC
        /// 9147 section 5.8.1). A NewSessionTicket is acknowledged, and not used. Anything else is none of what this end speaks.
        /// </summary>
        internal override bool OnHandshakeRecord(Association association, byte[] buffer, long now)
        {
            if (association.Version != Version13.WireNumber)
            {
                return false;
            }

            RecordHeader header = association.Engine.Header;
            MessageHeader message = association.Engine.MessageHeader;
            WireReader reader = association.Engine.Reader;
            reader.Reset(buffer, header.FragmentOffset, header.FragmentLength);
            if (!message.Read(reader))
            {
                association.Fail(DtlsError.DecodeError);
            }
            else if (header.Epoch < association.ReadEpoch.Number || (message.Type == HandshakeType.NewSessionTicket && !association.IsServer))
            {
                Acknowledge(association, header);
            }
            else
            {
                association.Fail(DtlsError.UnexpectedMessage);
            }

            return true;
        }

        private void Acknowledge(Association association, RecordHeader header)
        {
            RecordList list = new RecordList(1);
            list.Add(header.Epoch, header.Sequence);
            WireWriter writer = association.Engine.Writer;
            writer.Reset(_ack, 0, _ack.Length);
            AckMessage.Write(writer, list);
            Send(association, _ack, writer.Length);
        }

        /// <summary>Sends an ACK under the keys of now; one that cannot be protected ends the association.</summary>
        internal static void Send(Association association, byte[] content, int count)
        {
            DtlsError error = association.Engine.Sender.SendShort(association, ContentType.Ack, content, count);
            if (error != DtlsError.None)
            {
                association.End(error);
            }
        }
    }
}
