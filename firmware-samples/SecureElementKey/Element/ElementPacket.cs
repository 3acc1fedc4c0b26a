using System;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>Commands and answers of an ATECC608 on the bus: a count, what it counts, and a CRC of 16 bits over both.</summary>
    internal static class ElementPacket
    {
        /// <summary>Bytes of a count and a CRC.</summary>
        internal const int Frame = 3;

        private const byte CommandAddress = 3;
        private const int CommandHead = 5;
        private const int Polynomial = 0x8005;

        /// <summary>A command as it is written to the bus, behind the word address that says so.</summary>
        internal static byte[] Command(int code, int mode, int parameter, byte[] data)
        {
            int dataLength = data == null ? 0 : data.Length;
            byte[] packet = new byte[1 + CommandHead + dataLength + 2];
            packet[0] = CommandAddress;
            packet[1] = (byte)(packet.Length - 1);
            packet[2] = (byte)code;
            packet[3] = (byte)mode;
            packet[4] = (byte)parameter;
            packet[5] = (byte)(parameter >> 8);
            if (data != null)
            {
                Array.Copy(data, 0, packet, 1 + CommandHead, dataLength);
            }

            Seal(packet, 1, packet.Length - 1);
            return packet;
        }

        /// <summary>An answer as the chip sends it.</summary>
        internal static byte[] Answer(byte[] content)
        {
            byte[] packet = new byte[content.Length + Frame];
            packet[0] = (byte)packet.Length;
            Array.Copy(content, 0, packet, 1, content.Length);
            Seal(packet, 0, packet.Length);
            return packet;
        }

        /// <summary>Whether a packet with its count stands whole in these bytes.</summary>
        internal static bool IsWhole(byte[] packet, int offset, int room)
        {
            int count = room > 0 ? packet[offset] : 0;
            if (count <= Frame || count > room)
            {
                return false;
            }

            int crc = Crc(packet, offset, count - 2);
            return packet[offset + count - 2] == (byte)crc && packet[offset + count - 1] == (byte)(crc >> 8);
        }

        private static void Seal(byte[] packet, int offset, int count)
        {
            int crc = Crc(packet, offset, count - 2);
            packet[offset + count - 2] = (byte)crc;
            packet[offset + count - 1] = (byte)(crc >> 8);
        }

        // Each byte's lowest bit first, into a register whose highest goes out first.
        private static int Crc(byte[] bytes, int offset, int count)
        {
            int register = 0;
            for (int i = offset; i < offset + count; i++)
            {
                for (int bit = 0; bit < 8; bit++)
                {
                    bool differs = ((bytes[i] >> bit) & 1) != ((register >> 15) & 1);
                    register = (register << 1) & 0xFFFF;
                    register ^= differs ? Polynomial : 0;
                }
            }

            return register;
        }
    }
}
