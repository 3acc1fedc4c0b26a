using System;

namespace NfDtls.Tests.Host;

/// <summary>An empty extension that gets hold of the association, and throws where it is told to.</summary>
internal sealed class CapturingExtension : HelloExtension
{
    public const string Where = "thrown by an extension";

    public volatile bool ThrowsWhenRead;

    public volatile bool ThrowsWhenWritten;

    public Association? Association { get; private set; }

    public override int Type => 0xFE77;

    public override bool Writes(Handshake handshake, int messageType) => true;

    public override void Write(Handshake handshake, int messageType, WireWriter writer)
    {
        Association = (Association)handshake.Host;
        if (ThrowsWhenWritten)
        {
            throw new NotSupportedException(Where);
        }
    }

    public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
    {
        Association = (Association)handshake.Host;
        if (ThrowsWhenRead)
        {
            throw new NotSupportedException(Where);
        }

        return DtlsError.None;
    }
}
