using System;

namespace NfDtls.Extensions
{
    /// <summary>What keys are exported from: a secret of a handshake, and the suite's hash. What is made of them is the version's.</summary>
    internal abstract class ExporterSecret
    {
        protected readonly byte[] Secret;
        protected readonly int Hash;

        internal ExporterSecret(int hash, int length)
        {
            Hash = hash;
            Secret = new byte[length];
        }

        /// <summary>Bytes on nanoFramework of the longer one.</summary>
        internal static int PlannedBytes
        {
            get { return HeapBytes.OfObject(2) + HeapBytes.OfArray(ExporterSecret12.Length); }
        }

        /// <summary>Reads what <see cref="Write"/> wrote, or returns null: the versions' have different lengths.</summary>
        internal static ExporterSecret Read(WireReader reader)
        {
            int hash = reader.ReadUInt8();
            int size = CryptoAlgorithm.HashSize(hash);
            if (size == 0)
            {
                return null;
            }

            ExporterSecret secret = reader.Remaining == ExporterSecret12.Length ? new ExporterSecret12(hash) : (ExporterSecret)new ExporterSecret13(hash);
            int at = reader.Skip(secret.Secret.Length);
            if (reader.Failed)
            {
                return null;
            }

            Array.Copy(reader.Buffer, at, secret.Secret, 0, secret.Secret.Length);
            return reader.IsAtEnd ? secret : null;
        }

        /// <summary>Writes it for an association that is saved.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteUInt8(Hash);
            writer.WriteBytes(Secret, 0, Secret.Length);
        }

        /// <summary>Derives a key.</summary>
        /// <param name="crypto">Has the PRF, or HMAC and hash.</param>
        /// <param name="label">Printable ASCII.</param>
        /// <param name="context">What else both ends know, or null.</param>
        /// <param name="destination">Where the key goes.</param>
        /// <param name="offset">Where there.</param>
        /// <param name="count">Bytes of it.</param>
        /// <exception cref="ArgumentException">The label is too long, or as many bytes cannot be had.</exception>
        internal abstract void Export(CryptoProvider crypto, string label, byte[] context, byte[] destination, int offset, int count);

        internal void Clear()
        {
            Array.Clear(Secret, 0, Secret.Length);
        }

        /// <summary>Writes a text of ASCII; returns where it ends.</summary>
        protected static int WriteText(string text, byte[] destination, int at)
        {
            for (int i = 0; i < text.Length; i++)
            {
                destination[at + i] = (byte)text[i];
            }

            return at + text.Length;
        }
    }
}
