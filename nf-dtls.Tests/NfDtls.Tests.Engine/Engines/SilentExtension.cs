namespace NfDtls.Tests.Engine;

/// <summary>An extension that is never sent.</summary>
internal sealed class SilentExtension : HelloExtension
{
    private readonly int _type;

    internal SilentExtension(int type)
    {
        _type = type;
    }

    public override int Type
    {
        get { return _type; }
    }

    public override bool Writes(Handshake handshake, int messageType)
    {
        return false;
    }

    public override void Write(Handshake handshake, int messageType, WireWriter writer)
    {
    }

    public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
    {
        return DtlsError.None;
    }

    public override DtlsError ReadAbsent(Handshake handshake, int messageType)
    {
        return handshake.Options.RequireExtendedMasterSecret ? DtlsError.InsufficientSecurity : DtlsError.None;
    }
}
