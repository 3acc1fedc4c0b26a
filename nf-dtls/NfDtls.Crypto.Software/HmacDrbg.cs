using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>HMAC_DRBG (SP 800-90A section 10.1.2) with SHA-256. Its key is the HMAC's.</summary>
    internal sealed class HmacDrbg
    {
        private const int Size = 32;

        // What a request makes beside its output costs three times as much as 32 bytes of that: so several short draws share one.
        private const int Ahead = 128;

        private readonly HmacContext _hmac;
        private readonly byte[] _key = new byte[Size];

        // And behind it the byte that tells the first half of an update: zero.
        private readonly byte[] _value = new byte[Size + 1];

        // Bytes of the last request that nobody has drawn; what was drawn is zero.
        private readonly byte[] _ahead = new byte[Ahead];
        private int _left;

        /// <param name="hmac">With SHA-256; from now on the generator's.</param>
        internal HmacDrbg(HmacContext hmac)
        {
            _hmac = hmac;
        }

        /// <summary>Draws since the last seed.</summary>
        internal int Requests { get; private set; }

        /// <summary>Begins with a seed: entropy, then a nonce.</summary>
        internal void Instantiate(byte[] seed, int offset, int count)
        {
            for (int i = 0; i < Size; i++)
            {
                _value[i] = 1;
            }

            _hmac.SetKey(_key, 0, Size);
            Reseed(seed, offset, count);
        }

        /// <summary>Adds entropy to the state; nothing that is drawn from here on was made before.</summary>
        internal void Reseed(byte[] seed, int offset, int count)
        {
            int length = Size + 1 + count;
            byte[] input = length > Ahead ? new byte[length] : _ahead;
            _left = 0;
            Array.Clear(_ahead, 0, Ahead);
            try
            {
                Array.Copy(seed, offset, input, Size + 1, count);
                Array.Copy(_value, 0, input, 0, Size);
                Mix(input, length);
                Array.Copy(_value, 0, input, 0, Size);
                input[Size] = 1;
                Mix(input, length);
            }
            finally
            {
                Array.Clear(input, 0, length);
            }

            Requests = 0;
        }

        /// <summary>Writes random bytes that nobody has seen: of the last request, or of a new one.</summary>
        internal void Draw(byte[] destination, int offset, int count)
        {
            Requests++;
            while (count > 0)
            {
                if (_left == 0)
                {
                    Generate(_ahead, 0, Ahead);
                    _left = Ahead;
                }

                int n = count < _left ? count : _left;
                Array.Copy(_ahead, Ahead - _left, destination, offset, n);
                Array.Clear(_ahead, Ahead - _left, n);
                _left -= n;
                offset += n;
                count -= n;
            }
        }

        /// <summary>A draw that is a request of its own, of at most 65,536 bytes.</summary>
        internal void Request(byte[] destination, int offset, int count)
        {
            Requests++;
            Generate(destination, offset, count);
        }

        /// <summary>A request: writes random bytes, at most 65,536.</summary>
        internal void Generate(byte[] destination, int offset, int count)
        {
            while (count > 0)
            {
                NextValue();
                int n = count < Size ? count : Size;
                Array.Copy(_value, 0, destination, offset, n);
                offset += n;
                count -= n;
            }

            Mix(_value, Size + 1);
        }

        private void NextValue()
        {
            _hmac.Compute(_value, 0, Size, _value, 0);
        }

        /// <summary>One half of HMAC_DRBG_Update; the input begins with the value.</summary>
        private void Mix(byte[] input, int length)
        {
            _hmac.Compute(input, 0, length, _key, 0);
            _hmac.SetKey(_key, 0, Size);
            Array.Clear(_key, 0, Size);
            NextValue();
        }
    }
}
