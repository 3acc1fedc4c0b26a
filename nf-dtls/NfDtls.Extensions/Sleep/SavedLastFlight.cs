namespace NfDtls.Extensions
{
    /// <summary>The last flight of an association of DTLS 1.2 that is saved, and the peer's Finished before it, as far as they are kept.</summary>
    internal static class SavedLastFlight
    {
        /// <summary>Stands for no message_seq.</summary>
        private const int None = 0xFFFF;

        internal static void Write(LastFlight flight, WireWriter writer)
        {
            writer.WriteUInt8(flight.IsShort ? 1 : 0);
            writer.WriteUInt16(flight.PeersSequence);
            writer.WriteBytes(flight.VerifyData, Finished.VerifyDataLength, Finished.VerifyDataLength);
            if (flight.IsShort)
            {
                writer.WriteBytes(flight.VerifyData, 0, Finished.VerifyDataLength);
                writer.WriteUInt16(flight.Sequence);
                writer.WriteUInt48(flight.PlainSequence);
            }
        }

        /// <summary>Reads what was written. Its time begins anew: nobody knows how long the sleep was.</summary>
        /// <param name="reader">Holds it.</param>
        /// <param name="association">What it goes to, or null to see that it is well-formed.</param>
        /// <param name="version">The version of its records.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void Read(WireReader reader, Association association, ProtocolVersion version, long now)
        {
            bool isKept = reader.ReadUInt8() != 0;
            int peersSequence = reader.ReadUInt16();
            int peers = reader.Skip(Finished.VerifyDataLength);
            int own = isKept ? reader.Skip(Finished.VerifyDataLength) : 0;
            int sequence = isKept ? reader.ReadUInt16() : 0;
            long plainSequence = isKept ? reader.ReadUInt48() : 0;
            if (association == null)
            {
                return;
            }

            association.LastFlight.RememberPeers(peersSequence == None ? -1 : peersSequence, reader.Buffer, peers);
            if (isKept)
            {
                association.LastFlight.Keep(sequence, association.WriteEpoch, version, reader.Buffer, own, plainSequence, now);
            }
        }
    }
}
