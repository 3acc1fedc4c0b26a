using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// The connection IDs of a saved association, empty where a direction has none; in DTLS 1.3 behind them those to spare, this end's
    /// own with their number, and the peer's.
    /// </summary>
    internal sealed class SavedIds
    {
        private static readonly byte[][] None = new byte[0][];

        /// <summary>Those of each direction, the one in use first; none where it has none.</summary>
        internal byte[][] Own;
        internal byte[][] Peers;

        /// <summary>Writes those of both directions.</summary>
        internal static void Write(WireWriter writer, byte[][] own, byte[][] peers)
        {
            WriteOne(writer, own.Length == 0 ? null : own[0]);
            WriteOne(writer, peers.Length == 0 ? null : peers[0]);
            if (own.Length > 1 || peers.Length > 1)
            {
                writer.WriteUInt8(own.Length == 0 ? 0 : own.Length - 1);
                for (int i = 1; i < own.Length; i++)
                {
                    WriteOne(writer, own[i]);
                }

                for (int i = 1; i < peers.Length; i++)
                {
                    WriteOne(writer, peers[i]);
                }
            }
        }

        /// <summary>One ID as a list.</summary>
        internal static byte[][] ListOf(byte[] id)
        {
            if (id == null)
            {
                return None;
            }

            byte[][] list = new byte[1][];
            list[0] = id;
            return list;
        }

        /// <summary>Reads all, or returns null.</summary>
        internal static SavedIds Read(WireReader reader)
        {
            const int Most = 1 + IdentifyingFeature.MostSpares + 1;
            byte[][] own = new byte[Most][];
            byte[][] peers = new byte[Most][];
            own[0] = ReadOne(reader);
            peers[0] = ReadOne(reader);
            int owns = own[0].Length == 0 ? 0 : 1;
            int peersCount = peers[0].Length == 0 ? 0 : 1;
            int more = reader.Remaining == 0 ? 0 : reader.ReadUInt8();
            if (more > 0 && (owns == 0 || more > Most - 1))
            {
                return null;
            }

            for (; more > 0; more--)
            {
                own[owns] = ReadOne(reader);
                owns++;
            }

            while (reader.Remaining > 0 && !reader.Failed)
            {
                if (peersCount == 0 || peersCount == Most)
                {
                    return null;
                }

                peers[peersCount] = ReadOne(reader);
                peersCount++;
            }

            SavedIds ids = new SavedIds();
            ids.Own = First(own, owns);
            ids.Peers = First(peers, peersCount);
            return reader.IsAtEnd ? ids : null;
        }

        private static byte[][] First(byte[][] all, int count)
        {
            byte[][] first = new byte[count][];
            for (int i = 0; i < count; i++)
            {
                first[i] = all[i];
            }

            return first;
        }

        private static void WriteOne(WireWriter writer, byte[] id)
        {
            int length = id == null ? 0 : id.Length;
            writer.WriteUInt8(length);
            if (length > 0)
            {
                writer.WriteBytes(id, 0, length);
            }
        }

        private static byte[] ReadOne(WireReader reader)
        {
            int length = reader.ReadUInt8();
            int at = reader.Skip(length);
            byte[] id = new byte[reader.Failed ? 0 : length];
            Array.Copy(reader.Buffer, reader.Failed ? 0 : at, id, 0, id.Length);
            return id;
        }
    }
}
