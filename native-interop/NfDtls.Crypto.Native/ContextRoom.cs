using NfDtls.Native;

namespace NfDtls.Crypto.Native
{
    /// <summary>Room in the table of native contexts (nfdtls.h: nfdtls_reserve).</summary>
    internal static class ContextRoom
    {
        private const int QueryHandles = 1;
        private const int QueryUsed = 2;
        private const int QueryReserve = 0x10000;
        private const int MorePlaces = 16;   // or as many again as are in use

        /// <summary>Makes room for so many contexts beside those that are in use; the result is for how many there is.</summary>
        internal static int Reserve(int contexts)
        {
            int most = NativeMethods.Query(QueryHandles);
            int used = NativeMethods.Query(QueryUsed);
            int room = NativeMethods.Query(QueryReserve + (contexts < most ? contexts + used : most));
            if (room == NativeError.Memory)
            {
                room = NativeMethods.Query(QueryReserve);   // what there is
            }

            if (room < 0)
            {
                room = most;   // a native side of ABI 1.0, whose table has one size
            }

            // What is in use may be another endpoint's that is gone.
            return room >= most ? room : room - used;
        }

        /// <summary>
        /// What to do when a context was not made: first look for those that nobody holds any more, then make the table larger.
        /// False where it was made, or nothing helps.
        /// </summary>
        internal static bool IsMade(int handle, int tries)
        {
            if ((handle != NativeError.Full && handle != NativeError.Memory) || tries > 1)
            {
                return false;
            }

            if (tries == 0)
            {
                Platform.Reclaim();
                return true;
            }

            int used = NativeMethods.Query(QueryUsed);
            return Reserve(used > MorePlaces ? used : MorePlaces) > 0;
        }
    }
}
