using System;

namespace NfDtls
{
    /// <summary>DTLSPlaintext and DTLSCiphertext of RFC 6347 section 4.1: type, version, epoch, sequence number, length.</summary>
    internal sealed class Dtls12RecordCodec : RecordCodec
    {
        internal const int Size = 13;

        private const int NumberAt = 3;

        public override int HeaderLength
        {
            get { return Size; }
        }

        public override bool Recognizes(int firstByte)
        {
            return firstByte >= ContentType.ChangeCipherSpec && firstByte < 32 && firstByte != ContentType.ConnectionId;
        }

        public override bool Read(byte[] buffer, int offset, int count, RecordHeader header)
        {
            if (count < Size)
            {
                return false;
            }

            header.Offset = offset;
            header.Type = buffer[offset];
            header.Version = (buffer[offset + 1] << 8) | buffer[offset + 2];
            header.Epoch = (buffer[offset + 3] << 8) | buffer[offset + 4];
            long sequence = (buffer[offset + 9] << 8) | buffer[offset + 10];
            if (BitConverter.ToInt32(buffer, offset + 5) != 0)
            {
                // Not in most sessions as long as they live.
                sequence |= (long)(uint)((buffer[offset + 5] << 24) | (buffer[offset + 6] << 16) | (buffer[offset + 7] << 8) | buffer[offset + 8]) << 16;
            }

            header.Sequence = sequence;
            header.FragmentOffset = offset + Size;
            int length = (buffer[offset + 11] << 8) | buffer[offset + 12];
            header.FragmentLength = length;
            header.End = offset + Size + length;
            return length <= count - Size;
        }

        public override bool IsVersionRight(RecordHeader header)
        {
            return header.Version == DtlsVersion.Dtls12 || (header.Epoch == 0 && header.Version == DtlsVersion.Dtls10);
        }

        public override void Write(byte[] buffer, int offset, int type, int version, long epoch, long sequence, int fragmentLength)
        {
            buffer[offset] = (byte)type;
            buffer[offset + 1] = (byte)(version >> 8);
            buffer[offset + 2] = (byte)version;
            WriteNumber(buffer, offset + NumberAt, epoch, sequence);
            buffer[offset + 11] = (byte)(fragmentLength >> 8);
            buffer[offset + 12] = (byte)fragmentLength;
        }

        internal override void WriteSealed(RecordHeader header, byte[] buffer, int fragmentLength)
        {
            if (header.Epoch == 0)
            {
                base.WriteSealed(header, buffer, fragmentLength);
                return;
            }

            // Number, type and version, one behind the other, were authenticated.
            int offset = header.Offset;
            Array.Copy(header.Scratch, RecordProtection.NonceLength + NumberLength, buffer, offset, NumberAt);
            Array.Copy(header.Scratch, RecordProtection.NonceLength, buffer, offset + NumberAt, NumberLength);
            buffer[offset + 11] = (byte)(fragmentLength >> 8);
            buffer[offset + 12] = (byte)fragmentLength;
        }

        internal override int CopyAdditionalData(RecordHeader header, byte[] buffer, byte[] destination, int offset, int length)
        {
            int at = header.Offset;
            Array.Copy(buffer, at + NumberAt, destination, offset, NumberLength);
            Array.Copy(buffer, at, destination, offset + NumberLength, NumberAt);
            destination[offset + 11] = (byte)(length >> 8);
            destination[offset + 12] = (byte)length;
            return RecordProtection.AdditionalDataLength;
        }

        public override int WriteAdditionalData(byte[] destination, int offset, RecordHeader header, int length)
        {
            Array.Copy(destination, offset - NumberLength, destination, offset, NumberLength);
            destination[offset + 8] = (byte)header.Type;
            destination[offset + 9] = (byte)(header.Version >> 8);
            destination[offset + 10] = (byte)header.Version;
            destination[offset + 11] = (byte)(length >> 8);
            destination[offset + 12] = (byte)length;
            return RecordProtection.AdditionalDataLength;
        }
    }
}
