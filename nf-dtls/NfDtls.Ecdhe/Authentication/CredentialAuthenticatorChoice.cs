namespace NfDtls.Ecdhe
{
    // What an end proves itself with: the choice among its credentials.
    public partial class CredentialAuthenticator
    {
        /// <inheritdoc/>
        public override bool ChooseKey(Handshake handshake, int keyKinds, bool decrypts)
        {
            string name = ServerNameExtension.OfPeer(handshake);
            byte[] types = PeerTypes(handshake, CertificateTypes.OfServer);

            byte[] authorities = CertificateAuthorities.OfPeer(handshake);

            // The names decide among those that fit, then the authorities that the client trusts, then whether it said that it can verify
            // the signatures inside; one that asks for a name of nobody's gets the first.
            for (int pass = 0; pass < 8; pass++)
            {
                bool isNamed = pass < 4;
                bool isIssued = pass % 4 < 2;
                if ((isNamed && name == null) || (isIssued && authorities == null))
                {
                    continue;
                }

                for (int i = 0; i < types.Length; i++)
                {
                    CredentialSource source = SourceOf(types[i]);
                    if (source != null && ChooseFrom(handshake, source, keyKinds, decrypts, isNamed ? name : null, isIssued ? authorities : null, pass % 2 == 0))
                    {
                        OwnType = types[i];
                        ServerNameExtension.SetMatched(handshake, isNamed);
                        _isSecondBest = !isNamed && name != null && HasName(types, name);
                        return true;
                    }
                }
            }

            return false;
        }

        /// <inheritdoc/>
        public override bool IsSecondBest
        {
            get { return _isSecondBest; }
        }

        /// <summary>The types that a client listed; X.509 where it listed none.</summary>
        private static byte[] PeerTypes(Handshake handshake, int extensionType)
        {
            byte[] types = ListedTypes(handshake, extensionType);
            return types != null ? types : new byte[] { CertificateType.X509 };
        }

        /// <summary>The types that a client listed, null where it listed none.</summary>
        private static byte[] ListedTypes(Handshake handshake, int extensionType)
        {
            CertificateTypes extension = handshake.FindExtension(extensionType) as CertificateTypes;
            return extension == null ? null : extension.OfPeer(handshake);
        }

        private bool HasName(byte[] types, string name)
        {
            for (int i = 0; i < types.Length; i++)
            {
                CredentialSource source = SourceOf(types[i]);
                Credential[] credentials = source == null ? new Credential[0] : source.Credentials;
                for (int j = 0; j < credentials.Length; j++)
                {
                    if (credentials[j].Matches(name))
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        private bool ChooseFrom(Handshake handshake, CredentialSource source, int keyKinds, bool decrypts, string name, byte[] authorities, bool isVerifiable)
        {
            SignatureAlgorithms messages = handshake.FindExtension(SignatureAlgorithms.ExtensionType) as SignatureAlgorithms;
            SignatureAlgorithms certificates = handshake.FindExtension(SignatureAlgorithms.OfCertificates) as SignatureAlgorithms;
            SupportedGroups groups = handshake.FindExtension(SupportedGroups.ExtensionType) as SupportedGroups;
            int[] schemes = messages == null ? null : messages.OfPeer(handshake);
            int[] ofCertificates = certificates == null ? null : certificates.OfPeer(handshake);
            if (ofCertificates == null && isVerifiable)
            {
                ofCertificates = schemes;
            }

            Credential[] credentials = source.Credentials;
            for (int i = 0; i < credentials.Length; i++)
            {
                Credential credential = credentials[i];
                PrivateKey key = credential.Key;
                int group = GroupOf(key.Kind);
                if (((1 << key.Kind) & keyKinds) == 0 || !credential.Allows(decrypts) || FlightLength(credential, handshake.Options, handshake.IsServer) > handshake.Options.MaxFlight
                    || (name != null && !credential.Matches(name))
                    || (authorities != null && !credential.IsIssuedBy(authorities, 0, authorities.Length))
                    || (group != 0 && groups != null && !groups.PeerAccepts(handshake, group))
                    || (ofCertificates != null && !credential.IsSignedBy(ofCertificates)))
                {
                    continue;
                }

                int scheme = decrypts ? 0 : SchemeChoice.For(handshake, key, schemes, false);
                if (decrypts ? key.CanDecrypt(handshake.Crypto) : scheme != 0)
                {
                    _own = credential;
                    _ownScheme = scheme;
                    return true;
                }
            }

            return false;
        }

        /// <summary>The group that a key's curve is, or 0.</summary>
        internal static int GroupOf(int keyKind)
        {
            switch (keyKind)
            {
                case KeyKind.Secp256r1: return NamedGroup.Secp256r1;
                case KeyKind.Secp384r1: return NamedGroup.Secp384r1;
                case KeyKind.Secp521r1: return NamedGroup.Secp521r1;
                default: return 0;
            }
        }

        /// <summary>A client's choice by the request: best one whose certificates are signed by schemes that the server takes (RFC 5246 section 7.4.6).</summary>
        private void ChooseOwn(Handshake handshake, byte[] buffer)
        {
            CredentialSource source = SourceOf(OwnType);
            Credential[] credentials = source == null ? new Credential[0] : source.Credentials;

            // A request of DTLS 1.3 may name others for certificates than for the handshake.
            SignatureAlgorithms apart = handshake.FindExtension(SignatureAlgorithms.OfCertificates) as SignatureAlgorithms;
            int[] ofCertificates = apart == null ? null : apart.OfPeer(handshake);
            ofCertificates = ofCertificates == null ? _request.Schemes : ofCertificates;
            for (int i = 0; i < 2 * credentials.Length && _own == null; i++)
            {
                Credential credential = credentials[i % credentials.Length];

                // An empty list of authorities asks for nobody's in particular.
                if ((i >= credentials.Length || credential.IsSignedBy(ofCertificates))
                    && (_request.AuthoritiesLength == 0 || credential.IsIssuedBy(buffer, _request.Authorities, _request.AuthoritiesLength)))
                {
                    TryOwn(handshake, credential);
                }
            }
        }

        private void TryOwn(Handshake handshake, Credential credential)
        {
            PrivateKey key = credential.Key;
            if (!_request.Takes(key.Kind) || !credential.Allows(false) || FlightLength(credential, handshake.Options, handshake.IsServer) > handshake.Options.MaxFlight)
            {
                return;
            }

            _ownScheme = SchemeChoice.For(handshake, key, _request.Schemes, true);
            if (_ownScheme != 0)
            {
                _own = credential;
            }
        }
    }
}
