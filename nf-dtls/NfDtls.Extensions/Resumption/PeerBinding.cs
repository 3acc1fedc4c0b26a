namespace NfDtls.Extensions
{
    /// <summary>What binds a session to its peer and to what both asked for: digests that are made at its beginning, and again before it is resumed.</summary>
    internal static class PeerBinding
    {
        private const int DigestLength = 8;
        private const int HashLength = 32;

        // No number of an extension.
        private const int OfTrust = 0xFFFF;

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
            session.CertificateHash = HashOf(handshake);
            session.Context = ContextOf(handshake, session.CertificateHash);
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

            return session;
        }

        /// <summary>
        /// The same of a handshake of DTLS 1.3, which has left a secret. One that resumes a session is bound to what that was: the
        /// peer has shown a key of the session, and not its own again.
        /// </summary>
        /// <param name="handshake">It has succeeded.</param>
        /// <param name="peers">The application's word.</param>
        /// <param name="resumed">The session that it resumes, or null.</param>
        /// <param name="secret">resumption_master_secret.</param>
        /// <param name="externalKey">The application's pre-shared key, or null.</param>
        internal static SessionState Capture13(Handshake handshake, ResumablePeers peers, SessionState resumed, byte[] secret, byte[] externalKey)
        {
            bool isPsk = resumed != null ? resumed.PskProof != null : externalKey != null;
            if (isPsk && handshake.Options.AskForPsk && peers == null)
            {
                return null;
            }

            SessionState session = new SessionState();
            session.Is13 = true;
            session.Suite = handshake.Suite.Id;
            session.NameCheck = (int)handshake.Options.NameCheck;
            session.Master = Bytes.Copy(secret);
            session.CertificateHash = resumed == null ? HashOf(handshake) : resumed.CertificateHash;
            session.Context = ContextOf(handshake, session.CertificateHash);
            if (resumed == null)
            {
                session.PskIdentity = externalKey == null ? null : handshake.PskIdentity;
                session.PskProof = externalKey == null ? null : ProofOf(handshake.Crypto, externalKey, secret);
                return session;
            }

            session.PskIdentity = resumed.PskIdentity;
            if (isPsk && handshake.Options.AskForPsk)
            {
                session.PskProof = Bytes.Copy(resumed.PskProof);
            }
            else if (isPsk)
            {
                // The key may have been changed while the handshake ran.
                byte[] key = KeptKey(handshake, resumed);
                session.PskProof = key == null ? null : ProofOf(handshake.Crypto, key, secret);
            }

            if (isPsk && session.PskProof == null)
            {
                session.Clear();
                return null;
            }

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

            if (isPsk && !(options.AskForPsk ? peers != null : KeptKey(handshake, session) != null))
            {
                return false;
            }

            return Bytes.AreEqual(session.Context, ContextOf(handshake, session.CertificateHash))
                && (peers == null || peers.MayResume(session.PskIdentity, session.CertificateHash.Length == 0 ? null : session.CertificateHash));
        }

        /// <summary>
        /// A digest over what each extension wants to have again and, where the peer has shown a certificate or a raw public key, over whom
        /// this end trusts; empty where that is nothing.
        /// </summary>
        private static byte[] ContextOf(Handshake handshake, byte[] certificateHash)
        {
            byte[] all = new byte[0];
            for (int i = 0; i < handshake.Extensions.Length; i++)
            {
                HelloExtension extension = handshake.Extensions[i];
                all = Append(all, extension.Type, extension.SessionContext(handshake));
            }

            Authenticator authenticator = certificateHash.Length == 0 ? null : handshake.Options.Authenticator;
            all = authenticator == null ? all : Append(all, OfTrust, authenticator.TrustContext(handshake.Crypto, certificateHash));
            return all.Length == 0 ? all : Digest(handshake.Crypto, all, all);
        }

        private static byte[] Append(byte[] all, int type, byte[] own)
        {
            if (own == null)
            {
                return all;
            }

            WireWriter writer = new WireWriter();
            byte[] longer = new byte[all.Length + 4 + own.Length];
            writer.Reset(longer, 0, longer.Length);
            writer.WriteBytes(all, 0, all.Length);
            writer.WriteUInt16(type);
            writer.WriteUInt16(own.Length);
            writer.WriteBytes(own, 0, own.Length);
            return longer;
        }

        /// <summary>The key of a session's identity, if it is the session's still; or null.</summary>
        private static byte[] KeptKey(Handshake handshake, SessionState session)
        {
            PskStore store = AskedServer.KeysOf(handshake);
            PskEntry entry = store == null ? null : store.FindByIdentity(session.PskIdentity, 0, session.PskIdentity.Length);
            return entry != null && Bytes.AreEqual(session.PskProof, ProofOf(handshake.Crypto, entry.Key, session.Master)) ? entry.Key : null;
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
