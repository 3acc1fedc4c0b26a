namespace NfDtls.Dtls13
{
    /// <summary>DTLSPlaintext (RFC 9147 section 4): the form of DTLS 1.2, for alerts, handshake messages and ACKs of epoch 0 alone.</summary>
    internal sealed class PlainCodec : RecordCodec
    {
        private readonly Dtls12RecordCodec _form = new Dtls12RecordCodec();

        public override int HeaderLength
        {
            get { return Dtls12RecordCodec.Size; }
        }

        public override bool Recognizes(int firstByte)
        {
            return firstByte == ContentType.Alert || firstByte == ContentType.Handshake || firstByte == ContentType.Ack;
        }

        public override bool Read(byte[] buffer, int offset, int count, RecordHeader header)
        {
            return _form.Read(buffer, offset, count, header);
        }

        /// <summary>The version field is ignored for all purposes.</summary>
        public override bool IsVersionRight(RecordHeader header)
        {
            return true;
        }

        public override void Write(byte[] buffer, int offset, int type, int version, long epoch, long sequence, int fragmentLength)
        {
            _form.Write(buffer, offset, type, version, epoch, sequence, fragmentLength);
        }

        public override int WriteAdditionalData(byte[] destination, int offset, RecordHeader header, int length)
        {
            return 0;
        }

        internal override Epoch FindEpoch(Epoch current, RecordHeader header, byte[] buffer)
        {
            return header.Epoch == 0 && Recognizes(buffer[header.Offset]) ? current : null;
        }
    }
}
