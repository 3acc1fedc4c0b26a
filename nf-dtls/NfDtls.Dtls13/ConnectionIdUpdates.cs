using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// Other connection IDs for a session of DTLS 1.3 (RFC 9147 section 9), where both ends have <c>ConnectionIdFeature</c> of
    /// NfDtls.Extensions. A message goes out when the one before it has come, and again until it has. An end keeps up to
    /// <see cref="IdentifyingFeature.MostSpares"/> of its peer's to spare, and gives as many.
    /// </summary>
    public static class ConnectionIdUpdates
    {
        /// <summary>
        /// Asks the peer for IDs to put into what is sent to it (RequestConnectionId), to have some to spare: a client that moves
        /// takes one. False where the peer was asked before and has not answered. A peer that does not know the message ends the session.
        /// </summary>
        /// <param name="association">A connected association of DTLS 1.3 whose peer wants an ID in what is sent to it.</param>
        /// <param name="count">How many, 1 to <see cref="IdentifyingFeature.MostSpares"/>; the peer may give fewer.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="ArgumentOutOfRangeException">So many are not kept.</exception>
        /// <exception cref="InvalidOperationException">The association is not such a one.</exception>
        public static bool Request(Association association, int count, long now)
        {
            CheckCount(count);
            SessionIds ids = Find(association, true);
            if (ids.IsAsking || ids.Asks > 0)
            {
                return false;
            }

            ids.Asks = count;
            ids.Wake(now);
            association.Engine.DeadlineChanged(association);
            return true;
        }

        /// <summary>
        /// Gives the peer IDs to spare for what it sends (NewConnectionId, cid_spare), as many as it may still get. False where it has
        /// as many as it may have to spare.
        /// </summary>
        /// <param name="association">A connected association of DTLS 1.3 whose records come with an ID.</param>
        /// <param name="count">How many, 1 to <see cref="IdentifyingFeature.MostSpares"/>.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="ArgumentOutOfRangeException">So many are not given.</exception>
        /// <exception cref="InvalidOperationException">The association is not such a one.</exception>
        public static bool Give(Association association, int count, long now)
        {
            CheckCount(count);
            SessionIds ids = Find(association, false);
            if (ids.Own.Room == 0)
            {
                return false;
            }

            ids.Gives = ids.Gives > count ? ids.Gives : count;
            ids.Wake(now);
            association.Engine.DeadlineChanged(association);
            return true;
        }

        /// <summary>
        /// Changes the ID of what comes in: the peer gets another, and must use it from then on (NewConnectionId, cid_immediate). Records
        /// with the one before are read for two minutes more. False where the peer has not taken up the one that it got last.
        /// </summary>
        /// <param name="association">A connected association of DTLS 1.3 whose records come with an ID.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="InvalidOperationException">The association is not such a one.</exception>
        public static bool Renew(Association association, long now)
        {
            SessionIds ids = Find(association, false);
            if (ids.Renews || !ids.Own.HasPlace)
            {
                return false;
            }

            ids.Renews = true;
            ids.Wake(now);
            association.Engine.DeadlineChanged(association);
            return true;
        }

        /// <summary>How many IDs of the peer's there are to spare.</summary>
        /// <exception cref="InvalidOperationException">The association is none of DTLS 1.3 whose peer wants an ID in what is sent to it.</exception>
        public static int Spares(Association association)
        {
            return Find(association, true).Peers.Count;
        }

        /// <summary>
        /// Goes on with an ID to spare in what is sent, as a client that moves does by itself: for one whose port a NAT is about to
        /// change, after a sleep for example. False where there is none.
        /// </summary>
        /// <exception cref="InvalidOperationException">The association is none of DTLS 1.3 whose peer wants an ID in what is sent to it.</exception>
        public static bool UseSpare(Association association)
        {
            Find(association, true);
            Associations13 found = Associations13.Of(association.Engine);
            bool isUsed = found.UseSpareId(association);
            association.Engine.DeadlineChanged(association);
            return isUsed;
        }

        private static void CheckCount(int count)
        {
            if (count < 1 || count > IdentifyingFeature.MostSpares)
            {
                throw new ArgumentOutOfRangeException("count", "There are 1 to " + IdentifyingFeature.MostSpares.ToString() + " connection IDs to spare, not " + count.ToString() + ".");
            }
        }

        private static SessionIds Find(Association association, bool isForWriting)
        {
            if (association == null)
            {
                throw new ArgumentNullException("association");
            }

            SessionIds ids = association.State == AssociationState.Connected ? SessionIds.Of(association) : null;
            if (ids == null || (isForWriting ? ids.Peers.Current == null : ids.Own.Length == 0))
            {
                throw new InvalidOperationException("The association is none of DTLS 1.3 that is connected and has connection IDs in this direction.");
            }

            return ids;
        }
    }
}
