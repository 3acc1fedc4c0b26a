#nullable enable
using System;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NfDtls.Sockets
{
    /// <summary>
    /// Places for datagrams that go by one system call: their bytes, addresses, and what goes beside them, in memory that stays
    /// where it is. Nothing is allocated after its making. Addresses are bytes as ports give them: family, port, address, scope. Not thread-safe.
    /// </summary>
    internal sealed unsafe class LinuxBatch
    {
        private const int AddressSize = 32;
        private const int ControlSize = 64;
        private const int MostBytes = 1 << 18;

        // Datagrams that come alone before two are asked for again.
        private const int LongestPause = 16;

        // What the system takes as segments at once: datagrams, and bytes.
        private const int MostSegments = 64;
        private const int MostSegmentBytes = 60000;

        // Linux's numbers of the families, and the lengths of sockaddr_in and sockaddr_in6.
        private const ushort Ipv4Family = 2;
        private const ushort Ipv6Family = 10;
        private const int Ipv4Size = 16;
        private const int Ipv6Size = 28;
        private const byte Ipv4 = 4;
        private const byte Ipv6 = 6;
        private const int Ipv4Length = 7;
        private const int Ipv6Length = 23;

        private readonly byte[] _memory;
        private readonly LinuxCalls.Message* _messages;
        private readonly byte* _addresses;
        private readonly byte* _controls;
        private readonly int _size;
        private readonly bool _hasControls;
        private int _asked = 1;
        private int _alone;
        private int _pause = 1;
        private int _aloneUntil;

        /// <param name="places">Datagrams at most; fewer where they are long.</param>
        /// <param name="size">Bytes of each at most.</param>
        /// <param name="hasControls">Whether something goes beside them.</param>
        internal LinuxBatch(int places, int size, bool hasControls)
        {
            Places = Math.Clamp(MostBytes / Math.Max(size, 1), 1, places);
            _size = size;
            _hasControls = hasControls;
            Buffer = GC.AllocateUninitializedArray<byte>(Places * size, pinned: true);
            int one = sizeof(LinuxCalls.Message) + sizeof(LinuxCalls.Vector) + AddressSize + ControlSize;
            _memory = GC.AllocateArray<byte>(Places * one, pinned: true);
            byte* start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
            byte* bytes = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Buffer));
            _messages = (LinuxCalls.Message*)start;
            LinuxCalls.Vector* vectors = (LinuxCalls.Vector*)(start + (Places * sizeof(LinuxCalls.Message)));
            _addresses = (byte*)(vectors + Places);
            _controls = _addresses + (Places * AddressSize);
            for (int i = 0; i < Places; i++)
            {
                vectors[i].Start = bytes + (i * size);
                _messages[i].Header.Vectors = vectors + i;
                _messages[i].Header.VectorCount = 1;
            }
        }

        /// <summary>How many datagrams there is room for.</summary>
        internal int Places { get; }

        /// <summary>Bytes of each at most.</summary>
        internal int Size
        {
            get { return _size; }
        }

        /// <summary>Their bytes, each at its <see cref="OffsetOf"/>.</summary>
        internal byte[] Buffer { get; }

        /// <summary>How many there are.</summary>
        internal int Count { get; private set; }

        /// <summary>Whether datagrams alike go as segments; false for good where the system or the device cannot.</summary>
        internal bool UsesSegments { get; set; } = true;

        /// <summary>Where a datagram begins.</summary>
        internal int OffsetOf(int index)
        {
            return index * _size;
        }

        /// <summary>Bytes of a datagram; of one that was cut, of what is left.</summary>
        internal int LengthOf(int index)
        {
            return (int)_messages[index].Length;
        }

        /// <summary>Whether a datagram was longer than there was room for.</summary>
        internal bool IsTruncated(int index)
        {
            return (_messages[index].Header.Flags & LinuxCalls.Truncated) != 0;
        }

        /// <summary>What came beside a datagram.</summary>
        internal ReadOnlySpan<byte> ControlOf(int index)
        {
            return new ReadOnlySpan<byte>(_controls + (index * ControlSize), (int)_messages[index].Header.ControlLength);
        }

        /// <summary>Receives what has come, at least one datagram unless the socket does not wait; returns how many, or the error's number below 0.</summary>
        internal int Receive(SafeSocketHandle socket, bool waits)
        {
            int asked = _asked;
            for (int i = 0; i < asked; i++)
            {
                ref LinuxCalls.MessageHeader header = ref _messages[i].Header;
                header.Address = _addresses + (i * AddressSize);
                header.AddressLength = AddressSize;
                header.Vectors->Length = (nuint)_size;
                header.Control = _hasControls ? _controls + (i * ControlSize) : null;
                header.ControlLength = _hasControls ? ControlSize : 0u;
                header.Flags = 0;
            }

            int received = LinuxCalls.Receive(socket, _messages, asked, waits ? 0 : LinuxCalls.DontWait);
            Count = Math.Max(received, 0);
            for (int i = 0; i < Count; i++)
            {
                RefuseNoPort(i);
            }

            Learn(asked, received);
            return received;
        }

        // Nobody can answer a datagram from port 0: a byte is left of it, which begins no record, and which an engine drops and counts.
        private void RefuseNoPort(int index)
        {
            byte* from = _addresses + (index * AddressSize);
            ushort family = *(ushort*)from;
            if ((family == Ipv4Family || family == Ipv6Family) && *(ushort*)(from + 2) == 0 && LengthOf(index) > 0)
            {
                Buffer[OffsetOf(index)] = 0;
                _messages[index].Length = 1;
                _messages[index].Header.Flags = 0;
            }
        }

        // As many as come, about: each look for what is not there takes its time. Where one datagram comes at a time, whether two come
        // together is tried ever more seldom.
        private void Learn(int asked, int received)
        {
            if (received == asked && asked > 1)
            {
                _asked = Math.Min(2 * asked, Places);
                _pause = 1;
            }
            else if (received > 1)
            {
                _asked = Math.Min(Math.Max(2 * received, asked / 2), Places);
                _pause = 1;
            }
            else if (received == 1 && asked > 1)
            {
                _asked = asked / 2;
                _pause = Math.Min(2 * _pause, LongestPause);
                _alone = 0;
            }
            else if (received == 1 && ++_alone >= _pause)
            {
                _asked = Math.Min(2, Places);
            }
        }

        /// <summary>Writes a sender's address; returns its bytes, 0 for another family.</summary>
        internal int WriteAddress(int index, Span<byte> destination)
        {
            byte* from = _addresses + (index * AddressSize);
            ushort family = *(ushort*)from;
            if (family != Ipv4Family && family != Ipv6Family)
            {
                return 0;
            }

            destination[1] = from[2];
            destination[2] = from[3];
            if (family == Ipv4Family)
            {
                destination[0] = Ipv4;
                new ReadOnlySpan<byte>(from + 4, 4).CopyTo(destination.Slice(3));
                return Ipv4Length;
            }

            destination[0] = Ipv6;
            new ReadOnlySpan<byte>(from + 8, 16).CopyTo(destination.Slice(3));
            BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(19), *(uint*)(from + 24));
            return Ipv6Length;
        }

        /// <summary>Adds a datagram to be sent: there must be a place.</summary>
        /// <param name="datagram">Its bytes, which are copied.</param>
        /// <param name="address">Where it goes; empty where the socket is connected.</param>
        /// <param name="control">What goes beside it, or nothing.</param>
        internal void Add(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> address, ReadOnlySpan<byte> control)
        {
            int index = Count++;
            datagram.CopyTo(Buffer.AsSpan(OffsetOf(index), _size));
            ref LinuxCalls.Message message = ref _messages[index];
            message.Length = (uint)datagram.Length;
            message.Header.Vectors->Length = (nuint)datagram.Length;
            message.Header.Address = address.IsEmpty ? null : _addresses + (index * AddressSize);
            message.Header.AddressLength = address.IsEmpty ? 0 : (uint)ReadAddress(address, message.Header.Address);
            message.Header.Control = control.IsEmpty ? null : _controls + (index * ControlSize);
            message.Header.ControlLength = (nuint)control.Length;
            message.Header.Flags = 0;
            control.CopyTo(new Span<byte>(_controls + (index * ControlSize), ControlSize));
        }

        /// <summary>Sends those from one on; returns how many went, or, where the first one did not, the error's number below 0.</summary>
        internal int Send(SafeSocketHandle socket, int first)
        {
            int alike = AlikeFrom(first);
            if (alike > 1)
            {
                int error = SendSegments(socket, first, alike);
                if (error == 0)
                {
                    return alike;
                }

                if (LinuxCalls.IsOfAllSegments(error))
                {
                    UsesSegments = false;
                }
                else if (LinuxCalls.IsOfTheseSegments(error))
                {
                    _aloneUntil = first + alike;
                }
                else
                {
                    return -error;
                }
            }

            int next = first + 1;
            while (next < Count && AlikeFrom(next) == 1)
            {
                next++;
            }

            return LinuxCalls.Send(socket, _messages + first, next - first);
        }

        // How many from one on go to the same address and are as long as it, but for the last, which may be shorter: the system takes
        // these as one and cuts it where they leave, so that the way there is gone once.
        private int AlikeFrom(int first)
        {
            if (!UsesSegments || first < _aloneUntil || _messages[first].Header.Control != null)
            {
                return 1;
            }

            int length = LengthOf(first);
            int bytes = length;
            int next = first + 1;
            while (next < Count && next - first < MostSegments && LengthOf(next - 1) == length && LengthOf(next) <= length
                && (bytes += LengthOf(next)) <= MostSegmentBytes && GoesWith(first, next))
            {
                next++;
            }

            return next - first;
        }

        private bool GoesWith(int first, int next)
        {
            ref LinuxCalls.MessageHeader one = ref _messages[first].Header;
            ref LinuxCalls.MessageHeader other = ref _messages[next].Header;
            return other.Control == null
                && new ReadOnlySpan<byte>(one.Address, (int)one.AddressLength).SequenceEqual(new ReadOnlySpan<byte>(other.Address, (int)other.AddressLength));
        }

        private int SendSegments(SafeSocketHandle socket, int first, int count)
        {
            if (!LinuxCalls.HasSegments(socket))
            {
                return LinuxCalls.NoSuchOption;
            }

            LinuxCalls.MessageHeader header = _messages[first].Header;
            header.VectorCount = (nuint)count;
            return LinuxCalls.SendSegments(socket, header, LengthOf(first));
        }

        /// <summary>Sends one datagram that lies elsewhere; returns 0, or the error's number.</summary>
        internal static int Send(SafeSocketHandle socket, ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> address)
        {
            byte* to = stackalloc byte[Ipv6Size];
            int length = address.IsEmpty ? 0 : ReadAddress(address, to);
            fixed (byte* bytes = datagram)
            {
                return LinuxCalls.Send(socket, bytes, datagram.Length, address.IsEmpty ? null : to, length);
            }
        }

        /// <summary>Bytes of one that is to be sent.</summary>
        internal ReadOnlySpan<byte> DatagramOf(int index)
        {
            return new ReadOnlySpan<byte>(Buffer, OffsetOf(index), LengthOf(index));
        }

        /// <summary>Forgets all of them.</summary>
        internal void Clear()
        {
            Count = 0;
            _aloneUntil = 0;
        }

        /// <summary>Makes the system's form of an address, in up to 28 bytes; returns how many.</summary>
        private static int ReadAddress(ReadOnlySpan<byte> source, byte* to)
        {
            to[2] = source[1];
            to[3] = source[2];
            bool isIpv4 = source[0] == Ipv4 || (source[0] >= 8 && (source[0] & 1) == 0);
            if (isIpv4)
            {
                *(ushort*)to = Ipv4Family;
                source.Slice(3, 4).CopyTo(new Span<byte>(to + 4, 4));
                *(ulong*)(to + 8) = 0;
                return Ipv4Size;
            }

            *(ushort*)to = Ipv6Family;
            *(uint*)(to + 4) = 0;
            source.Slice(3, 16).CopyTo(new Span<byte>(to + 8, 16));
            *(uint*)(to + 24) = BinaryPrimitives.ReadUInt32BigEndian(source.Slice(19));
            return Ipv6Size;
        }
    }
}
