using NfDtls.Crypto.Software;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>The same bytes each time, so that every run does the same. For measuring alone: who knows them knows the keys.</summary>
    internal sealed class SeededEntropy : EntropySource
    {
        private uint _state;

        internal SeededEntropy(uint seed)
        {
            _state = seed;
        }

        public override void Read(byte[] destination, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                _state ^= _state << 13;
                _state ^= _state >> 17;
                _state ^= _state << 5;
                destination[offset + i] = (byte)(_state >> 8);
            }
        }
    }
}
