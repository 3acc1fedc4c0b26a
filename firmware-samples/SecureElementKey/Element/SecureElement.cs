using System;
using System.Threading;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>
    /// A secure element with the commands of an ATECC608: its key pairs never leave it, it tells their public halves and signs hashes. Its
    /// calls wait for the chip, a signature for a tenth of a second and more, so the engine does not make them: <see cref="ElementSigning"/>
    /// has a thread for that.
    /// </summary>
    internal sealed class SecureElement
    {
        /// <summary>Bytes of a hash, and of each half of a point or signature.</summary>
        internal const int HalfLength = 32;

        internal const int Nonce = 0x16;
        internal const int GenKey = 0x40;
        internal const int Sign = 0x41;

        /// <summary>Of Nonce: 32 bytes go into the buffer for messages as they are.</summary>
        internal const int IntoMessage = 0x43;

        /// <summary>Of Sign: what is in that buffer, with a key of the slot.</summary>
        internal const int OfMessage = 0xA0;

        internal const byte WakeStatus = 0x11;
        internal const byte CrcStatus = 0xFF;
        internal const byte RefusedStatus = 0x0F;
        private const byte WatchdogStatus = 0xEE;
        private const byte CurveStatus = 0x05;

        // A signature takes 665 ms at the most with the slowest clock of the chip's (its data sheet's table of times); it is asked every 5 ms, for
        // 1.5 s or more, as the bus takes its time as well. Waking is over when it is asked first.
        private const int Poll = 5;
        private const int PollsOfWork = 300;
        private const int PollsOfWaking = 4;
        private const int Tries = 3;
        private const int Pause = 20;
        private static readonly byte[] s_sleep = { 1 };

        private readonly object _lock = new object();
        private readonly ElementBus _bus;

        internal SecureElement(ElementBus bus)
        {
            _bus = bus;
        }

        /// <summary>The public half of a slot's key: X and Y.</summary>
        /// <exception cref="ElementException">The chip does not tell it.</exception>
        internal byte[] ReadPublicKey(int slot)
        {
            return Do(GenKey, 0, slot, null);
        }

        /// <summary>Signs a hash of 32 bytes with a slot's key: r and s.</summary>
        /// <exception cref="ElementException">It does not.</exception>
        internal byte[] SignHash(int slot, byte[] hash)
        {
            return Do(Sign, OfMessage, slot, hash);
        }

        /// <summary>
        /// One thing from waking to sleeping, and all of it once more where it came to nothing by something that may pass: a chip that falls
        /// asleep in between, by its watchdog say, forgets the message.
        /// </summary>
        private byte[] Do(int code, int mode, int slot, byte[] message)
        {
            // Handshakes that were given up may still have a thread in here.
            lock (_lock)
            {
                for (int i = 1; true; i++)
                {
                    try
                    {
                        Wake();
                        if (message != null)
                        {
                            Execute(Nonce, IntoMessage, 0, message, 1);
                        }

                        return Execute(code, mode, slot, null, 2 * HalfLength);
                    }
                    catch (ElementException exception)
                    {
                        if (i == Tries || !exception.MayPass)
                        {
                            throw;
                        }

                        Thread.Sleep(Pause * i);
                    }
                    finally
                    {
                        // Awake it takes current, and its watchdog would put it to sleep in the midst of the next command.
                        _bus.Write(s_sleep, s_sleep.Length);
                    }
                }
            }
        }

        private void Wake()
        {
            _bus.Wake();
            byte[] answer = Await(1, PollsOfWaking);
            if (answer[0] != WakeStatus)
            {
                throw new ElementException("The secure element does not wake.", true);
            }
        }

        private byte[] Execute(int code, int mode, int parameter, byte[] data, int length)
        {
            byte[] command = ElementPacket.Command(code, mode, parameter, data);
            if (!_bus.Write(command, command.Length))
            {
                throw new ElementException("The secure element does not take a command: it does not acknowledge.", true);
            }

            byte[] answer = Await(length, PollsOfWork);
            if (answer.Length == 1 && answer[0] != 0)
            {
                throw Refusal(answer[0]);
            }

            if (answer.Length != length)
            {
                throw new ElementException("The secure element answered " + answer.Length.ToString() + " bytes in place of " + length.ToString() + ".", true);
            }

            return answer;
        }

        /// <summary>Asks until there is an answer. While the chip works it does not acknowledge.</summary>
        private byte[] Await(int length, int polls)
        {
            byte[] packet = new byte[length + ElementPacket.Frame];
            for (int i = 1; !_bus.Read(packet, packet.Length); i++)
            {
                if (i == polls)
                {
                    throw new ElementException("The secure element is busy, or not there: it was asked " + polls.ToString() + " times for an answer.", true);
                }

                Thread.Sleep(Poll);
            }

            if (!ElementPacket.IsWhole(packet, 0, packet.Length))
            {
                throw new ElementException("The secure element's answer was damaged on the bus.", true);
            }

            byte[] content = new byte[packet[0] - ElementPacket.Frame];
            Array.Copy(packet, 1, content, 0, content.Length);
            return content;
        }

        private static ElementException Refusal(byte status)
        {
            switch (status)
            {
                case CrcStatus: return new ElementException("A command was damaged on the bus.", true);
                case WatchdogStatus: return new ElementException("The secure element is about to fall asleep.", true);
                case CurveStatus: return new ElementException("The secure element's arithmetic failed.", true);
                case RefusedStatus: return new ElementException("The secure element refuses the command: the slot has no such key, or may not be used so.", false);
                default: return new ElementException("The secure element answered status " + status.ToString() + ".", false);
            }
        }
    }
}
