using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>HMAC_DRBG (SP 800-90A section 10.1.2). Its key is kept as the state of the HMAC.</summary>
    internal sealed class HmacDrbg
    {
        private readonly HmacState _hmac;
        private readonly byte[] _value;
        private readonly byte[] _key;
        private readonly byte[] _separator = new byte[1];

        /// <param name="hmac">From now on the generator's.</param>
        internal HmacDrbg(HmacState hmac)
        {
            _hmac = hmac;
            _value = new byte[hmac.Size];
            _key = new byte[hmac.Size];
        }

        /// <summary>Requests since the last seed.</summary>
        internal int Requests { get; private set; }

        /// <summary>Begins with a seed: entropy, then a nonce.</summary>
        internal void Instantiate(byte[] seed, int offset, int count)
        {
            for (int i = 0; i < _value.Length; i++)
            {
                _value[i] = 1;
            }

            _hmac.SetKey(_key, 0, _key.Length);
            Reseed(seed, offset, count);
        }

        /// <summary>Adds entropy to the state.</summary>
        internal void Reseed(byte[] seed, int offset, int count)
        {
            Mix(0, seed, offset, count);
            Mix(1, seed, offset, count);
            Requests = 0;
        }

        /// <summary>Writes random bytes; at most 65,536 a request.</summary>
        internal void Generate(byte[] destination, int offset, int count)
        {
            Requests++;
            while (count > 0)
            {
                NextValue();
                int n = count < _value.Length ? count : _value.Length;
                Array.Copy(_value, 0, destination, offset, n);
                offset += n;
                count -= n;
            }

            Mix(0, _value, 0, 0);
        }

        private void NextValue()
        {
            _hmac.Start();
            _hmac.Update(_value, 0, _value.Length);
            _hmac.Finish(_value, 0);
        }

        /// <summary>One half of HMAC_DRBG_Update.</summary>
        private void Mix(int separator, byte[] seed, int offset, int count)
        {
            _separator[0] = (byte)separator;
            _hmac.Start();
            _hmac.Update(_value, 0, _value.Length);
            _hmac.Update(_separator, 0, 1);
            _hmac.Update(seed, offset, count);
            _hmac.Finish(_key, 0);
            _hmac.SetKey(_key, 0, _key.Length);
            Array.Clear(_key, 0, _key.Length);
            NextValue();
        }
    }
}
