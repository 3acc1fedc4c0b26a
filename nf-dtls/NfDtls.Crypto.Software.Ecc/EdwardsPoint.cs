using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// A point of edwards25519 as x = X / Z, y = Y / Z, xy = T / Z (Hisil and others, 2008), a second one in the form that an
    /// addition wants, and scratch. The formulas have no exceptions. An operation is done in two parts of at most four
    /// multiplications. Secret are the points of a signature alone: what they need does not depend on them.
    /// </summary>
    internal sealed class EdwardsPoint
    {
        internal const int Parts = 2;

        /// <summary>Limbs of an entry of a table: Y - X, Y + X, 2dT and, but for an affine point, 2Z.</summary>
        internal const int AffineEntry = 27;
        internal const int Entry = 36;

        internal readonly PrimeField Field;
        internal readonly long[] X;
        internal readonly long[] Y;
        internal readonly long[] Z;
        internal readonly long[] T;

        // Free between operations.
        internal readonly long[] Scratch0;
        internal readonly long[] Scratch1;
        private readonly long[] _t2;
        private readonly long[] _t3;

        private readonly long[] _minus;
        private readonly long[] _plus;
        private readonly long[] _twiceDT;
        private readonly long[] _twiceZ;
        private readonly long[] _constant;
        private bool _isAffine;

        internal EdwardsPoint(Edwards25519 curve)
        {
            PrimeField field = curve.Field;
            Field = field;
            _constant = curve.TwiceD;
            X = field.NewElement();
            Y = field.NewElement();
            Z = field.NewElement();
            T = field.NewElement();
            Scratch0 = field.NewElement();
            Scratch1 = field.NewElement();
            _t2 = field.NewElement();
            _t3 = field.NewElement();
            _minus = field.NewElement();
            _plus = field.NewElement();
            _twiceDT = field.NewElement();
            _twiceZ = field.NewElement();
        }

        /// <summary>Sets the point to the neutral one, (0, 1).</summary>
        internal void SetNeutral()
        {
            Array.Clear(X, 0, X.Length);
            Array.Clear(T, 0, T.Length);
            Field.Copy(Field.Unit, Y);
            Field.Copy(Field.Unit, Z);
        }

        /// <summary>Doubles the point: 4 multiplications and 4 squarings, or one less without T, which only an addition reads.</summary>
        internal void Double(int part, bool makesT)
        {
            PrimeField field = Field;
            if (part == 0)
            {
                // t3 = 2XY, X = Y^2 - X^2, Y = Y^2 + X^2, t0 = 2Z^2 - (Y^2 - X^2)
                field.Square(Scratch0, X);
                field.Square(Scratch1, Y);
                field.Square(_t2, Z);
                field.Add(X, X, X);
                field.Multiply(_t3, X, Y);
                field.Subtract(X, Scratch1, Scratch0);
                field.Add(Y, Scratch0, Scratch1);
                field.Subtract(Scratch0, Scratch0, Scratch1);
                field.Combine(Scratch0, Scratch0, _t2, 2);
            }
            else
            {
                if (makesT)
                {
                    field.Multiply(T, _t3, Y);
                }

                field.Multiply(Z, Scratch0, X);
                field.Multiply(Y, X, Y);
                field.Multiply(X, _t3, Scratch0);
            }
        }

        /// <summary>Adds the second point: 8 multiplications, 7 where it is affine.</summary>
        internal void Add(int part)
        {
            PrimeField field = Field;
            if (part == 0)
            {
                field.Subtract(Scratch0, Y, X);
                field.Multiply(Scratch0, Scratch0, _minus);
                field.Add(Scratch1, Y, X);
                field.Multiply(Scratch1, Scratch1, _plus);
                field.Multiply(_t2, T, _twiceDT);
                if (_isAffine)
                {
                    field.Add(_t3, Z, Z);
                }
                else
                {
                    field.Multiply(_t3, Z, _twiceZ);
                }
            }
            else
            {
                field.Subtract(X, Scratch1, Scratch0);
                field.Add(Y, Scratch1, Scratch0);
                field.Combine(Scratch0, _t3, _t2, -1);
                field.Combine(Scratch1, _t3, _t2, 1);
                field.Multiply(T, X, Y);
                field.Multiply(Z, Scratch0, Scratch1);
                field.Multiply(Y, Scratch1, Y);
                field.Multiply(X, X, Scratch0);
            }
        }

        /// <summary>Writes this point as a table's entry. One multiplication.</summary>
        internal void StoreTo(int[] entry)
        {
            Field.Combine(Scratch0, Y, X, -1);
            Store(entry, 0, Scratch0);
            Field.Combine(Scratch0, Y, X, 1);
            Store(entry, 1, Scratch0);
            Field.Multiply(Scratch0, T, _constant);
            Store(entry, 2, Scratch0);
            Field.Combine(Scratch0, Z, Z, 1);
            Store(entry, 3, Scratch0);
        }

        /// <summary>Sets the second point to a table's entry, or its negative.</summary>
        internal void LoadSecond(int[] entry, bool isNegative)
        {
            Load(entry, 0, isNegative ? _plus : _minus);
            Load(entry, 1, isNegative ? _minus : _plus);
            Load(entry, 2, _twiceDT);
            _isAffine = entry.Length == AffineEntry;
            if (!_isAffine)
            {
                Load(entry, 3, _twiceZ);
            }

            if (isNegative)
            {
                Field.Negate(_twiceDT, -1);
            }
        }

        /// <summary>
        /// Sets the second point to the one of a secret digit, whose table has affine entries: reads all of them, and keeps one by
        /// masks.
        /// </summary>
        internal void SelectSecond(PointTable table, int digit)
        {
            int sign = (digit >> 3) - 1;
            int index = (digit ^ sign) & 7;
            table.Gather(index, 0, _minus);
            table.Gather(index, _minus.Length, _plus);
            table.Gather(index, 2 * _minus.Length, _twiceDT);
            for (int i = 0; i < _minus.Length; i++)
            {
                long difference = (_minus[i] ^ _plus[i]) & sign;
                _minus[i] ^= difference;
                _plus[i] ^= difference;
            }

            Field.Negate(_twiceDT, sign);
            _isAffine = true;
        }

        /// <summary>Writes the point (RFC 8032 section 5.1.2), or its negative where that is -1; Z is the inverse of what it was.</summary>
        internal void Encode(byte[] to, int offset, int isNegative)
        {
            Field.Multiply(X, X, Z);
            Field.Multiply(Y, Y, Z);
            Field.Negate(X, isNegative);
            Field.Leave(Scratch0, Y);
            Field.Modulus.StoreLittle(Scratch0, to, offset, 32);
            Field.Leave(Scratch0, X);
            to[offset + 31] |= (byte)((Scratch0[0] & 1) << 7);
        }

        internal void Clear()
        {
            SetNeutral();
            Array.Clear(Y, 0, Y.Length);
            Array.Clear(Z, 0, Z.Length);
            Array.Clear(Scratch0, 0, Scratch0.Length);
            Array.Clear(Scratch1, 0, Scratch1.Length);
            Array.Clear(_t2, 0, _t2.Length);
            Array.Clear(_t3, 0, _t3.Length);
            Array.Clear(_minus, 0, _minus.Length);
            Array.Clear(_plus, 0, _plus.Length);
            Array.Clear(_twiceDT, 0, _twiceDT.Length);
            Array.Clear(_twiceZ, 0, _twiceZ.Length);
        }

        private static void Store(int[] entry, int part, long[] value)
        {
            for (int i = 0; i < value.Length; i++)
            {
                entry[part * value.Length + i] = (int)value[i];
            }
        }

        private static void Load(int[] entry, int part, long[] value)
        {
            for (int i = 0; i < value.Length; i++)
            {
                value[i] = entry[part * value.Length + i];
            }
        }
    }
}
