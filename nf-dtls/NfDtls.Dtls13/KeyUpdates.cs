using System;

namespace NfDtls.Dtls13
{
    /// <summary>New keys for a session of DTLS 1.3 (KeyUpdate, RFC 9147 section 8). They follow by themselves when 7/8 of a key's limit are used.</summary>
    public static class KeyUpdates
    {
        /// <summary>
        /// Begins to change the keys of what goes out, and asks the peer to do the same. The new ones are in use when the peer's ACK has
        /// come; while a change is under way nothing more is begun.
        /// </summary>
        /// <param name="association">A connected association of DTLS 1.3.</param>
        /// <param name="asksPeer">Whether the peer is asked to change its own keys as well.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="InvalidOperationException">The association is not connected, or speaks another version.</exception>
        public static void Begin(Association association, bool asksPeer, long now)
        {
            if (association == null)
            {
                throw new ArgumentNullException("association");
            }

            AssociationHost engine = association.Engine;
            engine.Enter();
            try
            {
                Associations13 found = null;
                for (int i = 0; i < engine.Features.Length && found == null; i++)
                {
                    found = engine.Features[i] as Associations13;
                }

                if (found == null)
                {
                    throw new InvalidOperationException("DtlsOptions.Versions has no DTLS 1.3.");
                }

                found.UpdateKeys(association, asksPeer, now);
            }
            finally
            {
                engine.Leave();
            }
        }
    }
}
