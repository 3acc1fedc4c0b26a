using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// Imports pre-shared keys (RFC 9258): of each key another is made for each hash, which DTLS 1.3 alone uses, so that the key itself may be used
    /// elsewhere and suites of either hash have one. Both ends must do it: with one of these a <see cref="Version13"/> neither offers nor takes a key as it is.
    /// </summary>
    public sealed class PskImporter
    {
        /// <summary>The most bytes of a context.</summary>
        public const int MaxContextLength = 128;

        private const int HkdfSha256 = 1;
        private const int HkdfSha384 = 2;

        private readonly byte[] _context;

        /// <summary>Imports keys in a context, which a client says and a server takes as it is said: it is part of what the key is made of.</summary>
        /// <param name="context">What the key was agreed on in, such as the roles or names of both ends (RFC 9258 section 5.1): 0 to 128 bytes, copied.</param>
        /// <exception cref="ArgumentException">It is longer.</exception>
        public PskImporter(byte[] context)
        {
            if (context == null)
            {
                throw new ArgumentNullException("context");
            }

            if (context.Length > MaxContextLength)
            {
                throw new ArgumentException("A context has 0 to 128 bytes, not " + context.Length.ToString() + ".", "context");
            }

            _context = new byte[context.Length];
            Array.Copy(context, _context, context.Length);
        }

        /// <summary>The ImportedIdentity of a key for a hash.</summary>
        internal byte[] IdentityFor(byte[] external, int hash)
        {
            byte[] identity = new byte[2 + external.Length + 2 + _context.Length + 4];
            WireWriter writer = new WireWriter();
            writer.Reset(identity, 0, identity.Length);
            writer.WriteUInt16(external.Length);
            writer.WriteBytes(external, 0, external.Length);
            writer.WriteUInt16(_context.Length);
            writer.WriteBytes(_context, 0, _context.Length);
            writer.WriteUInt16(Version13.WireNumber);
            writer.WriteUInt16(hash == CryptoAlgorithm.Sha384 ? HkdfSha384 : HkdfSha256);
            return identity;
        }

        /// <summary>Reads an ImportedIdentity for this version: the hash that the key is for, or 0 where it is none; and the identity of the key that it is made of.</summary>
        internal static int Read(WireReader reader, byte[] buffer, int offset, int count, out int external, out int externalLength)
        {
            reader.Reset(buffer, offset, count);
            externalLength = reader.ReadUInt16();
            external = reader.Skip(externalLength);
            reader.Skip(reader.ReadUInt16());
            int protocol = reader.ReadUInt16();
            int kdf = reader.ReadUInt16();
            if (reader.Failed || !reader.IsAtEnd || externalLength == 0 || protocol != Version13.WireNumber)
            {
                return 0;
            }

            return kdf == HkdfSha256 ? CryptoAlgorithm.Sha256 : kdf == HkdfSha384 ? CryptoAlgorithm.Sha384 : 0;
        }

        /// <summary>The key of an ImportedIdentity: the application's is taken as one of SHA-256 (RFC 9258 section 5.1), and the labels are DTLS's.</summary>
        internal static byte[] Import(CryptoProvider crypto, byte[] key, byte[] identity, int offset, int count, int hash)
        {
            const int Size = 32;
            byte[] salt = new byte[Size];
            byte[] secret = new byte[Size];
            byte[] digest = new byte[Size];
            byte[] imported = new byte[CryptoAlgorithm.HashSize(hash)];
            HashContext context = crypto.CreateHash(CryptoAlgorithm.Sha256);
            context.Update(identity, offset, count);
            context.Peek(digest, 0);
            crypto.Hmac(CryptoAlgorithm.Sha256, salt, 0, Size, key, 0, key.Length, secret, 0);
            SecretTree tree = new SecretTree(crypto, SecretTree.Prefix);
            tree.Resume(CryptoAlgorithm.Sha256);
            tree.Expand(secret, 0, "derived psk", digest, 0, Size, imported, 0, imported.Length);
            tree.Clear();
            Array.Clear(secret, 0, Size);
            return imported;
        }
    }
}
