namespace NfDtls.Tests.Extensions;

/// <summary>An extension as an application may have one: a client says 42, and a server answers 43.</summary>
internal sealed class Own : HelloExtension
{
    public override int Type
    {
        get { return 0xFF77; }
    }

    internal int Value { get; private set; }

    public override bool Writes(Handshake handshake, int messageType)
    {
        return true;
    }

    public override void Write(Handshake handshake, int messageType, WireWriter writer)
    {
        writer.WriteUInt16(handshake.IsServer ? 43 : 42);
    }

    public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
    {
        Value = reader.ReadUInt16();
        return DtlsError.None;
    }
}
