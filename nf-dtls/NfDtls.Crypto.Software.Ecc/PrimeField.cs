using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Arithmetic modulo a prime p on arrays of signed limbs, in no time that depends on them. Results may be one of the
    /// operands. An instance holds constants alone and serves any number of operations at once.
    /// </summary>
    /// <remarks>
    /// Limbs are loose, so that most sums need no carry. <see cref="Multiply"/>, <see cref="Square"/> and <see cref="Combine"/>
    /// give limbs below 2^LimbBits (by a hair above or below zero after Combine) and a value between -p and 2p. Add and
    /// Subtract go limb by limb: a sum of two such is "double", a difference is not. No column of a product may overflow 63
    /// bits: one factor may be double, two may not.
    /// </remarks>
    internal abstract class PrimeField
    {
        /// <summary>Bytes of an element.</summary>
        internal readonly int Size;

        /// <summary>Limbs of an element.</summary>
        internal readonly int Limbs;

        /// <summary>The modulus, for inversion too.</summary>
        internal readonly Modulus Modulus;

        /// <summary>The number 1, as it is.</summary>
        protected readonly long[] One;

        /// <summary>The number 1 in the field's own form.</summary>
        internal readonly long[] Unit;

        protected PrimeField(int size, int limbs, int limbBits, long[] modulus)
        {
            Size = size;
            Limbs = limbs;
            Modulus = new Modulus(modulus, limbBits, null);
            One = new long[limbs];
            One[0] = 1;
            Unit = new long[limbs];
            Unit[0] = 1;
        }

        /// <summary>result = a * b</summary>
        internal abstract void Multiply(long[] result, long[] a, long[] b);

        /// <summary>result = a * a</summary>
        internal abstract void Square(long[] result, long[] a);

        /// <summary>result = a + factor * b, with its carries; the factor below 2^18.</summary>
        internal abstract void Combine(long[] result, long[] a, long[] b, long factor);

        /// <summary>result = a + b, without carries.</summary>
        internal abstract void Add(long[] result, long[] a, long[] b);

        /// <summary>result = a - b, without carries.</summary>
        internal abstract void Subtract(long[] result, long[] a, long[] b);

        /// <summary>Takes a number into the field's own form. At most one multiplication.</summary>
        internal abstract void Enter(long[] value);

        /// <summary>The number, from 0 to p - 1, that an element stands for. At most one multiplication.</summary>
        internal abstract void Leave(long[] result, long[] a);

        internal long[] NewElement()
        {
            return new long[Limbs];
        }

        internal void Copy(long[] from, long[] to)
        {
            Array.Copy(from, to, Limbs);
        }

        /// <summary>Mask (-1 or 0): the element is 0. One multiplication; scratch is overwritten.</summary>
        internal long IsZero(long[] a, long[] scratch)
        {
            Leave(scratch, a);
            long bits = 0;
            for (int i = 0; i < Limbs; i++)
            {
                bits |= scratch[i];
            }

            return (bits - 1) >> 63;
        }

        /// <summary>a = mask is -1 ? b : a</summary>
        internal void Choose(long[] a, long[] b, long mask)
        {
            for (int i = 0; i < Limbs; i++)
            {
                a[i] ^= (a[i] ^ b[i]) & mask;
            }
        }

        /// <summary>Swaps a with b and c with d where the mask is -1.</summary>
        internal void Swap(long[] a, long[] b, long[] c, long[] d, long mask)
        {
            for (int i = 0; i < a.Length; i++)
            {
                long difference = (a[i] ^ b[i]) & mask;
                a[i] ^= difference;
                b[i] ^= difference;
                difference = (c[i] ^ d[i]) & mask;
                c[i] ^= difference;
                d[i] ^= difference;
            }
        }

        /// <summary>a = mask is -1 ? -a : a, limb by limb.</summary>
        internal void Negate(long[] a, long mask)
        {
            for (int i = 0; i < Limbs; i++)
            {
                a[i] = (a[i] ^ mask) - mask;
            }
        }

        /// <summary>Subtracts p once where the value, with its carries done, is not below p.</summary>
        protected void SubtractModulus(long[] value)
        {
            Modulus.SubtractOnce(value);
        }
    }
}
