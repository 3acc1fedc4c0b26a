using System;

namespace NfDtls.Server
{
    /// <summary>A server's slot for a handshake: who has it, since when, and the hello that it came from.</summary>
    internal sealed class ServerHandshake : Handshake
    {
        private readonly DtlsServerEngine _engine;
        private int _helloSequence;
        private int _randomCount;

        // Links of the slots' lists: by age (of a free slot: the next free one), and of those whose work is pending.
        internal ServerHandshake Elder;
        internal ServerHandshake Newer;
        internal ServerHandshake PreviousPending;
        internal ServerHandshake NextPending;
        internal bool IsListedPending;

        /// <summary>Whether it runs within a session.</summary>
        internal bool IsForSession;

        /// <summary>The hash of the address that it began from.</summary>
        internal uint Who;

        /// <summary>Since when its peer could answer: its beginning, or the first sending of its flight.</summary>
        internal long WaitsSince;

        internal ServerHandshake(DtlsServerEngine engine)
            : base(engine)
        {
            _engine = engine;
        }

        /// <summary>What it runs in.</summary>
        internal Association Association
        {
            get { return (Association)Host; }
        }

        /// <summary>The message_seq of the ClientHello that it came from.</summary>
        internal int HelloSequence
        {
            get { return _helloSequence; }
        }

        /// <summary>Begins with a ClientHello of which the first fragment has come; numbers go on from its own.</summary>
        internal void Start(Association association, byte[] buffer, ClientHello hello, int messageSequence, long recordSequence, long now)
        {
            Begin(association, messageSequence, messageSequence, now);
            Role.Start(association, now);
            Array.Copy(buffer, hello.Random, ClientRandom, 0, hello.RandomCount);
            _randomCount = hello.RandomCount;
            association.WriteEpoch.NextSequence = recordSequence;
            _helloSequence = messageSequence;
            WaitsSince = now;
        }

        /// <summary>The hello was read whole: all of its random is known.</summary>
        internal void OnHelloRead(byte[] buffer, ClientHello hello)
        {
            Array.Copy(buffer, hello.Random, ClientRandom, 0, ClientHello.RandomLength);
            _randomCount = ClientHello.RandomLength;
            if (!IsRenegotiation)
            {
                Association.Hello = HelloDigest.Of(buffer, hello.Random);
            }
        }

        /// <summary>Whether a later fragment is due: the message of its number was begun and is not whole.</summary>
        internal bool PutsTogether(MessageHeader message)
        {
            MessageAssembler assembler = Receiver.Assembler;
            return message.Sequence == assembler.NextSequence && assembler.IsBegun && assembler.Ready == null;
        }

        /// <summary>Ends because another needs the slot; its peer is told, unless it has shown a wrong key.</summary>
        internal void Yield()
        {
            Fail(Patience.IsKeyDoubted ? DtlsError.KeyMismatchSuspected : DtlsError.NoFreeSession);
        }

        internal override void Clear()
        {
            base.Clear();
            _engine.Slots.Return(this);
        }

        /// <summary>
        /// Whether a hello has the random of the one that it came from, as far as both are known: without cookies a first fragment
        /// may be shorter than that.
        /// </summary>
        internal bool IsOf(byte[] buffer, ClientHello hello)
        {
            return ConstantTime.AreEqual(ClientRandom, 0, buffer, hello.Random, hello.RandomCount < _randomCount ? hello.RandomCount : _randomCount);
        }
    }
}
