namespace NfDtls.Samples.ModemTransport
{
    /// <summary>What the simulated modem does to who relies on it. As it is made it does nothing.</summary>
    internal sealed class ModemFaults
    {
        /// <summary>Of the datagrams of each direction, each so many-th is lost on the way; 0 none.</summary>
        internal int DropEvery;

        /// <summary>The so many-th sending is refused, though the socket is there; 0 none.</summary>
        internal int RefuseSend;

        /// <summary>Behind the so many-th sending the socket is gone, and the modem says so; 0 none.</summary>
        internal int CloseAfter;

        /// <summary>Behind the so many-th sending the network takes its address back; 0 none.</summary>
        internal int DeactivateAfter;

        /// <summary>Behind the so many-th sending the modem saves power and hears nothing until it is woken; 0 none.</summary>
        internal int SleepAfter;

        /// <summary>Whether it says something of itself in the midst of each answer.</summary>
        internal bool IsTalkative;

        /// <summary>Bytes that come at once at the most; 0 for any number.</summary>
        internal int PieceLength;
    }
}
