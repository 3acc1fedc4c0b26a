using System;

namespace NfDtls
{
    /// <summary>CBC records (RFC 5246 section 6.2.3.2), with or without encrypt-then-MAC (RFC 7366); the checks are the provider's.</summary>
    internal sealed class CbcProtection : RecordProtection
    {
        private const int BlockLength = 16;

        private readonly CbcContext _cbc;
        private readonly CryptoProvider _random;

        internal CbcProtection(CbcContext cbc, CryptoProvider random)
        {
            _cbc = cbc;
            _random = random;
        }

        internal override int PrefixLength
        {
            get { return BlockLength; }
        }

        internal override int MaxSuffixLength
        {
            get { return _cbc.MaxOverhead; }
        }

        internal override int Seal(RecordCodec codec, RecordHeader header, byte[] buffer, int offset, int count)
        {
            int iv = offset - BlockLength;
            try
            {
                _random.Random(buffer, iv, BlockLength);
            }
            catch (InvalidOperationException e)
            {
                throw new DtlsException(DtlsError.NoEntropy, "There is no entropy for a record's initialization vector.", e);
            }

            int headerLength = WriteHeader(codec, header, count);
            return BlockLength + _cbc.Seal(header.Scratch, NonceLength, headerLength, buffer, iv, buffer, offset, count);
        }

        internal override bool Open(RecordCodec codec, RecordHeader header, byte[] buffer)
        {
            int count = header.FragmentLength - BlockLength;
            if (count < BlockLength)
            {
                return false;
            }

            int headerLength = WriteHeader(codec, header, 0);
            int offset = header.FragmentOffset + BlockLength;
            int length = _cbc.Open(header.Scratch, NonceLength, headerLength, buffer, header.FragmentOffset, buffer, offset, count);
            if (length < 0)
            {
                return false;
            }

            header.FragmentOffset = offset;
            header.FragmentLength = length;
            return true;
        }

        /// <summary>Writes what is authenticated beside the content, and before it the number that it may begin with.</summary>
        private static int WriteHeader(RecordCodec codec, RecordHeader header, int length)
        {
            RecordCodec.WriteNumber(header.Scratch, NumberAt, header.Epoch, header.Sequence);
            return codec.WriteAdditionalData(header.Scratch, NonceLength, header, length);
        }

        internal override void Clear()
        {
            _cbc.Clear();
        }
    }
}
