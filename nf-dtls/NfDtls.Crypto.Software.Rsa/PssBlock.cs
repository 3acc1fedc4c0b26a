using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// The block of RSASSA-PSS with one hash and a salt as long as it (RFC 8017 section 9.1): masked data (zeros, 01, the salt),
    /// a hash, and BC. It has a bit less than the modulus, so with a modulus of 8n + 1 bits a zero byte is before it.
    /// </summary>
    internal sealed class PssBlock
    {
        private readonly HashContext _hash;
        private readonly byte[] _block;
        private readonly byte[] _counter = new byte[4];
        private readonly byte[] _digest;
        private readonly int _size;
        private readonly int _start;
        private readonly int _hashOffset;
        private readonly int _topMask;
        private int _masked;

        /// <summary>Works on a block as long as a modulus of so many bits.</summary>
        internal PssBlock(CryptoProvider crypto, int hash, byte[] block, int modulusBits)
        {
            _hash = crypto.CreateHash(hash);
            _size = _hash.Size;
            _digest = new byte[_size];
            _block = block;
            _start = (modulusBits & 7) == 1 ? 1 : 0;
            _topMask = 0xFF >> (8 * (block.Length - _start) - (modulusBits - 1));
            _hashOffset = block.Length - 1 - _size;
            _masked = _start;
        }

        /// <summary>Where the salt goes before <see cref="Build"/>.</summary>
        internal int SaltOffset
        {
            get { return _hashOffset - _size; }
        }

        /// <summary>Puts everything but the mask around the salt.</summary>
        internal void Build(byte[] messageHash)
        {
            Array.Clear(_block, 0, SaltOffset);
            _block[SaltOffset - 1] = 1;
            HashMessage(messageHash, _block, _hashOffset);
            _block[_block.Length - 1] = 0xBC;
        }

        /// <summary>Whether what is not masked is as it must be.</summary>
        internal bool HasFrame()
        {
            return (_start == 0 || _block[0] == 0) && (_block[_start] & ~_topMask) == 0 && _block[_block.Length - 1] == 0xBC;
        }

        /// <summary>Masks the next bytes of the data, as many as the hash has, or takes the mask off (MGF1, RFC 8017 appendix B.2.1); true at the end.</summary>
        internal bool Mask()
        {
            _hash.Reset();
            _hash.Update(_block, _hashOffset, _size);
            _hash.Update(_counter, 0, 4);
            _hash.Peek(_digest, 0);
            _counter[3]++;
            for (int i = 0; i < _size && _masked < _hashOffset; i++)
            {
                _block[_masked] ^= _digest[i];
                _masked++;
            }

            if (_masked < _hashOffset)
            {
                return false;
            }

            _block[_start] &= (byte)_topMask;
            return true;
        }

        /// <summary>Whether the unmasked data and the hash belong to the message.</summary>
        internal bool Matches(byte[] messageHash)
        {
            int wrong = _block[SaltOffset - 1] ^ 1;
            for (int i = _start; i < SaltOffset - 1; i++)
            {
                wrong |= _block[i];
            }

            HashMessage(messageHash, _digest, 0);
            return wrong == 0 && ConstantTime.AreEqual(_digest, 0, _block, _hashOffset, _size);
        }

        /// <summary>Zeroes all that it holds but the block.</summary>
        internal void Clear()
        {
            _hash.Reset();
            Array.Clear(_digest, 0, _size);
            Array.Clear(_counter, 0, _counter.Length);
        }

        private void HashMessage(byte[] messageHash, byte[] destination, int offset)
        {
            byte[] zeros = new byte[8];
            _hash.Reset();
            _hash.Update(zeros, 0, 8);
            _hash.Update(messageHash, 0, _size);
            _hash.Update(_block, SaltOffset, _size);
            _hash.Peek(destination, offset);
        }
    }
}
