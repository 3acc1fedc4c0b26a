#nullable enable
using System;
using System.Buffers.Binary;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>
    /// The addresses of this machine that a server's socket was asked at, by number, from 1 on: Linux tells with each datagram where it
    /// went to (IP_PKTINFO, IPV6_PKTINFO), and takes with each where it is to come from. The receiving thread adds; others read.
    /// </summary>
    internal sealed class LinuxLocals
    {
        // Of struct cmsghdr and what follows it, with Linux's numbers.
        private const int HeaderLength = 16;
        private const int Ipv4Level = 0;
        private const int Ipv4Information = 8;
        private const int Ipv4Length = HeaderLength + 12;
        private const int Ipv6Level = 41;
        private const int Ipv6Information = 50;
        private const int Ipv6Length = HeaderLength + 20;

        // What goes beside a datagram to come from an address.
        private readonly byte[][] _controls = new byte[UdpAddress.MaxLocals][];
        private int _count;

        /// <summary>How many there are.</summary>
        internal int Count
        {
            get { return Volatile.Read(ref _count); }
        }

        /// <summary>What goes beside a datagram that comes from an address; nothing for number 0.</summary>
        internal ReadOnlySpan<byte> ControlOf(int number)
        {
            return number == 0 ? default : _controls[number - 1];
        }

        /// <summary>The number of the address that a datagram went to, by what came beside it; 0 where it can have none.</summary>
        internal int NumberOf(ReadOnlySpan<byte> control)
        {
            Span<byte> wanted = stackalloc byte[40];
            int length = Answering(control, wanted);
            if (length == 0)
            {
                return 0;
            }

            wanted = wanted.Slice(0, length);
            for (int i = 0; i < _count; i++)
            {
                if (wanted.SequenceEqual(_controls[i]))
                {
                    return i + 1;
                }
            }

            if (_count == UdpAddress.MaxLocals)
            {
                return 0;
            }

            _controls[_count] = wanted.ToArray();
            Volatile.Write(ref _count, _count + 1);
            return _count;
        }

        // Writes what goes beside an answer; returns its bytes, 0 where the system is to choose.
        private static int Answering(ReadOnlySpan<byte> control, Span<byte> answer)
        {
            answer.Clear();
            while (control.Length >= HeaderLength)
            {
                int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(control);
                int level = BinaryPrimitives.ReadInt32LittleEndian(control.Slice(8));
                int type = BinaryPrimitives.ReadInt32LittleEndian(control.Slice(12));
                if (length < HeaderLength || length > control.Length)
                {
                    return 0;
                }

                if (level == Ipv4Level && type == Ipv4Information && length >= Ipv4Length)
                {
                    // ipi_spec_dst, the machine's own address also of what went to many; the interface is the route's.
                    control.Slice(0, HeaderLength).CopyTo(answer);
                    control.Slice(HeaderLength + 4, 4).CopyTo(answer.Slice(HeaderLength + 4));
                    return (Ipv4Length + 7) & ~7;
                }

                if (level == Ipv6Level && type == Ipv6Information && length >= Ipv6Length)
                {
                    ReadOnlySpan<byte> address = control.Slice(HeaderLength, 16);
                    if (address[0] == 0xFF)
                    {
                        return 0;
                    }

                    // The interface only tells of a link-local address which one is meant.
                    bool isLinkLocal = address[0] == 0xFE && (address[1] & 0xC0) == 0x80;
                    control.Slice(0, HeaderLength + (isLinkLocal ? 20 : 16)).CopyTo(answer);
                    return (Ipv6Length + 7) & ~7;
                }

                control = control.Slice(Math.Min((length + 7) & ~7, control.Length));
            }

            return 0;
        }
    }
}
