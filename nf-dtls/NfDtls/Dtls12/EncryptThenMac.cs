namespace NfDtls
{
    /// <summary>encrypt_then_mac (RFC 7366): offered with CBC suites, and agreed on only for one.</summary>
    internal sealed class EncryptThenMac : HelloExtension
    {
        public override int Type
        {
            get { return 22; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return handshake.IsServer ? handshake.Suite.IsCbc : OffersCbc(handshake);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            if (!handshake.IsServer && !handshake.Suite.IsCbc)
            {
                return DtlsError.IllegalParameter;
            }

            handshake.Flags |= HandshakeFlags.EncryptThenMac;
            return DtlsError.None;
        }

        private static bool OffersCbc(Handshake handshake)
        {
            CipherSuiteTable suites = handshake.Options.Suites;
            for (int i = 0; i < suites.Count; i++)
            {
                if (suites.At(i).IsCbc && handshake.MayUse(suites.At(i)))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
