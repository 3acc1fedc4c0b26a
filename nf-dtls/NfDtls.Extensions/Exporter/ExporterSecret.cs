using System;

namespace NfDtls.Extensions
{
    /// <summary>What keys are exported from: a handshake's master secret, its randoms and the suite's hash (RFC 5705 section 4).</summary>
    internal sealed class ExporterSecret
    {
        private const int MasterLength = 48;
        private const int RandomsLength = 2 * Handshake.RandomLength;

        private readonly byte[] _bytes = new byte[MasterLength + RandomsLength];
        private readonly int _hash;

        internal static int PlannedBytes
        {
            get { return HeapBytes.OfObject(2) + HeapBytes.OfArray(MasterLength + RandomsLength); }
        }

        internal ExporterSecret(Handshake handshake)
        {
            handshake.Role.KeySchedule.CopyMaster(_bytes, 0);
            handshake.CopyRandoms(_bytes, MasterLength);
            _hash = handshake.Suite.Hash;
        }

        private ExporterSecret(WireReader reader)
        {
            _hash = reader.ReadUInt8();
            int at = reader.Skip(_bytes.Length);
            Array.Copy(reader.Buffer, reader.Failed ? 0 : at, _bytes, 0, reader.Failed ? 0 : _bytes.Length);
        }

        /// <summary>Reads what <see cref="Write"/> wrote, or returns null.</summary>
        internal static ExporterSecret Read(WireReader reader)
        {
            ExporterSecret secret = new ExporterSecret(reader);
            return reader.IsAtEnd && CryptoAlgorithm.HashSize(secret._hash) > 0 ? secret : null;
        }

        /// <summary>Writes it for an association that is saved.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteUInt8(_hash);
            writer.WriteBytes(_bytes, 0, _bytes.Length);
        }

        /// <summary>No context and one of no bytes are two things.</summary>
        internal void Export(CryptoProvider crypto, string label, byte[] context, byte[] destination, int offset, int count)
        {
            int contextLength = context == null ? 0 : 2 + context.Length;
            byte[] seed = new byte[label.Length + RandomsLength + contextLength];
            for (int i = 0; i < label.Length; i++)
            {
                seed[i] = (byte)label[i];
            }

            Array.Copy(_bytes, MasterLength, seed, label.Length, RandomsLength);
            if (context != null)
            {
                int at = label.Length + RandomsLength;
                seed[at] = (byte)(context.Length >> 8);
                seed[at + 1] = (byte)context.Length;
                Array.Copy(context, 0, seed, at + 2, context.Length);
            }

            crypto.Prf(_hash, _bytes, 0, MasterLength, seed, 0, seed.Length, destination, offset, count);
        }

        internal void Clear()
        {
            Array.Clear(_bytes, 0, _bytes.Length);
        }
    }
}
