using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>
    /// Plays a secure element with one key, made when it starts and gone when it ends: wakes, takes commands, is busy for a while and does not
    /// acknowledge meanwhile, answers. Signatures may be befallen by faults.
    /// </summary>
    internal sealed class Chip : IDisposable
    {
        private const int Work = 60;
        private const int CommandCode = 2;
        private const int CommandMode = 3;
        private const int CommandData = 6;

        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly Queue<string> _faults;
        private readonly byte[] _message = new byte[SecureElement.HalfLength];
        private bool _isAwake;
        private byte[] _answer;
        private long _readyAt;

        internal Chip(string[] faults)
        {
            _faults = new Queue<string>(faults);
        }

        /// <summary>Plays it for ever.</summary>
        internal int Serve(int port)
        {
            using Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            Console.WriteLine("The chip is on UDP port " + port + ".");
            byte[] buffer = new byte[UdpBus.MostBytes];
            while (true)
            {
                EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
                int length = socket.ReceiveFrom(buffer, ref sender);
                if (length < UdpBus.Head)
                {
                    continue;
                }

                byte[] read = Transfer(buffer[1], buffer.AsSpan(UdpBus.Head, length - UdpBus.Head).ToArray());
                byte[] answer = read == null ? [buffer[0], 0] : [buffer[0], 1, .. read];
                socket.SendTo(answer, sender);
            }
        }

        public void Dispose()
        {
            _key.Dispose();
        }

        /// <summary>What is read, nothing of a transfer that only writes; null where it does not acknowledge.</summary>
        internal byte[] Transfer(byte kind, byte[] bytes)
        {
            switch (kind)
            {
                case UdpBus.Waking:
                    _isAwake = true;
                    Answer([SecureElement.WakeStatus], 0);
                    return [];
                case UdpBus.Writing:
                    return _isAwake && bytes.Length > 0 && Take(bytes) ? [] : null;
                default:
                    return bytes.Length == 1 && _isAwake && _answer != null && Environment.TickCount64 >= _readyAt ? Read(bytes[0]) : null;
            }
        }

        private byte[] Read(int count)
        {
            byte[] read = new byte[count];
            Array.Fill(read, (byte)0xFF);
            Array.Copy(_answer, read, Math.Min(count, _answer.Length));
            return read;
        }

        // False where it does not acknowledge.
        private bool Take(byte[] bytes)
        {
            if (bytes.Length == 1)
            {
                // Sleep: it forgets what it was told.
                _isAwake = false;
                _answer = null;
                return true;
            }

            if (!ElementPacket.IsWhole(bytes, 1, bytes.Length - 1))
            {
                Answer([SecureElement.CrcStatus], 0);
                return true;
            }

            switch (bytes[CommandCode])
            {
                case SecureElement.Nonce when bytes[CommandMode] == SecureElement.IntoMessage && bytes.Length == CommandData + _message.Length + 2:
                    Array.Copy(bytes, CommandData, _message, 0, _message.Length);
                    Answer([0], 0);
                    return true;
                case SecureElement.GenKey when bytes[CommandMode] == 0:
                    ECParameters key = _key.ExportParameters(false);
                    Answer([.. key.Q.X, .. key.Q.Y], Work);
                    return true;
                case SecureElement.Sign when bytes[CommandMode] == SecureElement.OfMessage:
                    return Sign();
                default:
                    Answer([SecureElement.RefusedStatus], 0);
                    return true;
            }
        }

        private bool Sign()
        {
            string fault = _faults.Count > 0 ? _faults.Dequeue() : "";
            Console.WriteLine(fault.Length > 0 ? "A signature is wanted: " + fault + "." : "Signs.");
            byte[] hash = (byte[])_message.Clone();
            hash[0] ^= (byte)(fault == "wrong" ? 1 : 0);
            Answer(fault == "refuse" ? [SecureElement.RefusedStatus] : _key.SignHash(hash), fault == "busy" ? int.MaxValue : Work);
            _answer[^1] ^= (byte)(fault == "crc" ? 1 : 0);
            return fault != "nak";
        }

        private void Answer(byte[] content, int after)
        {
            _answer = ElementPacket.Answer(content);
            _readyAt = Environment.TickCount64 + after;
        }
    }
}
