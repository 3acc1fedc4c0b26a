namespace NfDtls.Dtls13
{
    /// <summary>
    /// How long the records of an epoch may be, where the ends have agreed on that by an extension. max_fragment_length counts the content
    /// alone (RFC 6066 section 4), record_size_limit its type and padding as well (RFC 8449 section 4).
    /// </summary>
    internal static class RecordSizes
    {
        private const int RecordSizeLimit = 28;

        private const long HandshakeEpoch = 2;

        /// <summary>
        /// EncryptedExtensions were written or read: from here on protected records keep to what they say. A client may have to send
        /// ACKs before it has read them, so a server does not hold its records of the handshake to them.
        /// </summary>
        internal static void Take(Handshake handshake, Epoch epoch)
        {
            epoch.WriteLimit = handshake.WriteLimit;
            if (handshake.IsServer && epoch.Number == HandshakeEpoch)
            {
                return;
            }

            epoch.ReadLimit = handshake.ReadLimit;
            int index = ExtensionBlock.IndexOf(handshake.Extensions, handshake.Extensions.Length, RecordSizeLimit);
            if (index >= 0 && handshake.ReadLimit <= Epoch.MaxContent && (handshake.PeerExtensions & handshake.OwnExtensions & (1 << index)) != 0)
            {
                ((InnerProtection)epoch.ReadProtection).MostInner = handshake.ReadLimit + 1;
            }
        }

        /// <summary>What holds in one epoch holds in the next, connection IDs included.</summary>
        internal static void Carry(Epoch from, Epoch to)
        {
            to.WriteLimit = from.WriteLimit;
            to.ReadLimit = from.ReadLimit;
            SessionIds.Carry(from, to);
            CarryInner(from, to);
        }

        /// <summary>The same of what an epoch reads with, which may come later than the epoch itself.</summary>
        internal static void CarryInner(Epoch from, Epoch to)
        {
            InnerProtection before = from.ReadProtection as InnerProtection;
            InnerProtection next = to.ReadProtection as InnerProtection;
            if (before != null && next != null)
            {
                next.MostInner = before.MostInner;
            }
        }
    }
}
