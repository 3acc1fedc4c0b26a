using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>What the hashes of FIPS 180-4 have in common: blocks, padding, and a state that can be set aside.</summary>
    internal abstract class BlockHash : HashContext
    {
        private readonly Array _state;
        private readonly Array _saved;
        private readonly byte[] _block;
        private readonly byte[] _tail;
        private int _used;
        private long _length;

        /// <param name="state">The words of the state; the derived class keeps it too.</param>
        /// <param name="saved">As many words, and <paramref name="tail"/>, a block: for the moment of a digest, so several hashes of a thread may share them.</param>
        /// <param name="tail">Bytes of a block.</param>
        protected BlockHash(Array state, Array saved, byte[] tail)
        {
            _state = state;
            _saved = saved;
            _block = new byte[tail.Length];
            _tail = tail;
        }

        /// <summary>A block that all hashes of a kind share, free but for the moment of a digest.</summary>
        internal byte[] Scratch
        {
            get { return _tail; }
        }

        internal int BlockSize
        {
            get { return _block.Length; }
        }

        public override void Update(byte[] data, int offset, int count)
        {
            byte[] block = _block;
            int size = block.Length;
            _length += count;
            if (_used > 0)
            {
                int n = count < size - _used ? count : size - _used;
                Array.Copy(data, offset, block, _used, n);
                _used += n;
                offset += n;
                count -= n;
                if (_used < size)
                {
                    return;
                }

                Compress(block, 0);
                _used = 0;
            }

            for (; count >= size; count -= size)
            {
                Compress(data, offset);
                offset += size;
            }

            Array.Copy(data, offset, block, 0, count);
            _used = count;
        }

        public override void Peek(byte[] destination, int offset)
        {
            Array.Copy(_state, _saved, _state.Length);
            CompressLast();
            WriteState(destination, offset);
            Array.Copy(_saved, _state, _state.Length);
        }

        public override void Reset()
        {
            Restart();
            _used = 0;
            _length = 0;
        }

        /// <summary>Takes in what ends all that was added: the state is the digest then, and nothing to go on from.</summary>
        internal void CompressLast()
        {
            byte[] tail = _tail;
            int size = tail.Length;
            Array.Clear(tail, 0, size);
            Array.Copy(_block, 0, tail, 0, _used);
            tail[_used] = 0x80;
            if (_used >= size - size / 8)
            {
                Compress(tail, 0);
                Array.Clear(tail, 0, size);
            }

            BigEndian.Store64(tail, size - 8, (ulong)_length << 3);
            Compress(tail, 0);
        }

        /// <summary>Goes on from a state that one block was added to, with a digest that is the state of now, to the digest of both.</summary>
        internal virtual void CompressDigest(Array state)
        {
            WriteState(_tail, 0);
            GoOnFrom(state);
            Update(_tail, 0, Size);
            CompressLast();
        }

        /// <summary>Takes one block into the state and no notice of it otherwise.</summary>
        internal abstract void Compress(byte[] data, int offset);

        /// <summary>Writes the state as a digest.</summary>
        internal abstract void WriteState(byte[] destination, int offset);

        /// <summary>Room for <see cref="Save"/>.</summary>
        internal abstract Array NewState();

        /// <summary>Sets the state aside; only whole blocks have been added.</summary>
        internal void Save(Array to)
        {
            Array.Copy(_state, to, _state.Length);
        }

        /// <summary>Goes on from a state that one block was added to.</summary>
        internal void GoOnFrom(Array state)
        {
            Array.Copy(state, _state, _state.Length);
            _used = 0;
            _length = BlockSize;
        }

        /// <summary>Zeroes everything; <see cref="HashContext.Reset"/> or <see cref="GoOnFrom"/> makes it usable again.</summary>
        internal void Clear()
        {
            Array.Clear(_state, 0, _state.Length);
            Array.Clear(_saved, 0, _saved.Length);
            Array.Clear(_block, 0, _block.Length);
            Array.Clear(_tail, 0, _tail.Length);
            ClearSchedule();
        }

        /// <summary>Sets the state to its initial value.</summary>
        protected abstract void Restart();

        /// <summary>Zeroes the words expanded from the last block.</summary>
        protected abstract void ClearSchedule();
    }
}
