using System;

namespace NfDtls.X509
{
    /// <summary>
    /// Which signatures of certificates were found right within chains that were trusted as a whole: a hash for each, and of those
    /// that share a row the one that was of use least recently gives way. One object serves any number of verifiers, of any thread.
    /// </summary>
    internal sealed class SignatureMemory
    {
        /// <summary>Bytes of an entry, a SHA-256 hash. An empty place is all zeros, which nobody knows anything to hash to.</summary>
        internal const int EntryLength = 32;

        // A search looks at so many places, however many there are.
        private const int PlacesARow = 4;

        private readonly object _lock = new object();
        private readonly byte[] _entries;
        private readonly int _rowLength;

        /// <param name="entries">For how many there is room: 1 or more, beyond 4 rounded up to a multiple of 4.</param>
        internal SignatureMemory(int entries)
        {
            int places = entries < PlacesARow ? entries : PlacesARow;
            int rows = (entries + places - 1) / places;
            _rowLength = places * EntryLength;
            _entries = new byte[rows * _rowLength];
        }

        /// <summary>How many signatures there is room for.</summary>
        internal int Capacity
        {
            get { return _entries.Length / EntryLength; }
        }

        /// <summary>Whether a signature is known to be right. Asking changes nothing, so that nobody gains by being asked about.</summary>
        internal bool Has(byte[] hashes, int offset)
        {
            lock (_lock)
            {
                return Find(hashes, offset, RowOf(hashes, offset)) >= 0;
            }
        }

        /// <summary>Remembers a signature that was right in a trusted chain, known already or not, as the latest of its row.</summary>
        internal void Put(byte[] hashes, int offset)
        {
            lock (_lock)
            {
                int row = RowOf(hashes, offset);
                int at = Find(hashes, offset, row);
                at = at < 0 ? row + _rowLength - EntryLength : at;
                Array.Copy(_entries, row, _entries, row + EntryLength, at - row);
                Array.Copy(hashes, offset, _entries, row, EntryLength);
            }
        }

        /// <summary>Where the row begins in which such a hash may stand.</summary>
        private int RowOf(byte[] hashes, int offset)
        {
            int number = (hashes[offset] << 16) | (hashes[offset + 1] << 8) | hashes[offset + 2];
            return number % (_entries.Length / _rowLength) * _rowLength;
        }

        private int Find(byte[] hashes, int offset, int row)
        {
            for (int at = row; at < row + _rowLength; at += EntryLength)
            {
                if (Bytes.AreEqual(_entries, at, EntryLength, hashes, offset, EntryLength))
                {
                    return at;
                }
            }

            return -1;
        }
    }
}
