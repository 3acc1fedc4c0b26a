using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>
/// A version that nobody speaks: another form of records, and a handshake of one message each way, without protection. It shows
/// that what the versions share names none of them.
/// </summary>
internal sealed class ToyVersion : ProtocolVersion
{
    internal const int WireNumber = 0x7E01;

    private readonly RecordCodec _codec = new ToyRecordCodec();

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
        get { return _codec; }
    }

    internal override object ServerPart
    {
        get { return new ToyServerVersion(this); }
    }

    public override HandshakeRules CreateRules(bool isServer)
    {
        HandshakeRules rules = new HandshakeRules();
        rules.Require(isServer ? HandshakeType.ClientHello : HandshakeType.ServerHello, 0, 0);
        return rules;
    }

    internal override KeySchedule CreateKeySchedule()
    {
        return new Dtls12().CreateKeySchedule();
    }

    internal override Transcript CreateTranscript(CryptoProvider crypto, CipherSuiteTable suites, int bytesKept)
    {
        return new Dtls12Transcript(crypto, suites, bytesKept);
    }

    internal override HelloExtension[] CreateExtensions()
    {
        return new HelloExtension[0];
    }

    internal override HandshakeRole CreateClient(Handshake handshake)
    {
        return new ToyRole(this, handshake);
    }

    private sealed class ToyServerVersion : ServerVersion
    {
        internal ToyServerVersion(ProtocolVersion version)
            : base(version)
        {
        }

        internal override bool Claims(ClientHello hello, WireReader rest)
        {
            return hello.Version == WireNumber;
        }

        internal override HandshakeRole CreateRole(ServerHandshake slot, DtlsServerEngine engine)
        {
            return new ToyRole(Version, slot);
        }

        internal override void Challenge(PlainAnswers answers, CookieSecret cookies)
        {
            answers.SendHelloVerifyRequest(cookies);
        }
    }
}
