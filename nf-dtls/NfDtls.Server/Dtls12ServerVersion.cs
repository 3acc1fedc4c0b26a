namespace NfDtls.Server
{
    /// <summary>DTLS 1.2 as a server has it: a HelloVerifyRequest asks for the cookie (RFC 6347 section 4.2.1).</summary>
    internal sealed class Dtls12ServerVersion : ServerVersion
    {
        internal Dtls12ServerVersion(ProtocolVersion version)
            : base(version)
        {
        }

        internal override bool Claims(ClientHello hello, WireReader rest)
        {
            // Any: it answers a version that it does not speak with its own, or with an alert.
            return true;
        }

        internal override HandshakeRole CreateRole(ServerHandshake slot, DtlsServerEngine engine)
        {
            return new Dtls12Server(Version, slot, engine);
        }

        internal override void Challenge(PlainAnswers answers, CookieSecret cookies)
        {
            answers.SendHelloVerifyRequest(cookies);
        }
    }
}
