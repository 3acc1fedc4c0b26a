namespace NfDtls
{
    /// <summary>How a version derives its secrets; chosen after the ServerHello.</summary>
    internal abstract class KeySchedule
    {
        /// <summary>Derives the secret of the whole session from the premaster secret.</summary>
        internal abstract void DeriveMaster(Handshake handshake, byte[] premaster, int length);

        /// <summary>Copies the secret of the whole session, for what derives more of it; returns its length.</summary>
        internal abstract int CopyMaster(byte[] destination, int offset);

        /// <summary>Makes the protection of both directions of an epoch.</summary>
        internal abstract void ProtectEpoch(Handshake handshake, Epoch epoch);

        /// <summary>Writes what <see cref="ProtectEpoch"/> made the protection of; returns how many bytes that are, 0 where it cannot be had.</summary>
        internal virtual int CopyKeys(Handshake handshake, byte[] destination)
        {
            return 0;
        }

        /// <summary>Writes the verify_data of one end over the transcript so far.</summary>
        internal abstract void WriteVerifyData(Handshake handshake, bool ofServer, byte[] destination);

        /// <summary>Zeroes the secrets.</summary>
        internal abstract void Clear();
    }
}
