namespace NfDtls
{
    /// <summary>ServerHello (RFC 5246 section 7.4.1.3).</summary>
    internal sealed class ServerHello
    {
        internal int Version;
        internal int Random;
        internal int SessionId;
        internal int SessionIdLength;
        internal int Suite;
        internal int Compression;

        /// <summary>Writes the body.</summary>
        internal static void Write(WireWriter writer, int version, byte[] random, byte[] sessionId, Handshake handshake)
        {
            writer.WriteUInt16(version);
            writer.WriteBytes(random, 0, ClientHello.RandomLength);
            writer.WriteUInt8(sessionId.Length);
            writer.WriteBytes(sessionId, 0, sessionId.Length);
            writer.WriteUInt16(handshake.Suite.Id);
            writer.WriteUInt8(0);
            ExtensionBlock.Write(handshake, HandshakeType.ServerHello, writer);
        }

        /// <summary>Reads all up to the extension block, which stays in the reader.</summary>
        internal DtlsError Read(WireReader reader)
        {
            Version = reader.ReadUInt16();
            Random = reader.Skip(ClientHello.RandomLength);
            SessionIdLength = reader.ReadUInt8();
            SessionId = reader.Skip(SessionIdLength);
            Suite = reader.ReadUInt16();
            Compression = reader.ReadUInt8();
            return reader.Failed || SessionIdLength > ClientHello.MaxSessionIdLength ? DtlsError.DecodeError : DtlsError.None;
        }
    }
}
