using NfDtls.Crypto.Software;

namespace NfDtls.Tests
{
    /// <summary>Random bits that are the same in every run.</summary>
    internal sealed class SeededEntropy : EntropySource
    {
        private readonly SeededRandom _random;

        internal SeededEntropy(int seed)
        {
            _random = new SeededRandom(seed);
        }

        public override void Read(byte[] destination, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                destination[offset + i] = (byte)_random.Next(256);
            }
        }
    }
}
