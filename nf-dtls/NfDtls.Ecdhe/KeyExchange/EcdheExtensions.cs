namespace NfDtls.Ecdhe
{
    /// <summary>
    /// The extensions that the suites of a table share, and with them the groups and signature schemes. Make one for a
    /// <see cref="CipherSuiteTable"/> and pass it to each suite of it; where suites bring different ones, the groups and
    /// schemes of the table's first such suite hold for all.
    /// </summary>
    public sealed class EcdheExtensions
    {
        internal readonly GroupTable Groups;
        internal readonly SchemeTable Schemes;
        internal readonly SupportedGroups SupportedGroups;
        internal readonly HelloExtension[] Agreed;
        internal readonly HelloExtension[] Signed;
        internal readonly HelloExtension[] Named;

        /// <summary>Makes the extensions.</summary>
        /// <param name="groups">The groups to agree on keys in.</param>
        /// <param name="schemes">The signature schemes of handshakes and certificates.</param>
        public EcdheExtensions(GroupTable groups, SchemeTable schemes)
            : this(groups, schemes, schemes)
        {
        }

        /// <summary>
        /// Makes the extensions of a client that takes other signatures in a server's certificates than in its handshake: it says so by
        /// signature_algorithms_cert (RFC 8446 section 4.2.3), which a server that does not know it ignores. A server's request has one
        /// list for both (RFC 5246 section 7.4.4), and that is <paramref name="schemes"/>.
        /// </summary>
        /// <param name="groups">The groups to agree on keys in.</param>
        /// <param name="schemes">The signature schemes of handshakes.</param>
        /// <param name="certificateSchemes">The signature schemes of certificates.</param>
        public EcdheExtensions(GroupTable groups, SchemeTable schemes, SchemeTable certificateSchemes)
        {
            Groups = groups;
            Schemes = schemes;
            SupportedGroups = new SupportedGroups(groups);
            EcPointFormats formats = new EcPointFormats();
            Agreed = new HelloExtension[] { SupportedGroups, formats };
            Named = new HelloExtension[]
            {
                new SignatureAlgorithms(SignatureAlgorithms.ExtensionType, schemes, true),
                new SignatureAlgorithms(SignatureAlgorithms.OfCertificates, certificateSchemes, certificateSchemes != schemes)
            };
            Signed = new HelloExtension[] { SupportedGroups, formats, Named[0], Named[1] };
        }

        /// <summary>
        /// signature_algorithms and signature_algorithms_cert, for <see cref="EndpointOptions.Extensions"/> of an endpoint with certificates
        /// and suites of DTLS 1.3 alone. Without them it takes all of <see cref="SchemeTable.All"/>.
        /// </summary>
        public HelloExtension[] Signatures
        {
            get { return new HelloExtension[] { Named[0], Named[1] }; }
        }

        /// <summary>Whether a provider can verify what keys of some kinds (bits) sign.</summary>
        internal bool CanVerify(CryptoProvider crypto, int keyKinds)
        {
            for (int i = 0; i < Schemes.Count; i++)
            {
                for (int kind = KeyKind.Rsa; kind <= KeyKind.Secp521r1; kind++)
                {
                    if ((keyKinds & (1 << kind)) != 0 && SignatureScheme.Fits(Schemes.At(i), kind)
                        && crypto.Supports(CryptoAlgorithm.VerifyWith(Schemes.At(i), kind)))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
