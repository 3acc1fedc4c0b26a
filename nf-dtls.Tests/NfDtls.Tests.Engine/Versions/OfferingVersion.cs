namespace NfDtls.Tests.Engine;

/// <summary>
/// A newer version as far as a client offers it: its hello is that of DTLS 1.2, as DTLS 1.3's is, and the ServerHello says which of
/// them it becomes. No server here speaks it.
/// </summary>
internal sealed class OfferingVersion : ProtocolVersion
{
    private const int WireNumber = 0x7E02;

    private readonly Dtls12 _base = new Dtls12();

    public override int Number
    {
        get { return WireNumber; }
    }

    public override int SuiteMask
    {
        get { return CipherSuite.Version12; }
    }

    internal override RecordCodec Codec
    {
        get { return _base.Codec; }
    }

    public override HandshakeRules CreateRules(bool isServer)
    {
        return _base.CreateRules(isServer);
    }

    internal override KeySchedule CreateKeySchedule()
    {
        return _base.CreateKeySchedule();
    }

    internal override Transcript CreateTranscript(CryptoProvider crypto, CipherSuiteTable suites, int bytesKept)
    {
        return _base.CreateTranscript(crypto, suites, bytesKept);
    }

    internal override HelloExtension[] CreateExtensions()
    {
        return _base.CreateExtensions();
    }

    internal override HandshakeRole CreateClient(Handshake handshake)
    {
        return new Dtls12Client(this, handshake);
    }
}
