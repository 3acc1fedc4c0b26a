using System;

namespace NfDtls.Extensions
{
    /// <summary>Of DTLS 1.3: the exporter_master_secret (RFC 8446 section 7.5), and the HKDF that makes keys of it with the labels of DTLS (RFC 9147 section 5.9).</summary>
    internal sealed class ExporterSecret13 : ExporterSecret
    {
        private const string Prefix = "dtls13";
        private const int MaxLabel = 255 - 6;
        private const int MaxBlocks = 255;

        internal ExporterSecret13(int hash)
            : base(hash, CryptoAlgorithm.HashSize(hash))
        {
        }

        internal ExporterSecret13(Handshake handshake)
            : this(handshake.Suite.Hash)
        {
            handshake.Role.KeySchedule.CopyMaster(Secret, 0);
        }

        /// <summary>No context and one of no bytes are the same.</summary>
        internal override void Export(CryptoProvider crypto, string label, byte[] context, byte[] destination, int offset, int count)
        {
            int size = Secret.Length;
            if (label.Length > MaxLabel)
            {
                throw new ArgumentException("A label of DTLS 1.3 has at most " + MaxLabel.ToString() + " characters, not " + label.Length.ToString() + ".", "label");
            }

            if (count > MaxBlocks * size)
            {
                throw new ArgumentException("At most " + (MaxBlocks * size).ToString() + " bytes are exported of this suite, not " + count.ToString() + ".", "count");
            }

            byte[] digest = new byte[size];
            byte[] secret = new byte[size];
            try
            {
                HashContext hash = crypto.CreateHash(Hash);
                hash.Peek(digest, 0);
                Expand(crypto, Secret, label, digest, secret, 0, size);
                if (context != null)
                {
                    hash.Update(context, 0, context.Length);
                    hash.Peek(digest, 0);
                }

                Expand(crypto, secret, "exporter", digest, destination, offset, count);
            }
            finally
            {
                Array.Clear(secret, 0, size);
            }
        }

        /// <summary>HKDF-Expand-Label (RFC 8446 section 7.1): blocks that each begin with the one before.</summary>
        private void Expand(CryptoProvider crypto, byte[] secret, string label, byte[] context, byte[] destination, int offset, int count)
        {
            int size = secret.Length;
            byte[] block = new byte[size];
            byte[] input = new byte[size + 2 + 1 + Prefix.Length + label.Length + 1 + size + 1];
            input[size] = (byte)(count >> 8);
            input[size + 1] = (byte)count;
            input[size + 2] = (byte)(Prefix.Length + label.Length);
            int at = WriteText(label, input, WriteText(Prefix, input, size + 3));
            input[at] = (byte)size;
            Array.Copy(context, 0, input, at + 1, size);
            int begin = size;
            try
            {
                for (int number = 1; count > 0; number++)
                {
                    input[input.Length - 1] = (byte)number;
                    crypto.Hmac(Hash, secret, 0, size, input, begin, input.Length - begin, block, 0);
                    int n = count < size ? count : size;
                    Array.Copy(block, 0, destination, offset, n);
                    Array.Copy(block, 0, input, 0, size);
                    begin = 0;
                    offset += n;
                    count -= n;
                }
            }
            finally
            {
                Array.Clear(block, 0, size);
                Array.Clear(input, 0, input.Length);
            }
        }
    }
}
