using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// The secret number of an ECDSA signature by RFC 6979 with additional data (section 3.6): it follows from key, hash and
    /// fresh random bytes, so that neither a weak generator nor a fault in one signature gives the key away. One HMAC an
    /// advance.
    /// </summary>
    internal sealed class Nonce
    {
        private readonly CryptoProvider _crypto;
        private readonly byte[] _order;
        private readonly int _hash;
        private readonly byte[] _key;

        // V, a byte of 0 or 1, the private key, the hash, the additional data.
        private readonly byte[] _message;
        private readonly int _size;
        private readonly byte[] _output;
        private int _turn;
        private int _filled;

        /// <param name="crypto">Has HMAC over the hash.</param>
        /// <param name="order">The curve's order.</param>
        /// <param name="hash">The hash that made what is signed, of <see cref="CryptoAlgorithm"/>.</param>
        /// <param name="extra">Bytes of additional data.</param>
        internal Nonce(CryptoProvider crypto, byte[] order, int hash, int extra)
        {
            _crypto = crypto;
            _order = order;
            _hash = hash;
            _size = CryptoAlgorithm.HashSize(hash);
            _key = new byte[_size];
            _message = new byte[_size + 1 + 2 * order.Length + extra];
            _output = new byte[order.Length];
        }

        /// <summary>The number, from 1 to the order less 1, once <see cref="Advance"/> has returned true.</summary>
        internal byte[] Value
        {
            get { return _output; }
        }

        /// <summary>What the additional data goes into, from <see cref="ExtraOffset"/> on.</summary>
        internal byte[] Message
        {
            get { return _message; }
        }

        internal int ExtraOffset
        {
            get { return _size + 1 + 2 * _order.Length; }
        }

        /// <summary>Begins; the additional data is in place.</summary>
        /// <param name="privateKey">The private key, of the order's length.</param>
        /// <param name="number">The hash as a number below the order, of the order's length.</param>
        internal void Begin(byte[] privateKey, byte[] number)
        {
            for (int i = 0; i < _size; i++)
            {
                _message[i] = 1;
                _key[i] = 0;
            }

            Array.Copy(privateKey, 0, _message, _size + 1, _order.Length);
            Array.Copy(number, 0, _message, _size + 1 + _order.Length, _order.Length);
            _turn = 0;
            _filled = 0;
        }

        /// <summary>Computes one HMAC; true when the number is there. A further call makes another number.</summary>
        internal bool Advance()
        {
            int turn = _turn;
            if (turn == 0 || turn == 2)
            {
                _message[_size] = (byte)(turn >> 1);
                MakeKey(_message.Length);
            }
            else if (turn == 5)
            {
                // The number was of no use.
                _message[_size] = 0;
                MakeKey(_size + 1);
                turn = 2;
            }
            else
            {
                _crypto.Hmac(_hash, _key, 0, _size, _message, 0, _size, _message, 0);
            }

            if (turn < 4)
            {
                _turn = turn + 1;
                return false;
            }

            int count = _output.Length - _filled < _size ? _output.Length - _filled : _size;
            Array.Copy(_message, 0, _output, _filled, count);
            _filled += count;
            if (_filled < _output.Length)
            {
                return false;
            }

            _filled = 0;
            _turn = 5;
            return Scalar.IsInRange(_output, 0, _order);
        }

        internal void Clear()
        {
            Array.Clear(_key, 0, _key.Length);
            Array.Clear(_message, 0, _message.Length);
            Array.Clear(_output, 0, _output.Length);
        }

        private void MakeKey(int count)
        {
            _crypto.Hmac(_hash, _key, 0, _size, _message, 0, count, _key, 0);
        }
    }
}
