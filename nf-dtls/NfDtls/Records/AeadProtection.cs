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
        private const int NonceLength = 12;
        private const int NumberLength = 8;

        private readonly AeadContext _aead;
        private readonly bool _explicitNonce;
        private readonly byte[] _iv = new byte[NonceLength];
        private readonly byte[] _nonce = new byte[NonceLength];
        private readonly byte[] _aad = new byte[13 + 10 + 32];

        internal AeadProtection(AeadContext aead, byte[] iv, int ivOffset, int ivLength)
        {
            _aead = aead;
            _explicitNonce = ivLength == NonceLength - NumberLength;
            Array.Copy(iv, ivOffset, _iv, 0, ivLength);
        }

        internal override int PrefixLength
        {
            get { return _explicitNonce ? NumberLength : 0; }
        }

        internal override int MaxSuffixLength
        {
            get { return _aead.TagLength; }
        }

        internal override int Seal(RecordCodec codec, RecordHeader header, byte[] buffer, int offset, int count)
        {
            if (_explicitNonce)
            {
                RecordCodec.WriteNumber(buffer, offset - NumberLength, header.Epoch, header.Sequence);
                MakeNonce(buffer, offset - NumberLength);
            }
            else
            {
                MakeNonce(header);
            }

            int aadLength = codec.WriteAdditionalData(_aad, header, count);
            _aead.Seal(_nonce, 0, _aad, 0, aadLength, buffer, offset, count);
            return PrefixLength + count + _aead.TagLength;
        }

        internal override bool Open(RecordCodec codec, RecordHeader header, byte[] buffer)
        {
            int count = header.FragmentLength - PrefixLength - _aead.TagLength;
            if (count < 0)
            {
                return false;
            }

            if (_explicitNonce)
            {
                MakeNonce(buffer, header.FragmentOffset);
            }
            else
            {
                MakeNonce(header);
            }

            int aadLength = codec.WriteAdditionalData(_aad, header, count);
            int offset = header.FragmentOffset + PrefixLength;
            if (!_aead.Open(_nonce, 0, _aad, 0, aadLength, buffer, offset, count))
            {
                return false;
            }

            header.FragmentOffset = offset;
            header.FragmentLength = count;
            return true;
        }

        internal override void Clear()
        {
            Array.Clear(_iv, 0, NonceLength);
            Array.Clear(_nonce, 0, NonceLength);
            _aead.Clear();
        }

        private void MakeNonce(byte[] number, int offset)
        {
            Array.Copy(_iv, 0, _nonce, 0, NonceLength - NumberLength);
            Array.Copy(number, offset, _nonce, NonceLength - NumberLength, NumberLength);
        }

        private void MakeNonce(RecordHeader header)
        {
            Array.Clear(_nonce, 0, NonceLength - NumberLength);
            RecordCodec.WriteNumber(_nonce, NonceLength - NumberLength, header.Epoch, header.Sequence);
            for (int i = 0; i < NonceLength; i++)
            {
                _nonce[i] ^= _iv[i];
            }
        }
    }
}
