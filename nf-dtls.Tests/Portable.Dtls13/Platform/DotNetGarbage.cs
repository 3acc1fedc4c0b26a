using System;

namespace NfDtls.Tests.Memory
{
    /// <summary>What is allocated and forgotten, on .NET, which counts it.</summary>
    internal sealed class Garbage
    {
        private long _before;

        internal bool CanTell()
        {
            return true;
        }

        internal void Begin()
        {
        }

        internal void Mark()
        {
            _before = GC.GetAllocatedBytesForCurrentThread();
        }

        /// <summary>Forgets so many objects, and tells by how many bytes there is less room.</summary>
        internal int Room(int forgotten)
        {
            for (int i = 0; i < forgotten; i++)
            {
                GC.KeepAlive(new object());
            }

            return (int)(_before - GC.GetAllocatedBytesForCurrentThread());
        }
    }
}
