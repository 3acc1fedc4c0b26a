using System;

namespace NfDtls.Tests.Memory
{
    /// <summary>
    /// What is allocated and forgotten, on nanoCLR, which counts nothing: it collects when nothing is free any more, and so the objects
    /// that fit until then tell what was allocated before.
    /// </summary>
    internal sealed class Garbage
    {
        // Filling more takes too long.
        private const int Most = 100000;

        // More than fits where every allocation collects.
        private const int Trial = 200;

        private WeakReference _dead;

        /// <summary>False where nothing can be told, as the heap is large or every allocation collects.</summary>
        internal bool CanTell()
        {
            if (Heap.Free() > Most)
            {
                return false;
            }

            Begin();
            Mark();
            return Room(0) > Trial;
        }

        /// <summary>Nothing is in the heap any more that nobody holds.</summary>
        internal void Begin()
        {
            Heap.Free();
        }

        /// <summary>From here on what is allocated counts.</summary>
        internal void Mark()
        {
            _dead = Forgotten();
        }

        /// <summary>Forgets so many of the smallest objects, and tells how many pairs of an object and what refers to it there can be before the next collection.</summary>
        internal int Room(int forgotten)
        {
            object last = null;
            for (int i = 0; i < forgotten; i++)
            {
                last = new object();
            }

            int count = last == _dead ? -1 : 0;
            while (_dead.IsAlive)
            {
                Forgotten();
                count++;
            }

            return count;
        }

        private static WeakReference Forgotten()
        {
            return new WeakReference(new object());
        }
    }
}
