namespace NfDtls.Tests.Certificates;

/// <summary>An extension that a client sends as it is, and whose answer it takes as it is.</summary>
internal sealed class FixedExtension : HelloExtension
{
    private readonly int _type;
    private readonly byte[] _content;

    internal FixedExtension(int type, params byte[] content)
    {
        _type = type;
        _content = content;
    }

    public override int Type
    {
        get { return _type; }
    }

    public override bool Writes(Handshake handshake, int messageType)
    {
        return !handshake.IsServer;
    }

    public override void Write(Handshake handshake, int messageType, WireWriter writer)
    {
        writer.WriteBytes(_content, 0, _content.Length);
    }

    public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
    {
        reader.Skip(reader.Remaining);
        return DtlsError.None;
    }
}
