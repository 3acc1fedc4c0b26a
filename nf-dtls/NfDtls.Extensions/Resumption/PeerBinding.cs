namespace NfDtls.Extensions
{
    /// <summary>What binds a session to its peer and to what both asked for: digests that are made at its beginning, and again before it is resumed.</summary>
    internal static class PeerBinding
    {
        private const int DigestLength = 8;
        private const int HashLength = 32;

        /// <summary>
        /// What of a handshake that has succeeded a session needs, but for its times; or null where it cannot be told later whether
        /// the peer is the same.
        /// </summary>
        internal static SessionState Capture(Handshake handshake, ResumablePeers peers)
        {
            if (!CanBeResumed(handshake, peers))
            {
                return null;
            }

            SessionState session = new SessionState();
            session.Suite = handshake.Suite.Id;
            session.EncryptThenMac = (handshake.Flags & HandshakeFlags.EncryptThenMac) != 0;
            session.NameCheck = (int)handshake.Options.NameCheck;
            session.Master = new byte[SessionState.MasterLength];
            handshake.Role.KeySchedule.CopyMaster(session.Master, 0);
            session.Context = ContextOf(handshake);
            PskKeyExchange exchange = handshake.KeyExchange as PskKeyExchange;
            if (exchange != null)
            {
                if (exchange.Key == null || handshake.PskIdentity == null)
                {
                    session.Clear();
                    return null;
                }

                session.PskIdentity = handshake.PskIdentity;
                session.PskProof = ProofOf(handshake.Crypto, exchange.Key, session.Master);
            }

            session.CertificateHash = HashOf(handshake);
            return session;
        }

        /// <summary>Whether a session of a handshake, as far as that has come, may be resumed at all.</summary>
        internal static bool CanBeResumed(Handshake handshake, ResumablePeers peers)
        {
            bool isPsk = handshake.KeyExchange is PskKeyExchange;
            bool isKnown = !isPsk || !handshake.Options.AskForPsk || peers != null;
            return isKnown && (handshake.Flags & HandshakeFlags.ExtendedMasterSecret) != 0;
        }

        /// <summary>Whether options and peer are still those of a session, as far as this end's hello, or the hello that it has read, tells.</summary>
        internal static bool Allows(Handshake handshake, SessionState session, ResumablePeers peers)
        {
            EndpointOptions options = handshake.Options;
            bool isPsk = session.PskProof != null;
            if (!isPsk && (handshake.IsServer ? !IsPolicyKept(options, session) : session.NameCheck != (int)options.NameCheck))
            {
                return false;
            }

            if (isPsk && !(options.AskForPsk ? peers != null : IsKeyKept(handshake, session)))
            {
                return false;
            }

            return Bytes.AreEqual(session.Context, ContextOf(handshake))
                && (peers == null || peers.MayResume(session.PskIdentity, session.CertificateHash.Length == 0 ? null : session.CertificateHash));
        }

        /// <summary>A digest over what each extension wants to have again; empty where none wants anything.</summary>
        private static byte[] ContextOf(Handshake handshake)
        {
            byte[] all = new byte[0];
            for (int i = 0; i < handshake.Extensions.Length; i++)
            {
                HelloExtension extension = handshake.Extensions[i];
                byte[] own = extension.SessionContext(handshake);
                if (own == null)
                {
                    continue;
                }

                WireWriter writer = new WireWriter();
                byte[] longer = new byte[all.Length + 4 + own.Length];
                writer.Reset(longer, 0, longer.Length);
                writer.WriteBytes(all, 0, all.Length);
                writer.WriteUInt16(extension.Type);
                writer.WriteUInt16(own.Length);
                writer.WriteBytes(own, 0, own.Length);
                all = longer;
            }

            return all.Length == 0 ? all : Digest(handshake.Crypto, all, all);
        }

        private static bool IsKeyKept(Handshake handshake, SessionState session)
        {
            PskStore store = AskedServer.KeysOf(handshake);
            PskEntry entry = store == null ? null : store.FindByIdentity(session.PskIdentity, 0, session.PskIdentity.Length);
            return entry != null && Bytes.AreEqual(session.PskProof, ProofOf(handshake.Crypto, entry.Key, session.Master));
        }

        /// <summary>A server that has come to want certificates, or no more, wants a full handshake.</summary>
        private static bool IsPolicyKept(EndpointOptions options, SessionState session)
        {
            bool hasCertificate = session.CertificateHash.Length > 0;
            return hasCertificate ? options.ClientCertificates != ClientCertificates.None : options.ClientCertificates != ClientCertificates.Require;
        }

        private static byte[] ProofOf(CryptoProvider crypto, byte[] key, byte[] master)
        {
            return Digest(crypto, key, master);
        }

        private static byte[] Digest(CryptoProvider crypto, byte[] key, byte[] data)
        {
            byte[] mac = new byte[HashLength];
            crypto.Hmac(CryptoAlgorithm.Sha256, key, 0, key.Length, data, 0, data.Length, mac, 0);
            byte[] digest = Bytes.Copy(mac, 0, DigestLength);
            Bytes.Clear(mac);
            return digest;
        }

        /// <summary>SHA-256 of the peer's certificate or raw public key; empty without.</summary>
        internal static byte[] HashOf(Handshake handshake)
        {
            byte[][] certificates = handshake.PeerCertificates;
            if (certificates == null)
            {
                return new byte[0];
            }

            HashContext hash = handshake.Crypto.CreateHash(CryptoAlgorithm.Sha256);
            byte[] digest = new byte[HashLength];
            hash.Update(certificates[0], 0, certificates[0].Length);
            hash.Peek(digest, 0);
            return digest;
        }
    }
}
