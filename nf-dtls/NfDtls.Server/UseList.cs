namespace NfDtls.Server
{
    /// <summary>Sessions by their index, the one that has been silent longest first. Every change takes the same few steps.</summary>
    internal sealed class UseList
    {
        private const int None = -1;

        /// <summary>The one heard last, or -1.</summary>
        internal int Last = None;

        private readonly int[] _next;
        private readonly int[] _previous;
        private int _first = None;

        internal UseList(int capacity)
        {
            _next = new int[capacity];
            _previous = new int[capacity];
        }

        /// <summary>The one silent longest, or -1.</summary>
        internal int First
        {
            get { return _first; }
        }

        /// <summary>A new one, heard just now.</summary>
        internal void Add(int index)
        {
            _previous[index] = Last;
            _next[index] = None;
            if (Last == None)
            {
                _first = index;
            }
            else
            {
                _next[Last] = index;
            }

            Last = index;
        }

        /// <summary>One of them was heard just now.</summary>
        internal void Touch(int index)
        {
            Remove(index);
            Add(index);
        }

        internal void Remove(int index)
        {
            if (_previous[index] == None)
            {
                _first = _next[index];
            }
            else
            {
                _next[_previous[index]] = _next[index];
            }

            if (_next[index] == None)
            {
                Last = _previous[index];
            }
            else
            {
                _previous[_next[index]] = _previous[index];
            }
        }

        internal void Clear()
        {
            _first = None;
            Last = None;
        }
    }
}
