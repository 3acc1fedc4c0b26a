using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>HMAC (RFC 2104) with a key that is used more than once: the hash's states after the key's blocks are kept.</summary>
    internal sealed class HmacState
    {
        private readonly BlockHash _hash;
        private readonly Array _inner;
        private readonly Array _outer;

        // Made where lengths are hidden.
        private byte[] _digest;

        internal HmacState(BlockHash hash)
        {
            _hash = hash;
            _inner = hash.NewState();
            _outer = hash.NewState();
        }

        internal int Size
        {
            get { return _hash.Size; }
        }

        /// <summary>The hash underneath; free for other use between <see cref="Finish"/> and <see cref="Start"/>.</summary>
        internal BlockHash Hash
        {
            get { return _hash; }
        }

        internal void SetKey(byte[] key, int offset, int count)
        {
            byte[] block = _hash.Scratch;
            Array.Clear(block, 0, block.Length);
            if (count > block.Length)
            {
                _hash.Reset();
                _hash.Update(key, offset, count);
                _hash.Peek(block, 0);
                Array.Clear(block, Size, block.Length - Size);
            }
            else
            {
                Array.Copy(key, offset, block, 0, count);
            }

            // In one call: on a board the frames of the deepest ones count.
            for (int pad = 0x36; pad != 0; pad = pad == 0x36 ? 0x36 ^ 0x5C : 0)
            {
                for (int i = 0; i < block.Length; i++)
                {
                    block[i] ^= (byte)pad;
                }

                _hash.Reset();
                _hash.Compress(block, 0);
                _hash.Save(pad == 0x36 ? _inner : _outer);
            }

            Array.Clear(block, 0, block.Length);
        }

        internal void Start()
        {
            _hash.GoOnFrom(_inner);
        }

        internal void Update(byte[] data, int offset, int count)
        {
            _hash.Update(data, offset, count);
        }

        internal void Finish(byte[] destination, int offset)
        {
            // Without a call between: the frames of the deepest ones count.
            _hash.CompressLast();
            _hash.CompressDigest(_outer);
            _hash.WriteState(destination, offset);
        }

        /// <summary>
        /// HMAC over header and data where the data's length is a secret between two bounds: the work done and the memory
        /// touched depend on the bounds alone. Only for hashes with blocks of 64 bytes.
        /// </summary>
        internal void ComputeHidden(byte[] header, int headerOffset, int headerCount, byte[] data, int offset, int minimum, int maximum, int length, byte[] destination)
        {
            BlockHash hash = _hash;
            hash.GoOnFrom(_inner);
            int whole = headerCount + minimum & ~63;
            if (whole > headerCount)
            {
                hash.Update(header, headerOffset, headerCount);
                hash.Update(data, offset, whole - headerCount);
            }
            else
            {
                whole = 0;
            }

            // Each block that could be the last is hashed as if it was; the digest after the one that is, is kept.
            byte[] block = _hash.Scratch;
            if (_digest == null)
            {
                _digest = new byte[Size];
            }

            Array.Clear(destination, 0, Size);
            int total = headerCount + length;
            int final = total + 8 >> 6;
            int lastPossible = headerCount + maximum + 8 >> 6;
            int bits = 64 + total << 3;
            int position = whole;
            for (int index = whole >> 6; index <= lastPossible; index++)
            {
                for (int i = 0; i < 64; i++)
                {
                    int value = 0;
                    if (position < headerCount)
                    {
                        value = header[headerOffset + position];
                    }
                    else if (position < headerCount + maximum)
                    {
                        value = data[offset + position - headerCount];
                    }

                    block[i] = (byte)(value & ConstantTime.IsLess(position, total) | 0x80 & ConstantTime.IsZero(position - total));
                    position++;
                }

                int isFinal = ConstantTime.IsZero(index - final);
                BigEndian.Store32(block, 60, BigEndian.Load32(block, 60) | bits & isFinal);
                hash.Compress(block, 0);
                hash.WriteState(_digest, 0);
                for (int i = 0; i < _digest.Length; i++)
                {
                    destination[i] |= (byte)(_digest[i] & isFinal);
                }
            }

            Array.Copy(destination, _digest, Size);
            FinishOuter(_digest, destination, 0);
        }

        internal void Clear()
        {
            ClearScratch();
            _hash.Save(_inner);
            _hash.Save(_outer);
        }

        /// <summary>Zeroes all but what the key led to.</summary>
        internal void ClearScratch()
        {
            _hash.Clear();
            if (_digest != null)
            {
                Array.Clear(_digest, 0, _digest.Length);
            }
        }

        private void FinishOuter(byte[] digest, byte[] destination, int offset)
        {
            _hash.GoOnFrom(_outer);
            _hash.Update(digest, 0, Size);
            _hash.Peek(destination, offset);
        }
    }
}
