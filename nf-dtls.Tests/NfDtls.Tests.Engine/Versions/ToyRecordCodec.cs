namespace NfDtls.Tests.Engine;

/// <summary>Records with a header of 6 bytes: 0x70 and the type's low bits, epoch, sequence (2 bytes), length (2 bytes).</summary>
internal sealed class ToyRecordCodec : RecordCodec
{
    internal const int Size = 6;
    private const int First = 0x60;

    public override int HeaderLength
    {
        get { return Size; }
    }

    public override bool Recognizes(int firstByte)
    {
        return firstByte >= First && firstByte < First + 0x20;
    }

    public override bool IsVersionRight(RecordHeader header)
    {
        return true;
    }

    public override bool Read(byte[] buffer, int offset, int count, RecordHeader header)
    {
        if (count < Size)
        {
            return false;
        }

        header.Offset = offset;
        header.Type = buffer[offset] - First;
        header.Version = ToyVersion.WireNumber;
        header.Epoch = buffer[offset + 1];
        header.Sequence = (buffer[offset + 2] << 8) | buffer[offset + 3];
        header.FragmentOffset = offset + Size;
        header.FragmentLength = (buffer[offset + 4] << 8) | buffer[offset + 5];
        header.End = header.FragmentOffset + header.FragmentLength;
        return header.FragmentLength <= count - Size;
    }

    public override void Write(byte[] buffer, int offset, int type, int version, long epoch, long sequence, int fragmentLength)
    {
        buffer[offset] = (byte)(First + type);
        buffer[offset + 1] = (byte)epoch;
        buffer[offset + 2] = (byte)(sequence >> 8);
        buffer[offset + 3] = (byte)sequence;
        buffer[offset + 4] = (byte)(fragmentLength >> 8);
        buffer[offset + 5] = (byte)fragmentLength;
    }

    public override int WriteAdditionalData(byte[] destination, int offset, RecordHeader header, int length)
    {
        destination[offset] = (byte)header.Type;
        destination[offset + 1] = (byte)(length >> 8);
        destination[offset + 2] = (byte)length;
        return 3;
    }
}
