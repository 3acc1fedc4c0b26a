using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Arithmetic modulo a curve's order that signing and verifying share, in scratch of its own.</summary>
    internal sealed class EcdsaNumbers
    {
        internal readonly long[] R;
        internal readonly long[] S;
        internal readonly long[] Hash;
        internal readonly long[] Inverse;
        private readonly Modulus _order;
        private readonly long[] _product;
        private readonly long[] _scratch;

        internal EcdsaNumbers(Modulus order)
        {
            _order = order;
            int limbs = order.Limbs;
            R = new long[limbs];
            S = new long[limbs];
            Hash = new long[limbs];
            Inverse = new long[limbs];
            _product = new long[limbs];
            _scratch = new long[limbs];
        }

        /// <summary>Takes the leftmost bits of a hash, as many as the order has, modulo the order (FIPS 186-5 section 6.4.1).</summary>
        internal void LoadHash(byte[] data, int offset, int count, int size)
        {
            // All orders here have whole bytes, and a number of so many is below twice the order.
            _order.Load(Hash, data, offset, count < size ? count : size);
            _order.SubtractOnce(Hash);
        }

        /// <summary>result = a * b; a is less than 2^(8 * size), b below the order. Takes as long as about 10 multiplications in the field.</summary>
        internal void Multiply(long[] result, long[] a, long[] b)
        {
            _order.MultiplyPlain(result, a, b, _product, _scratch);
        }

        internal void Clear()
        {
            Array.Clear(R, 0, R.Length);
            Array.Clear(S, 0, S.Length);
            Array.Clear(Hash, 0, Hash.Length);
            Array.Clear(Inverse, 0, Inverse.Length);
            Array.Clear(_product, 0, _product.Length);
            Array.Clear(_scratch, 0, _scratch.Length);
        }
    }
}
