namespace NfDtls.Extensions
{
    /// <summary>Reads out of a certificate how long it is valid (RFC 5280 section 4.1.2.5), and nothing else: it has been verified.</summary>
    internal static class CertificateEnd
    {
        /// <summary>Of what is no certificate: a raw public key has no end.</summary>
        internal const long Never = long.MaxValue;

        private const int Sequence = 0x30;
        private const int Version = 0xA0;
        private const int UtcTime = 0x17;
        private const int GeneralizedTime = 0x18;

        /// <summary>The last second of the first certificate of a chain to end, since 1970 in UTC.</summary>
        internal static long OfChain(byte[][] chain)
        {
            long end = Never;
            for (int i = 0; i < chain.Length; i++)
            {
                long own = Of(chain[i]);
                end = own < end ? own : end;
            }

            return end;
        }

        internal static long Of(byte[] certificate)
        {
            WireReader reader = new WireReader();
            reader.Reset(certificate, 0, certificate.Length);
            if (!Open(reader, Sequence) || !Open(reader, Sequence))
            {
                return Never;
            }

            if (Peek(reader) == Version)
            {
                Pass(reader);
            }

            // Serial number, algorithm, issuer; then from when and until when.
            Pass(reader);
            Pass(reader);
            Pass(reader);
            if (!Open(reader, Sequence))
            {
                return Never;
            }

            Pass(reader);
            int type = Peek(reader);
            reader.ReadUInt8();
            int length = ReadLength(reader);
            int at = reader.Skip(length);
            bool isWhole = !reader.Failed && ((type == UtcTime && length == 13) || (type == GeneralizedTime && length == 15));
            return isWhole ? ReadTime(certificate, at, type == UtcTime) : Never;
        }

        private static int Peek(WireReader reader)
        {
            return reader.Remaining > 0 ? reader.Buffer[reader.Position] : -1;
        }

        private static bool Open(WireReader reader, int tag)
        {
            bool isRight = Peek(reader) == tag;
            reader.ReadUInt8();
            ReadLength(reader);
            return isRight && !reader.Failed;
        }

        private static void Pass(WireReader reader)
        {
            reader.ReadUInt8();
            reader.Skip(ReadLength(reader));
        }

        private static int ReadLength(WireReader reader)
        {
            int length = reader.ReadUInt8();
            switch (length)
            {
                case 0x81: return reader.ReadUInt8();
                case 0x82: return reader.ReadUInt16();
                case 0x83: return reader.ReadUInt24();
                default: return length;
            }
        }

        /// <summary>YYMMDDhhmmssZ, of this century below 50, or with four digits of the year.</summary>
        private static long ReadTime(byte[] bytes, int at, bool isShort)
        {
            int year = ReadTwo(bytes, at);
            if (isShort)
            {
                year += year < 50 ? 2000 : 1900;
            }
            else
            {
                at += 2;
                year = (100 * year) + ReadTwo(bytes, at);
            }

            int month = ReadTwo(bytes, at + 2);
            int day = ReadTwo(bytes, at + 4);

            // Days since the first of March of the year 0, in years that begin then: the day that some years have more is the last.
            int since = month > 2 ? month - 3 : month + 9;
            long years = month > 2 ? year : year - 1;
            long days = (365 * years) + (years / 4) - (years / 100) + (years / 400) + (((153 * since) + 2) / 5) + day - 1;
            long seconds = (3600L * ReadTwo(bytes, at + 6)) + (60L * ReadTwo(bytes, at + 8)) + ReadTwo(bytes, at + 10);
            return ((days - 719468) * 86400L) + seconds;
        }

        private static int ReadTwo(byte[] bytes, int at)
        {
            return (10 * (bytes[at] - '0')) + bytes[at + 1] - '0';
        }
    }
}
