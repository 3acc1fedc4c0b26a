using System;

namespace NfDtls
{
    /// <summary>
    /// AEAD records of DTLS 1.2 (RFC 5246 section 6.2.3.3). The nonce is made from epoch and sequence number and so is never
    /// used twice: behind four bytes of the key block and sent along (CCM and GCM, RFC 6655 and 5288), or XORed into twelve
    /// bytes of the key block and not sent (RFC 7905).
    /// </summary>
    internal sealed class AeadProtection : RecordProtection
    {
        private readonly AeadContext _aead;

        // What of the nonce is the key block's: all of it, or what stands before the number that is sent along.
        private readonly byte[] _iv;

        internal AeadProtection(AeadContext aead, byte[] iv, int ivOffset, int ivLength)
        {
            _aead = aead;
            _iv = new byte[ivLength];
            Array.Copy(iv, ivOffset, _iv, 0, ivLength);
        }

        internal override int PrefixLength
        {
            get { return NonceLength - _iv.Length; }
        }

        internal override int MaxSuffixLength
        {
            get { return _aead.TagLength; }
        }

        internal override int Seal(RecordCodec codec, RecordHeader header, byte[] buffer, int offset, int count)
        {
            int prefix = NonceLength - _iv.Length;
            byte[] scratch = header.Scratch;
            RecordCodec.WriteNumber(scratch, NumberAt, header.Epoch, header.Sequence);
            int aadLength = codec.WriteAdditionalData(scratch, NonceLength, header, count);
            Array.Copy(scratch, NumberAt, buffer, offset - prefix, prefix);
            Array.Copy(_iv, 0, scratch, 0, NumberAt);
            if (prefix == 0)
            {
                AddIv(scratch);
            }

            _aead.Seal(scratch, 0, scratch, NonceLength, aadLength, buffer, offset, count);
            Array.Clear(scratch, 0, NonceLength);
            return prefix + count + _aead.TagLength;
        }

        internal override bool Open(RecordCodec codec, RecordHeader header, byte[] buffer)
        {
            int prefix = NonceLength - _iv.Length;
            int count = header.FragmentLength - prefix - _aead.TagLength;
            if (count < 0)
            {
                return false;
            }

            byte[] scratch = header.Scratch;
            int aadLength = codec.CopyAdditionalData(header, buffer, scratch, NonceLength, count);
            int offset = header.FragmentOffset;
            Array.Copy(buffer, offset, scratch, NumberAt, prefix);
            Array.Copy(_iv, 0, scratch, 0, NumberAt);
            if (prefix == 0)
            {
                RecordCodec.WriteNumber(scratch, NumberAt, header.Epoch, header.Sequence);
                AddIv(scratch);
            }

            offset += prefix;
            bool isGenuine = _aead.Open(scratch, 0, scratch, NonceLength, aadLength, buffer, offset, count);
            Array.Clear(scratch, 0, NonceLength);
            if (!isGenuine)
            {
                return false;
            }

            header.FragmentOffset = offset;
            header.FragmentLength = count;
            return true;
        }

        internal override void Clear()
        {
            Array.Clear(_iv, 0, _iv.Length);
            _aead.Clear();
        }

        /// <summary>The nonce has its number, behind the first of the key block's bytes: the others come over it.</summary>
        private void AddIv(byte[] scratch)
        {
            for (int i = NumberAt; i < NonceLength; i++)
            {
                scratch[i] ^= _iv[i];
            }
        }
    }
}
