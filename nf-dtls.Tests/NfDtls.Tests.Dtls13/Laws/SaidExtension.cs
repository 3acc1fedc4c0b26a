using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

/// <summary>An extension of DTLS 1.3 that is asked for, says what it was given in EncryptedExtensions, and keeps what it reads there.</summary>
internal sealed class SaidExtension(int type, byte[] content) : HelloExtension
{
    internal byte[]? Heard { get; private set; }

    public override int Type
    {
        get { return type; }
    }

    public override int VersionMask
    {
        get { return CipherSuite.Version13; }
    }

    public override bool Writes(Handshake handshake, int messageType)
    {
        return messageType is HandshakeType.ClientHello or HandshakeType13.EncryptedExtensions;
    }

    public override void Write(Handshake handshake, int messageType, WireWriter writer)
    {
        byte[] said = messageType == HandshakeType.ClientHello ? [] : content;
        writer.WriteBytes(said, 0, said.Length);
    }

    public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
    {
        int length = reader.Remaining;
        int at = reader.Skip(length);
        Heard = reader.Buffer[at..(at + length)];
        return DtlsError.None;
    }
}
