namespace NfDtls.Tests.Memory
{
    /// <summary>Measures the heap at everything that the engines tell.</summary>
    internal sealed class Sampler : TraceSink
    {
        internal long Least = long.MaxValue;

        public override void Write(string what, int first, int second)
        {
            Measure();
        }

        internal void Measure()
        {
            long free = Heap.Free();
            if (free < Least)
            {
                Least = free;
            }
        }
    }
}
