using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// The point that a multiplication works on, as (X / Z^2, Y / Z^3), an affine point to add to it, and scratch. An operation
    /// is done in parts of at most four multiplications, to be called in their order.
    /// </summary>
    internal sealed class JacobianPoint
    {
        internal const int DoubleParts = 2;
        internal const int AddParts = 3;

        internal readonly PrimeField Field;
        internal readonly long[] X;
        internal readonly long[] Y;
        internal readonly long[] Z;

        /// <summary>The affine point that <see cref="Add"/> adds.</summary>
        internal readonly long[] OtherX;
        internal readonly long[] OtherY;

        // Free between operations.
        internal readonly long[] Scratch0;
        internal readonly long[] Scratch3;
        private readonly long[] _t1;
        private readonly long[] _t2;

        internal JacobianPoint(PrimeField field)
        {
            Field = field;
            X = field.NewElement();
            Y = field.NewElement();
            Z = field.NewElement();
            OtherX = field.NewElement();
            OtherY = field.NewElement();
            Scratch0 = field.NewElement();
            _t1 = field.NewElement();
            _t2 = field.NewElement();
            Scratch3 = field.NewElement();
        }

        /// <summary>After an addition: the factor by which it made Z larger.</summary>
        internal long[] Ratio
        {
            get { return _t1; }
        }

        /// <summary>After an addition that left Z = 0: whether both points were the same, and not each other's negative. Not in constant time.</summary>
        internal bool WereSame
        {
            get { return Field.IsZero(_t2, Scratch0) != 0; }
        }

        /// <summary>After an addition: whether Z became 0. Not in constant time.</summary>
        internal bool IsInfinite
        {
            get { return (Z[0] == 0 || Z[0] == Field.Modulus.Value[0]) && Field.IsZero(Z, Scratch0) != 0; }
        }

        /// <summary>Sets the point to the affine one.</summary>
        internal void SetOther()
        {
            Field.Copy(OtherX, X);
            Field.Copy(OtherY, Y);
            Field.Copy(Field.Unit, Z);
        }

        /// <summary>Doubles the point (4 multiplications and 4 squarings in two parts).</summary>
        internal void Double(int part)
        {
            PrimeField field = Field;
            if (part == 0)
            {
                field.Square(Scratch0, Y);
                field.Multiply(_t1, X, Scratch0);
                field.Square(_t2, Z);
                field.Add(Scratch3, X, _t2);
                field.Subtract(_t2, X, _t2);
                field.Multiply(_t2, _t2, Scratch3);
                field.Add(Scratch3, Y, Y);
            }
            else
            {
                // t2 is -3 (X - Z^2)(X + Z^2), t1 becomes X' - 4 X Y^2.
                field.Multiply(Z, Scratch3, Z);
                field.Combine(_t2, _t2, _t2, -4);
                field.Square(X, _t2);
                field.Combine(X, X, _t1, -8);
                field.Combine(_t1, X, _t1, -4);
                field.Multiply(_t1, _t1, _t2);
                field.Square(Scratch0, Scratch0);
                field.Combine(Y, _t1, Scratch0, -8);
            }
        }

        /// <summary>
        /// Adds the affine point (8 multiplications and 3 squarings in three parts). Z becomes 0 where the points are the same
        /// or each other's negative, and where it was 0.
        /// </summary>
        internal void Add(int part)
        {
            PrimeField field = Field;
            if (part == 0)
            {
                field.Square(Scratch0, Z);
                field.Multiply(_t1, OtherX, Scratch0);
                field.Multiply(_t2, Scratch0, Z);
                field.Multiply(_t2, OtherY, _t2);
                field.Subtract(_t1, _t1, X);
                field.Subtract(_t2, _t2, Y);
            }
            else if (part == 1)
            {
                field.Multiply(Z, Z, _t1);
                field.Square(Scratch0, _t1);
                field.Multiply(Scratch3, Scratch0, _t1);
                field.Multiply(Scratch0, X, Scratch0);
            }
            else
            {
                field.Square(X, _t2);
                field.Subtract(X, X, Scratch3);
                field.Combine(X, X, Scratch0, -2);
                field.Subtract(Scratch0, Scratch0, X);
                field.Multiply(Scratch0, _t2, Scratch0);
                field.Multiply(Scratch3, Y, Scratch3);
                field.Combine(Y, Scratch0, Scratch3, -1);
            }
        }

        internal void Clear()
        {
            int limbs = Field.Limbs;
            Array.Clear(X, 0, limbs);
            Array.Clear(Y, 0, limbs);
            Array.Clear(Z, 0, limbs);
            Array.Clear(OtherX, 0, limbs);
            Array.Clear(OtherY, 0, limbs);
            Array.Clear(Scratch0, 0, limbs);
            Array.Clear(_t1, 0, limbs);
            Array.Clear(_t2, 0, limbs);
            Array.Clear(Scratch3, 0, limbs);
        }
    }
}
