using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// SHA-256 of what the peer proved itself with in a handshake, or in the one that it resumes: its certificate or raw public key,
    /// or where that is not kept its public key alone; zeros where it showed nothing.
    /// </summary>
    internal static class PeerProofHash
    {
        internal const int Length = 32;

        internal static void Write(Handshake handshake, byte[] destination)
        {
            byte[] hash = SessionHandshakes.PeerHash(handshake);
            PublicKey key = handshake.Authenticator == null ? null : handshake.Authenticator.PeerKey;
            if (hash.Length == Length)
            {
                Array.Copy(hash, destination, Length);
            }
            else if (key == null)
            {
                Array.Clear(destination, 0, Length);
            }
            else
            {
                HashContext context = handshake.Crypto.CreateHash(CryptoAlgorithm.Sha256);
                context.Update(key.Buffer, key.Offset, key.Count);
                context.Peek(destination, 0);
            }
        }
    }
}
