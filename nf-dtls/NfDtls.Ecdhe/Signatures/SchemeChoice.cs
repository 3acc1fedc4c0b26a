using System;

namespace NfDtls.Ecdhe
{
    /// <summary>Which scheme signs what: the choice for a key, the check of a peer's choice, the bytes that are signed.</summary>
    internal static class SchemeChoice
    {
        private const int RandomsLength = 64;

        /// <summary>
        /// The scheme for a key out of ours that the peer takes too, or 0: the one that is made for the key's curve, else the
        /// first.
        /// </summary>
        /// <param name="handshake">The handshake.</param>
        /// <param name="key">The key that is to sign.</param>
        /// <param name="peer">The peer's list; null for none, and so no scheme.</param>
        /// <param name="signsTranscript">Whether the handshake's messages are signed, so that the transcript must have the hash.</param>
        internal static int For(Handshake handshake, PrivateKey key, int[] peer, bool signsTranscript)
        {
            SchemeTable table = Table(handshake);
            int chosen = 0;
            for (int i = 0; peer != null && i < table.Count; i++)
            {
                int scheme = table.At(i);
                if (NumberList.Contains(peer, scheme) && key.CanSign(handshake.Crypto, scheme) && handshake.MaySign(scheme, key.Kind)
                    && (!signsTranscript || handshake.KeepsTranscript(SignatureScheme.HashOf(scheme)))
                    && (chosen == 0 || IsMadeFor(scheme, key.Kind)))
                {
                    chosen = scheme;
                }
            }

            return chosen;
        }

        /// <summary>Whether a peer may sign so with its key: the scheme was offered, fits the key, and can be verified.</summary>
        internal static bool Accepts(Handshake handshake, int scheme, int keyKind)
        {
            return Table(handshake).Contains(scheme) && SignatureScheme.Fits(scheme, keyKind) && handshake.MaySign(scheme, keyKind)
                && handshake.Crypto.Supports(CryptoAlgorithm.VerifyWith(scheme, keyKind));
        }

        /// <summary>
        /// The schemes by which the peer's certificates may be signed: those of the table that can be verified; 0 in the places
        /// that are left. A client offers just these. A server's request has fewer where the transcript lacks a hash
        /// (<see cref="Requests"/>), because one list stands for certificates and the handshake's messages there.
        /// </summary>
        internal static int[] OfCertificates(Handshake handshake)
        {
            // An application may have put an extension of its own in the place of ours.
            SignatureAlgorithms apart = handshake.IsServer && !IsVersion13(handshake) ? null : handshake.FindExtension(SignatureAlgorithms.OfCertificates) as SignatureAlgorithms;
            SchemeTable table = apart == null ? Table(handshake) : apart.Table;
            int[] schemes = new int[table.Count];
            for (int i = 0; i < schemes.Length; i++)
            {
                schemes[i] = SchemeTable.CanVerify(handshake.Crypto, table.At(i)) ? table.At(i) : 0;
            }

            return schemes;
        }

        /// <summary>Whether a server's request names a scheme: both ends can then sign and verify the handshake's messages by it.</summary>
        internal static bool Requests(Handshake handshake, int scheme)
        {
            return SchemeTable.CanVerify(handshake.Crypto, scheme) && handshake.KeepsTranscript(SignatureScheme.HashOf(scheme));
        }

        /// <summary>Whether a request would name any.</summary>
        internal static bool RequestsAny(Handshake handshake)
        {
            SchemeTable table = Table(handshake);
            for (int i = 0; i < table.Count; i++)
            {
                if (Requests(handshake, table.At(i)))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether the suite that was chosen is one of DTLS 1.3.</summary>
        internal static bool IsVersion13(Handshake handshake)
        {
            return handshake.Suite != null && (handshake.Suite.VersionMask & CipherSuite.Version13) != 0;
        }

        /// <summary>The endpoint's schemes.</summary>
        internal static SchemeTable Table(Handshake handshake)
        {
            return ((SignatureAlgorithms)handshake.FindExtension(SignatureAlgorithms.ExtensionType)).Table;
        }

        /// <summary>What a ServerKeyExchange's signature is over: the randoms and the parameters, hashed as the scheme does.</summary>
        internal static byte[] Digest(Handshake handshake, int scheme, byte[] parameters, int offset, int count)
        {
            byte[] message = new byte[RandomsLength + count];
            handshake.CopyRandoms(message, 0);
            Array.Copy(parameters, offset, message, RandomsLength, count);
            int hash = SignatureScheme.HashOf(scheme);
            if (hash == 0)
            {
                return message;
            }

            byte[] digest = new byte[CryptoAlgorithm.HashSize(hash)];
            HashContext context = handshake.Crypto.CreateHash(hash);
            context.Update(message, 0, message.Length);
            context.Peek(digest, 0);
            return digest;
        }

        private static bool IsMadeFor(int scheme, int keyKind)
        {
            return (keyKind == KeyKind.Secp384r1 && scheme == SignatureScheme.EcdsaSecp384r1Sha384)
                || (keyKind == KeyKind.Secp521r1 && scheme == SignatureScheme.EcdsaSecp521r1Sha512);
        }
    }
}
