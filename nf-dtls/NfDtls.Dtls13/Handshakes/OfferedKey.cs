using System;

namespace NfDtls.Dtls13
{
    /// <summary>A pre-shared key under an identity: of an earlier connection, of the application's, or imported of that.</summary>
    internal sealed class OfferedKey
    {
        /// <summary>What stands in the hello.</summary>
        internal byte[] Identity;

        /// <summary>The key, whose array is its own where it is no key of the application's.</summary>
        internal byte[] Key;

        /// <summary>The hash that it goes with, and the label of its binder (RFC 8446 section 7.1, RFC 9258 section 5.2).</summary>
        internal int Hash;
        internal string Label;

        /// <summary>What hides the age, and is that: 32 bits; 0 of a key of the application's.</summary>
        internal long Age;

        /// <summary>Who has it: the application's own identity, or null.</summary>
        internal byte[] Name;

        /// <summary>The application's key, as that is; null of a session's.</summary>
        internal byte[] External;

        /// <summary>Whether it resumes a session.</summary>
        internal bool IsResumption
        {
            get { return Label == SecretTree.ResumptionBinder; }
        }

        /// <summary>A key of the application's, for SHA-256.</summary>
        internal static OfferedKey Of(byte[] identity, byte[] key)
        {
            OfferedKey offered = new OfferedKey();
            offered.Identity = identity;
            offered.Name = identity;
            offered.Key = key;
            offered.External = key;
            offered.Hash = CryptoAlgorithm.Sha256;
            offered.Label = SecretTree.ExternalBinder;
            return offered;
        }

        /// <summary>The same, imported for a hash.</summary>
        internal static OfferedKey Import(PskImporter importer, CryptoProvider crypto, byte[] identity, byte[] key, int hash)
        {
            OfferedKey offered = Of(identity, key);
            offered.Identity = importer.IdentityFor(identity, hash);
            offered.Hash = hash;
            offered.Label = SecretTree.ImportedBinder;
            offered.Key = PskImporter.Import(crypto, key, offered.Identity, 0, offered.Identity.Length, hash);
            return offered;
        }

        /// <summary>The key of a session. What it is made of is zeroed.</summary>
        /// <param name="crypto">Has the HMAC.</param>
        /// <param name="session">Kept by the feature.</param>
        /// <param name="hash">The hash of its suite.</param>
        internal static OfferedKey Of(CryptoProvider crypto, ResumedKey session, int hash)
        {
            OfferedKey offered = new OfferedKey();
            offered.Identity = session.Ticket;
            offered.Name = session.PskIdentity;
            offered.Hash = hash;
            offered.Label = SecretTree.ResumptionBinder;
            offered.Age = (session.Age + session.AgeAdd) & 0xFFFFFFFF;
            offered.Key = new byte[CryptoAlgorithm.HashSize(hash)];
            SecretTree tree = new SecretTree(crypto, SecretTree.Prefix);
            tree.Resume(hash);
            tree.Expand(session.Secret, 0, "resumption", session.Nonce, 0, session.Nonce.Length, offered.Key, 0, offered.Key.Length);
            tree.Clear();
            session.Clear();
            return offered;
        }

        internal void Clear()
        {
            if (Key != External)
            {
                Array.Clear(Key, 0, Key.Length);
            }

            Key = null;
            External = null;
        }
    }
}
