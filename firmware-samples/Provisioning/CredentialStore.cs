using System;
using System.Text;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>
    /// Keeps credentials such that a loss of power at any moment leaves those from before or the new ones, whole. Each record has a number
    /// and a checksum; a new one goes where the current one is not, and is current once its last byte is there.
    /// </summary>
    internal sealed class CredentialStore
    {
        private const int Slots = 2;
        private const byte Magic = 0xB5;
        private const byte Form = 1;
        private const int LengthOffset = 2;
        private const int NumberOffset = 4;
        private const int BodyOffset = 8;
        private const int ChecksumLength = 4;
        private const uint Polynomial = 0xEDB88320;

        private readonly SlotMemory _memory;

        internal CredentialStore(SlotMemory memory)
        {
            _memory = memory;
        }

        /// <summary>The credentials that were written last; null where there are none.</summary>
        internal Credentials Read()
        {
            int slot;
            byte[] record = Current(out slot);
            Credentials credentials = record == null ? null : Parse(record);
            Wipe(record);
            return credentials;
        }

        /// <summary>
        /// Keeps credentials; false where they cannot be read back, and those from before are current still. Those that are current are not
        /// written again: flash bears some ten thousand times, and a server that is away for a day has the same ones brought a thousand times.
        /// </summary>
        internal bool Write(Credentials credentials)
        {
            int current;
            byte[] record = Current(out current);
            int number = record == null ? 0 : NumberOf(record) + 1;
            byte[] same = record == null ? null : Compose(credentials, number - 1);
            bool isThere = same != null && AreEqual(same, record);
            Wipe(same);
            Wipe(record);
            return isThere || Write(current == 0 ? 1 : 0, Compose(credentials, number));
        }

        private bool Write(int slot, byte[] record)
        {
            byte[] written = null;
            try
            {
                _memory.Write(slot, record);
                written = _memory.Read(slot);
                return AreEqual(record, written);
            }
            finally
            {
                Wipe(written);
                Wipe(record);
            }
        }

        /// <summary>The newest whole record and its place; null and -1 where there is none.</summary>
        private byte[] Current(out int slot)
        {
            slot = -1;
            byte[] newest = null;
            try
            {
                for (int i = 0; i < Slots; i++)
                {
                    byte[] record = _memory.Read(i);

                    // Numbers may go round.
                    bool isNewer = IsWhole(record) && (newest == null || NumberOf(record) - NumberOf(newest) > 0);
                    Wipe(isNewer ? newest : record);
                    newest = isNewer ? record : newest;
                    slot = isNewer ? i : slot;
                }
            }
            catch
            {
                Wipe(newest);
                throw;
            }

            return newest;
        }

        /// <summary>Zeroes a record: there is a key in it.</summary>
        private static void Wipe(byte[] record)
        {
            if (record != null)
            {
                Array.Clear(record, 0, record.Length);
            }
        }

        private static byte[] Compose(Credentials credentials, int number)
        {
            byte[] host = Encoding.UTF8.GetBytes(credentials.Host);
            int length = BodyOffset + 2 + 3 + host.Length + credentials.Identity.Length + credentials.Key.Length + ChecksumLength;
            byte[] record = new byte[length];
            record[0] = Magic;
            record[1] = Form;
            WriteNumber(record, LengthOffset, 2, length);
            WriteNumber(record, NumberOffset, 4, number);
            WriteNumber(record, BodyOffset, 2, credentials.Port);
            int position = WritePart(record, BodyOffset + 2, host);
            position = WritePart(record, position, credentials.Identity);
            position = WritePart(record, position, credentials.Key);
            WriteNumber(record, position, ChecksumLength, ChecksumOf(record, position));
            return record;
        }

        private static Credentials Parse(byte[] record)
        {
            int port = ReadNumber(record, BodyOffset, 2);
            int position = BodyOffset + 2;
            byte[] host = ReadPart(record, position);
            position += 1 + host.Length;
            byte[] identity = ReadPart(record, position);
            position += 1 + identity.Length;
            return new Credentials(new string(Encoding.UTF8.GetChars(host)), port, identity, ReadPart(record, position));
        }

        /// <summary>Whether a record was written to its end, and nothing else over it.</summary>
        private static bool IsWhole(byte[] record)
        {
            const int Least = BodyOffset + 2 + 3 + ChecksumLength;
            if (record == null || record.Length < Least || record[0] != Magic || record[1] != Form)
            {
                return false;
            }

            // What a longer one left behind it is not of it.
            int length = ReadNumber(record, LengthOffset, 2);
            return length >= Least && length <= record.Length
                && ReadNumber(record, length - ChecksumLength, ChecksumLength) == ChecksumOf(record, length - ChecksumLength);
        }

        private static int NumberOf(byte[] record)
        {
            return ReadNumber(record, NumberOffset, 4);
        }

        private static int WritePart(byte[] record, int position, byte[] part)
        {
            record[position] = (byte)part.Length;
            Array.Copy(part, 0, record, position + 1, part.Length);
            return position + 1 + part.Length;
        }

        private static byte[] ReadPart(byte[] record, int position)
        {
            byte[] part = new byte[record[position]];
            Array.Copy(record, position + 1, part, 0, part.Length);
            return part;
        }

        private static void WriteNumber(byte[] record, int position, int length, int number)
        {
            for (int i = 0; i < length; i++)
            {
                record[position + i] = (byte)(number >> (8 * (length - 1 - i)));
            }
        }

        private static int ReadNumber(byte[] record, int position, int length)
        {
            int number = 0;
            for (int i = 0; i < length; i++)
            {
                number = (number << 8) | record[position + i];
            }

            return number;
        }

        /// <summary>CRC-32 over so many bytes: against accidents, not against people.</summary>
        private static int ChecksumOf(byte[] record, int count)
        {
            uint sum = 0xFFFFFFFF;
            for (int i = 0; i < count; i++)
            {
                sum ^= record[i];
                for (int bit = 0; bit < 8; bit++)
                {
                    sum = (sum & 1) != 0 ? (sum >> 1) ^ Polynomial : sum >> 1;
                }
            }

            return (int)~sum;
        }

        private static bool AreEqual(byte[] one, byte[] other)
        {
            if (other == null || other.Length < one.Length)
            {
                return false;
            }

            for (int i = 0; i < one.Length; i++)
            {
                if (one[i] != other[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
