namespace NfDtls
{
    /// <summary>Why a datagram, a record or a fragment was dropped without a trace but its counter in <see cref="DtlsStatistics"/>.</summary>
    public static class DropReason
    {
        /// <summary>A header that is cut short, of unknown form, or longer than the datagram; on .NET also a datagram from port 0, where nothing can be sent to.</summary>
        public const int Malformed = 0;
        /// <summary>A version that this epoch does not have.</summary>
        public const int Version = 1;
        /// <summary>An epoch that cannot be read, or no longer.</summary>
        public const int Epoch = 2;
        /// <summary>A sequence number that came before, or is older than the window.</summary>
        public const int Replay = 3;
        /// <summary>Authentication failed.</summary>
        public const int Forged = 4;
        /// <summary>A content type that is unknown or not expected now, or a record without the connection ID that was agreed on.</summary>
        public const int ContentType = 5;
        /// <summary>Application data in epoch 0 or before the handshake ended.</summary>
        public const int EarlyData = 6;
        /// <summary>A handshake fragment whose header contradicts itself or earlier fragments.</summary>
        public const int Fragment = 7;
        /// <summary>A handshake message that is not among the next few.</summary>
        public const int MessageSequence = 8;
        /// <summary>A handshake message, or a part of it, that was there already.</summary>
        public const int Duplicate = 9;
        /// <summary>No packet, slot or queue place was free.</summary>
        public const int NoBuffer = 10;
        /// <summary>A ChangeCipherSpec that was not expected.</summary>
        public const int ChangeCipherSpec = 11;
        /// <summary>A plaintext alert that counts for nothing.</summary>
        public const int Alert = 12;
        /// <summary>No session for that address or connection ID, and no ClientHello to begin one.</summary>
        public const int NoSession = 13;
        /// <summary>A datagram longer than the receive buffer.</summary>
        public const int Truncated = 14;
        /// <summary>What came after the association had been closed.</summary>
        public const int Closed = 15;

        /// <summary>A hello with a valid cookie from an address that has begun too many handshakes that came to nothing.</summary>
        public const int Rate = 16;

        /// <summary>A record of a durable association whose number is above what was promised in stable storage.</summary>
        public const int Unpromised = 17;

        /// <summary>How many reasons there are.</summary>
        public const int Count = 18;
    }
}
