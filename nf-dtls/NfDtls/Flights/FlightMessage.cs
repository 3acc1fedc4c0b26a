namespace NfDtls
{
    /// <summary>One message of a flight: where its body stands in the flight's bytes, and the epoch it is sent in, every time.</summary>
    internal sealed class FlightMessage
    {
        internal int Type;
        internal int Sequence;
        internal int Offset;
        internal int Length;
        internal int Version;
        internal Epoch Epoch;
    }
}
