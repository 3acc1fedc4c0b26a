namespace NfDtls.Ecdhe
{
    // What an end proves itself with: the choice among its credentials.
    public partial class CredentialAuthenticator
    {
        /// <inheritdoc/>
        public override bool ChooseKey(Handshake handshake, int keyKinds, bool decrypts)
        {
            ServerNameExtension nameExtension = handshake.FindExtension(ServerNameExtension.ExtensionType) as ServerNameExtension;
            string name = nameExtension == null ? null : nameExtension.OfPeer(handshake);
            byte[] types = PeerTypes(handshake, CertificateTypes.OfServer);

            // The names decide among those that fit, then whether the client said that it can verify the signatures inside; one
            // that asks for a name of nobody's gets the first.
            for (int pass = name == null ? 2 : 0; pass < 4; pass++)
            {
                bool isNamed = pass < 2;
                for (int i = 0; i < types.Length; i++)
                {
                    CredentialSource source = SourceOf(types[i]);
                    if (source != null && ChooseFrom(handshake, source, keyKinds, decrypts, isNamed ? name : null, pass % 2 == 0))
                    {
                        OwnType = types[i];
                        MatchedServerName = isNamed;
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
            CertificateTypes extension = handshake.FindExtension(extensionType) as CertificateTypes;
            byte[] types = extension == null ? null : extension.OfPeer(handshake);
            return types != null ? types : new byte[] { CertificateType.X509 };
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

        private bool ChooseFrom(Handshake handshake, CredentialSource source, int keyKinds, bool decrypts, string name, bool isVerifiable)
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
                default: return 0;
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
