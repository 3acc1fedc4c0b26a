using System;
using System.Formats.Asn1;

namespace NfDtls.Crypto.Host;

/// <summary>ECDSA signatures in DER (RFC 3279 section 2.2.3). .NET's own reading of them takes integers that are no DER.</summary>
internal static class HostSignature
{
    /// <summary>Reads r and s into as many bytes as both halves of <paramref name="plain"/> have; false where anything is not as DER has it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> der, Span<byte> plain)
    {
        int half = plain.Length / 2;
        try
        {
            AsnValueReader reader = new(der);
            AsnValueReader sequence = reader.Sequence();
            bool isWhole = sequence.TryInteger(plain[..half]) && sequence.TryInteger(plain[half..]);
            return isWhole && sequence.IsAtEnd && reader.IsAtEnd;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>What is left to read.</summary>
    private ref struct AsnValueReader
    {
        private ReadOnlySpan<byte> _rest;

        internal AsnValueReader(ReadOnlySpan<byte> bytes)
        {
            _rest = bytes;
        }

        internal readonly bool IsAtEnd
        {
            get { return _rest.IsEmpty; }
        }

        internal AsnValueReader Sequence()
        {
            AsnDecoder.ReadSequence(_rest, AsnEncodingRules.DER, out int offset, out int length, out int consumed);
            ReadOnlySpan<byte> content = _rest.Slice(offset, length);
            _rest = _rest[consumed..];
            return new AsnValueReader(content);
        }

        internal bool TryInteger(Span<byte> value)
        {
            ReadOnlySpan<byte> bytes = AsnDecoder.ReadIntegerBytes(_rest, AsnEncodingRules.DER, out int consumed);
            _rest = _rest[consumed..];
            bool isNegative = bytes[0] >= 0x80;
            bytes = bytes.TrimStart((byte)0);
            if (isNegative || bytes.Length > value.Length)
            {
                return false;
            }

            value.Clear();
            bytes.CopyTo(value[(value.Length - bytes.Length)..]);
            return true;
        }
    }
}
