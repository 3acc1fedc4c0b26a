namespace NfDtls.Tests.Engine;

/// <summary>An extension that makes a client's hello long and says nothing.</summary>
internal sealed class FillerExtension : HelloExtension
{
    private readonly int _type;
    private readonly int _length;

    internal FillerExtension(int type, int length)
    {
        _type = type;
        _length = length;
    }

    public override int Type
    {
        get { return _type; }
    }

    public override bool Writes(Handshake handshake, int messageType)
    {
        return messageType == HandshakeType.ClientHello;
    }

    public override void Write(Handshake handshake, int messageType, WireWriter writer)
    {
        writer.WriteBytes(new byte[_length], 0, _length);
    }

    public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
    {
        return DtlsError.None;
    }
}
