using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// SubjectPublicKeyInfo of an RSA key (RFC 8017 appendix A.1.1): two numbers inside, so lengths differ. Reads strict DER of just
    /// this form. A key has 2048 to 4096 bits, and an exponent of at most 32, which a stranger's verification costs no more than.
    /// </summary>
    internal sealed class RsaKeyInfo
    {
        internal const int MinBits = 2048;
        internal const int MaxBits = 4096;
        internal const int MaxExponentBytes = 4;

        // AlgorithmIdentifier: rsaEncryption, NULL.
        private const string Algorithm = "300D06092A864886F70D0101010500";
        private const int Sequence = 0x30;
        private const int BitString = 3;
        private const int Integer = 2;

        private readonly byte[] _buffer;
        private readonly int _end;
        private int _at;

        private RsaKeyInfo(byte[] buffer, int offset, int count)
        {
            _buffer = buffer;
            _at = offset;
            _end = offset + count;
        }

        /// <summary>Points a key at what is read; false where it is no such key.</summary>
        internal static bool TryRead(byte[] buffer, int offset, int count, PublicKey key)
        {
            RsaKeyInfo reader = new RsaKeyInfo(buffer, offset, count);
            if (!reader.Enter(Sequence) || !reader.Skip(Algorithm) || !reader.Enter(BitString) || !reader.Skip("00") || !reader.Enter(Sequence))
            {
                return false;
            }

            int modulus = reader.ReadNumber();
            int modulusCount = reader._at - modulus;
            int exponent = modulus < 0 ? -1 : reader.ReadNumber();
            int exponentCount = reader._at - exponent;
            if (exponent < 0 || reader._at != reader._end)
            {
                return false;
            }

            key.SetRsa(buffer, modulus, modulusCount, exponent, exponentCount);
            bool isOdd = (buffer[modulus + modulusCount - 1] & buffer[exponent + exponentCount - 1] & 1) != 0;
            bool isOne = exponentCount == 1 && buffer[exponent] == 1;
            return isOdd && !isOne && key.Bits >= MinBits && key.Bits <= MaxBits && key.ExponentCount <= MaxExponentBytes;
        }

        /// <summary>The bytes of an RSA key's info.</summary>
        internal static byte[] Write(PublicKey key)
        {
            byte[] modulus = Number(key.Buffer, key.Offset, key.Count);
            byte[] exponent = Number(key.Buffer, key.ExponentOffset, key.ExponentCount);
            byte[] numbers = Element(Sequence, modulus, exponent);
            return Element(Sequence, SubjectPublicKeyInfo.Bytes(Algorithm), Element(BitString, new byte[1], numbers));
        }

        /// <summary>Reads the header of an element that goes on to the end of what is read.</summary>
        private bool Enter(int tag)
        {
            int length = ReadHeader(tag);
            return length >= 0 && _at + length == _end;
        }

        private bool Skip(string hex)
        {
            int count = hex.Length / 2;
            bool isThere = SubjectPublicKeyInfo.IsAt(hex, _buffer, _at, _end);
            _at += count;
            return isThere;
        }

        /// <summary>Goes behind a positive number in its shortest form; returns where it begins, or -1.</summary>
        private int ReadNumber()
        {
            int length = ReadHeader(Integer);
            if (length < 1 || length > _end - _at || _buffer[_at] >= 0x80 || (_buffer[_at] == 0 && (length == 1 || _buffer[_at + 1] < 0x80)))
            {
                return -1;
            }

            int at = _at;
            _at += length;
            return at;
        }

        /// <summary>Length of the element that begins here, -1 where it is another or its length is not written as DER has it.</summary>
        private int ReadHeader(int tag)
        {
            if (_end - _at < 4 || _buffer[_at] != tag)
            {
                return -1;
            }

            int length = _buffer[_at + 1];
            int header = 2;
            if (length == 0x81)
            {
                length = _buffer[_at + 2] >= 0x80 ? _buffer[_at + 2] : -1;
                header = 3;
            }
            else if (length == 0x82)
            {
                length = _buffer[_at + 2] > 0 ? (_buffer[_at + 2] << 8) | _buffer[_at + 3] : -1;
                header = 4;
            }
            else if (length >= 0x80)
            {
                length = -1;
            }

            _at += header;
            return length;
        }

        private static byte[] Number(byte[] buffer, int offset, int count)
        {
            byte[] sign = new byte[buffer[offset] >> 7];
            byte[] number = new byte[count];
            Array.Copy(buffer, offset, number, 0, count);
            return Element(Integer, sign, number);
        }

        private static byte[] Element(int tag, byte[] first, byte[] second)
        {
            int length = first.Length + second.Length;
            int header = length < 0x80 ? 2 : length < 0x100 ? 3 : 4;
            byte[] element = new byte[header + length];
            element[0] = (byte)tag;
            element[1] = (byte)(header == 2 ? length : 0x80 + header - 2);
            if (header == 4)
            {
                element[2] = (byte)(length >> 8);
            }

            element[header - 1] = (byte)length;
            Array.Copy(first, 0, element, header, first.Length);
            Array.Copy(second, 0, element, header + first.Length, second.Length);
            return element;
        }
    }
}
