namespace NfDtls.X509
{
    /// <summary>Times of certificates (RFC 5280 section 4.1.2.5): UTCTime and GeneralizedTime, to the second, in UTC.</summary>
    internal static class DerTime
    {
        private const int Epoch = 719468 + 146097;   // days from 0000-03-01 to 1970-01-01, and those of 400 years

        /// <summary>Reads either form as seconds since 1970 (before that: negative); where it is no valid time, the reader fails.</summary>
        internal static long Read(DerReader reader)
        {
            bool isShort = reader.Tag == DerTag.UtcTime;
            reader.Read(isShort ? DerTag.UtcTime : DerTag.GeneralizedTime);
            byte[] buffer = reader.Buffer;
            int at = reader.Offset;
            int yearDigits = isShort ? 2 : 4;
            if (reader.Failed || reader.Length != yearDigits + 11 || buffer[at + yearDigits + 10] != 'Z')
            {
                reader.Fail();
                return 0;
            }

            int year = Digits(buffer, at, yearDigits);
            at += yearDigits;
            int month = Digits(buffer, at, 2);
            int day = Digits(buffer, at + 2, 2);
            int hour = Digits(buffer, at + 4, 2);
            int minute = Digits(buffer, at + 6, 2);
            int second = Digits(buffer, at + 8, 2);
            if (isShort && year >= 0)
            {
                year += year >= 50 ? 1900 : 2000;
            }

            if (year < 0 || month < 1 || month > 12 || day < 1 || day > DaysOf(year, month) || hour < 0 || hour > 23
                || minute < 0 || minute > 59 || second < 0 || second > 59)
            {
                reader.Fail();
                return 0;
            }

            return ((DayNumber(year, month, day) * 24L + hour) * 60 + minute) * 60 + second;
        }

        /// <summary>Days since 1970-01-01 in the Gregorian calendar. A year is taken to begin in March, so that a leap day ends it.</summary>
        private static long DayNumber(int year, int month, int day)
        {
            year += 400;   // so that the winter before March of the year 0 is not in one below 0
            if (month <= 2)
            {
                year--;
                month += 12;
            }

            return 365L * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 1 - Epoch;
        }

        private static int DaysOf(int year, int month)
        {
            switch (month)
            {
                case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
                case 4:
                case 6:
                case 9:
                case 11: return 30;
                default: return 31;
            }
        }

        /// <summary>A decimal number, -1 where something else than digits stands there.</summary>
        private static int Digits(byte[] buffer, int offset, int count)
        {
            int value = 0;
            for (int i = 0; i < count; i++)
            {
                int digit = buffer[offset + i] - '0';
                if (digit < 0 || digit > 9)
                {
                    return -1;
                }

                value = value * 10 + digit;
            }

            return value;
        }
    }
}
