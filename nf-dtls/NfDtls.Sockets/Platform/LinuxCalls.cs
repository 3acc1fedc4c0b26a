#nullable enable
using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>Linux's system calls for datagrams: several at once (recvmmsg, sendmmsg), or one by one where that is denied.</summary>
    internal static unsafe partial class LinuxCalls
    {
        /// <summary>MSG_DONTWAIT: returns at once where nothing has come.</summary>
        internal const int DontWait = 0x40;
        /// <summary>MSG_TRUNC, of a datagram that was longer than its buffer.</summary>
        internal const int Truncated = 0x20;

        /// <summary>ENOPROTOOPT: the system has no such option.</summary>
        internal const int NoSuchOption = 92;

        /// <summary>The switch of <see cref="AppContext"/> that has datagrams leave one by one where it is false.</summary>
        internal const string SegmentSwitch = "NfDtls.Net.UseSegments";

        // MSG_WAITFORONE, and numbers of errno.
        private const int WaitForOne = 0x10000;
        private const int NotPermitted = 1;
        private const int Interrupted = 4;
        private const int InputOutput = 5;
        private const int Again = 11;
        private const int Invalid = 22;
        private const int NoSuchCall = 38;
        private const int TooLong = 90;
        private const int NotSupported = 95;
        private const int ConnectionReset = 104;
        private const int ConnectionRefused = 111;

        // SOL_UDP and UDP_SEGMENT.
        private const int UdpLevel = 17;
        private const int Segment = 103;

        private static int _segments;
        private static bool _isReceivingDenied;
        private static bool _isSendingDenied;

        /// <summary>Whether this system has them, in the form that is known here.</summary>
        internal static bool AreThere
        {
            get { return OperatingSystem.IsLinux() && sizeof(nint) == 8 && BitConverter.IsLittleEndian; }
        }

        /// <summary>Whether the system refuses several datagrams in one call, as a sandbox may.</summary>
        internal static bool IsReceivingDenied
        {
            get { return Volatile.Read(ref _isReceivingDenied); }
            set { Volatile.Write(ref _isReceivingDenied, value); }
        }

        /// <summary>The same of sending.</summary>
        internal static bool IsSendingDenied
        {
            get { return Volatile.Read(ref _isSendingDenied); }
            set { Volatile.Write(ref _isSendingDenied, value); }
        }

        /// <summary>What is known of segments: 1, there are; -1, there are not; 0, nobody has looked.</summary>
        internal static int Segments
        {
            get { return Volatile.Read(ref _segments); }
            set { Volatile.Write(ref _segments, value); }
        }

        /// <summary>Whether the application allows them: read when a client or listener is made, so that it may be set in a program's first line.</summary>
        internal static bool MaySegment
        {
            get { return !AppContext.TryGetSwitch(SegmentSwitch, out bool isOn) || isOn; }
        }

        /// <summary>Whether a call failed by the answer (ICMP) to a datagram that was sent before.</summary>
        internal static bool IsOfAnother(int received)
        {
            return received == -ConnectionReset || received == -ConnectionRefused;
        }

        /// <summary>Whether a call to receive says that nothing has come.</summary>
        internal static bool IsNothing(int received)
        {
            return received == -Again || received == -Interrupted;
        }

        /// <summary>Whether an error says that no datagrams go as segments, wherever they go: the system or the device cannot. They may go by themselves.</summary>
        internal static bool IsOfAllSegments(int error)
        {
            return error is InputOutput or NoSuchOption or NotSupported;
        }

        /// <summary>
        /// Whether an error may say of these datagrams alone that they do not go as segments: the path to where they go takes shorter
        /// ones, or there is none, as to port 0. Who sent what is answered here can bring it about, so nothing follows for others.
        /// </summary>
        internal static bool IsOfTheseSegments(int error)
        {
            return error is Invalid or TooLong;
        }

        /// <summary>Receives at least one datagram, and others that have come; returns how many, or the error's number below 0.</summary>
        internal static int Receive(SafeSocketHandle socket, Message* messages, int count, int flags)
        {
            if (count > 1 && !IsReceivingDenied)
            {
                int received = ReceiveMany(socket, messages, (uint)count, flags | WaitForOne, null);
                if (received >= 0)
                {
                    return received;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error != NoSuchCall && error != NotPermitted)
                {
                    return -error;
                }

                IsReceivingDenied = true;
            }

            return messages->Header.Control == null ? ReceivePlain(socket, messages, flags) : ReceiveOne(socket, messages, flags);
        }

        /// <summary>Sends datagrams in their order; returns how many went, or, where the first one did not, the error's number below 0.</summary>
        internal static int Send(SafeSocketHandle socket, Message* messages, int count)
        {
            if (count > 1 && !IsSendingDenied)
            {
                int sent = SendMany(socket, messages, (uint)count, 0);
                if (sent >= 0)
                {
                    return sent;
                }

                // A filter of packets refuses a datagram by the same number as a sandbox the call.
                int error = Marshal.GetLastPInvokeError();
                bool mayBeDenied = error == NoSuchCall || error == NotPermitted;
                if (!mayBeDenied)
                {
                    return -error;
                }
            }

            int failure = SendOne(socket, messages);
            if (failure != 0)
            {
                return -failure;
            }

            IsSendingDenied |= count > 1;
            return 1;
        }

        /// <summary>
        /// Whether the system makes several datagrams of one that is sent (UDP_SEGMENT, Linux 4.18): one without it would send them as one.
        /// </summary>
        internal static bool HasSegments(SafeSocketHandle socket)
        {
            if (Segments == 0)
            {
                int value;
                uint length = sizeof(int);
                Segments = GetOption(socket, UdpLevel, Segment, &value, &length) == 0 ? 1 : -1;
            }

            return Segments > 0;
        }

        /// <summary>Sends what lies in several vectors as datagrams of one length, the last one as long or shorter; returns 0, or the error's number.</summary>
        /// <param name="socket">The socket.</param>
        /// <param name="header">Vectors and address; what it has of a control is in its way.</param>
        /// <param name="length">Bytes of a datagram.</param>
        internal static int SendSegments(SafeSocketHandle socket, MessageHeader header, int length)
        {
            // struct cmsghdr: its length, level and type, and behind it the bytes of a datagram.
            ulong* control = stackalloc ulong[3];
            control[0] = sizeof(ulong) * 2 + sizeof(ushort);
            control[1] = UdpLevel | ((ulong)Segment << 32);
            control[2] = (ushort)length;
            header.Control = (byte*)control;
            header.ControlLength = sizeof(ulong) * 3;
            return SendMessage(socket, &header, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        // recvfrom and sendto have less to look at than recvmsg and sendmsg: 0.3 us less a datagram, of 3.5.
        private static int ReceivePlain(SafeSocketHandle socket, Message* message, int flags)
        {
            ref MessageHeader header = ref message->Header;
            nuint room = header.Vectors->Length;
            uint addressLength = header.AddressLength;
            nint length = ReceiveFrom(socket, header.Vectors->Start, room, flags | Truncated, header.Address, &addressLength);
            if (length < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            header.AddressLength = addressLength;
            header.Flags = (nuint)length > room ? Truncated : 0;
            message->Length = (uint)Math.Min((nuint)length, room);
            return 1;
        }

        private static int ReceiveOne(SafeSocketHandle socket, Message* message, int flags)
        {
            nint length = ReceiveMessage(socket, &message->Header, flags);
            message->Length = (uint)length;
            return length < 0 ? -Marshal.GetLastPInvokeError() : 1;
        }

        private static int SendOne(SafeSocketHandle socket, Message* message)
        {
            MessageHeader* header = &message->Header;
            return header->Control == null
                ? Send(socket, header->Vectors->Start, (int)header->Vectors->Length, header->Address, (int)header->AddressLength)
                : SendMessage(socket, header, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        /// <summary>Sends one datagram, to an address or, without one, to whom the socket is connected to; returns 0, or the error's number.</summary>
        internal static int Send(SafeSocketHandle socket, byte* datagram, int length, byte* address, int addressLength)
        {
            return SendTo(socket, datagram, (nuint)length, 0, address, addressLength) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        /// <summary>Ends the wait of who receives, for good: it gets nothing.</summary>
        internal static void EndReceiving(SafeSocketHandle socket)
        {
            // A socket that is not connected says so, and does it all the same.
            _ = Shutdown(socket, 0);
        }

        [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
        private static partial int Shutdown(SafeSocketHandle socket, int how);

        [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
        private static partial int ReceiveMany(SafeSocketHandle socket, Message* messages, uint count, int flags, void* time);

        [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
        private static partial nint ReceiveMessage(SafeSocketHandle socket, MessageHeader* message, int flags);

        [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
        private static partial int SendMany(SafeSocketHandle socket, Message* messages, uint count, int flags);

        [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
        private static partial nint SendMessage(SafeSocketHandle socket, MessageHeader* message, int flags);

        [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
        private static partial nint ReceiveFrom(SafeSocketHandle socket, byte* datagram, nuint length, int flags, byte* address, uint* addressLength);

        [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
        private static partial int GetOption(SafeSocketHandle socket, int level, int name, int* value, uint* length);

        [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
        private static partial nint SendTo(SafeSocketHandle socket, byte* datagram, nuint length, int flags, byte* address, int addressLength);

        /// <summary>struct iovec.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Vector
        {
            internal byte* Start;
            internal nuint Length;
        }

        /// <summary>struct msghdr of 64 bits.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct MessageHeader
        {
            internal byte* Address;
            internal uint AddressLength;
            internal Vector* Vectors;
            internal nuint VectorCount;
            internal byte* Control;
            internal nuint ControlLength;
            internal int Flags;
        }

        /// <summary>struct mmsghdr of 64 bits.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Message
        {
            internal MessageHeader Header;
            internal uint Length;
        }
    }
}
