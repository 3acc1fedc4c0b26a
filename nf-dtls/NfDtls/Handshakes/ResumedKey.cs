using System;

namespace NfDtls
{
    /// <summary>A session of DTLS 1.3 as a handshake offers or finds it: what its key is made of, and whose it is.</summary>
    internal sealed class ResumedKey
    {
        /// <summary>What it is offered by.</summary>
        internal byte[] Ticket;

        /// <summary>The number of its suite, which says the hash.</summary>
        internal int Suite;

        /// <summary>resumption_master_secret, and the nonce of the ticket.</summary>
        internal byte[] Secret;
        internal byte[] Nonce;

        /// <summary>Milliseconds since the ticket came, and what hides them.</summary>
        internal long Age;
        internal long AgeAdd;

        /// <summary>The identity of its pre-shared key, or null.</summary>
        internal byte[] PskIdentity;

        internal void Clear()
        {
            Array.Clear(Secret, 0, Secret.Length);
        }
    }
}
