namespace NfDtls
{
    /// <summary>
    /// Makes the datagrams of a flight smaller when it does not arrive (RFC 6347 section 4.1.1.1). Two sendings may be lost by
    /// accident. After that each repetition of the peer's, which shows that the flight did not arrive, takes the datagrams a
    /// step down, or more where else the fourth would not be the smallest: before the peer's patience ends. A flight whose
    /// datagrams are small already says nothing about the path.
    /// </summary>
    internal sealed class MtuBackOff
    {
        private const int Smallest = 228;
        private const int Accidents = 2;
        private const int MostLosses = 4;

        private int _peerSize;
        private int _longest;
        private int _sendings;
        private int _losses;
        private bool _isLowered;

        /// <summary>A handshake begins.</summary>
        internal void Reset()
        {
            _peerSize = 0;
            _sendings = 0;
            Begin(0);
        }

        /// <summary>
        /// A new flight begins. Returns how long its datagrams may be: where the one before had to be sent until the answer came in
        /// pieces, it is the peer that had to learn what the path carries, and it may have no time left for us to learn it, too.
        /// </summary>
        /// <param name="size">How long they might be until now.</param>
        internal int Begin(int size)
        {
            if (_peerSize > 0 && _sendings > Accidents)
            {
                size = _peerSize > Smallest ? _peerSize : Smallest;
            }

            _longest = 0;
            _sendings = 1;
            _losses = 0;
            _isLowered = false;
            return size;
        }

        /// <summary>A datagram of the flight was made.</summary>
        internal void Made(int length)
        {
            if (length > _longest)
            {
                _longest = length;
            }
        }

        /// <summary>
        /// The peer has cut a message to send it in datagrams of this size or less. Perhaps its options are smaller than ours, perhaps it
        /// has learned what the path carries: where ours is lost, that is the size to go on with.
        /// </summary>
        internal void SawFragment(int length)
        {
            if (length > _peerSize)
            {
                _peerSize = length;
            }
        }

        /// <summary>The flight is about to be sent again. Returns how long its datagrams may be.</summary>
        /// <param name="size">How long they might be until now.</param>
        /// <param name="isLost">Whether it has not arrived: the peer repeated itself, or could not.</param>
        /// <param name="sendingsLeft">How often it can be sent, this sending included, before the handshake is given up.</param>
        internal int Resend(int size, bool isLost, int sendingsLeft)
        {
            _losses += isLost ? 1 : 0;
            int stepsLeft = StepsBelow(_longest);
            bool isAccident = !_isLowered && _sendings < Accidents;
            if (stepsLeft == 0 || !isLost || (isAccident && sendingsLeft > 1))
            {
                _sendings++;
                return size;
            }

            // The first step is one in any case, as most paths carry nearly all; then there may be more steps than tries.
            int triesLeft = sendingsLeft <= 1 ? 0 : MostLosses - _losses;
            int mostSteps = _isLowered || triesLeft <= 0 ? triesLeft : stepsLeft;
            size = StepBelow(_longest);
            while (StepBelow(size) > 0 && (StepsBelow(size) > mostSteps || (_peerSize > 0 && size > _peerSize)))
            {
                size = StepBelow(size);
            }

            _longest = 0;
            _sendings = 1;
            _isLowered = true;
            return size;
        }

        /// <summary>The least that datagrams of records of a form go down to: a long header comes on top.</summary>
        internal static int LeastFor(RecordCodec codec)
        {
            return codec == null ? 0 : Smallest + codec.HeaderLength + codec.MaxTrailerLength;
        }

        private static int StepsBelow(int length)
        {
            int steps = 0;
            for (int step = StepBelow(length); step > 0; step = StepBelow(step))
            {
                steps++;
            }

            return steps;
        }

        /// <summary>
        /// What Ethernet carries, IPv6 at least, a tunnel in tunnels, IPv4 at least (576), and what RFC 6347 section 4.1.1.1 ends
        /// at (256), each less the headers; 0 is none.
        /// </summary>
        internal static int StepBelow(int length)
        {
            return length > 1472 ? 1472 : length > 1232 ? 1232 : length > 900 ? 900 : length > 548 ? 548 : length > Smallest ? Smallest : 0;
        }
    }
}
