using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// How a record of DTLS 1.3 is protected in one direction (RFC 9147 section 4, RFC 8446 section 5.2 and 5.3): its content type
    /// stands behind the content, then zeros, all of it sealed; the nonce is the sequence number, XORed into an IV.
    /// </summary>
    internal sealed class InnerProtection : RecordProtection
    {
        /// <summary>What hides the numbers of these records: their form uses it, and it ends with the key.</summary>
        internal MaskContext Mask;

        /// <summary>The most bytes of content, type and padding that this end takes, where the ends have agreed on that.</summary>
        internal int MostInner = int.MaxValue;

        private readonly AeadContext _aead;
        private readonly byte[] _iv = new byte[NonceLength];

        internal InnerProtection(AeadContext aead, byte[] iv, int ivOffset)
        {
            _aead = aead;
            Array.Copy(iv, ivOffset, _iv, 0, NonceLength);
        }

        internal override int PrefixLength
        {
            get { return 0; }
        }

        /// <summary>The type and the tag. What is so short that it must be padded has room anyway.</summary>
        internal override int MaxSuffixLength
        {
            get { return 1 + _aead.TagLength; }
        }

        internal override int Seal(RecordCodec codec, RecordHeader header, byte[] buffer, int offset, int count)
        {
            buffer[offset + count] = (byte)header.Type;
            int length = count + 1;

            // The mask of the record's number is made of 16 bytes of ciphertext; and what is padded has up to a block less one of zeros.
            int block = codec.MaxTrailerLength + 1;
            for (; length + _aead.TagLength < MaskContext.SampleLength || length % block != 0; length++)
            {
                buffer[offset + length] = 0;
            }

            header.Reserve(codec.HeaderLength);
            WriteNonce(header);
            int aadLength = codec.WriteAdditionalData(header.Scratch, NonceLength, header, length + _aead.TagLength);
            _aead.Seal(header.Scratch, 0, header.Scratch, NonceLength, aadLength, buffer, offset, length);
            Array.Clear(header.Scratch, 0, NonceLength);
            return length + _aead.TagLength;
        }

        /// <summary>Opens a record whose number was revealed: its header in the buffer is what was authenticated.</summary>
        internal override bool Open(RecordCodec codec, RecordHeader header, byte[] buffer)
        {
            int count = header.FragmentLength - _aead.TagLength;
            if (count < 1)
            {
                return false;
            }

            WriteNonce(header);
            bool isGenuine = _aead.Open(
                header.Scratch, 0, buffer, header.Offset, header.FragmentOffset - header.Offset, buffer, header.FragmentOffset, count);
            Array.Clear(header.Scratch, 0, NonceLength);
            if (!isGenuine)
            {
                return false;
            }

            int inner = count;

            // Nothing but zeros is a record without a type, which is none of those that are known.
            while (count > 1 && buffer[header.FragmentOffset + count - 1] == 0)
            {
                count--;
            }

            header.Type = buffer[header.FragmentOffset + count - 1];

            // What is too long with its padding is not taken for less.
            header.FragmentLength = inner > MostInner ? inner : count - 1;
            return true;
        }

        internal override void Clear()
        {
            Array.Clear(_iv, 0, _iv.Length);
            try
            {
                _aead.Clear();
            }
            finally
            {
                if (Mask != null)
                {
                    Mask.Clear();
                }
            }
        }

        private void WriteNonce(RecordHeader header)
        {
            byte[] nonce = header.Scratch;
            Array.Copy(_iv, 0, nonce, 0, NonceLength);
            long sequence = header.Sequence;
            for (int i = NonceLength - 1; sequence != 0; i--)
            {
                nonce[i] ^= (byte)sequence;
                sequence >>= 8;
            }
        }
    }
}
