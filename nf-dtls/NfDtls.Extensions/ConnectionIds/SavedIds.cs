using System;

namespace NfDtls.Extensions
{
    /// <summary>The connection IDs of a saved association, empty where a direction has none.</summary>
    internal sealed class SavedIds
    {
        internal byte[] Own;
        internal byte[] Peers;

        internal static void Write(WireWriter writer, byte[] id)
        {
            int length = id == null ? 0 : id.Length;
            writer.WriteUInt8(length);
            if (length > 0)
            {
                writer.WriteBytes(id, 0, length);
            }
        }

        /// <summary>Reads both, or returns null.</summary>
        internal static SavedIds Read(WireReader reader)
        {
            SavedIds ids = new SavedIds();
            ids.Own = ReadOne(reader);
            ids.Peers = ReadOne(reader);
            return reader.IsAtEnd ? ids : null;
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
