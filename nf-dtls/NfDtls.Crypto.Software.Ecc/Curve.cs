namespace NfDtls.Crypto.Software
{
    /// <summary>A curve y^2 = x^3 - 3x + b of prime order. Holds constants and tables; serves any number of operations at once.</summary>
    internal sealed class Curve
    {
        internal readonly PrimeField Field;
        internal readonly Modulus Order;
        internal readonly byte[] OrderBytes;

        // In the field's own form.
        internal long[] B;
        internal long[] BaseX;
        internal long[] BaseY;

        /// <summary>Odd combinations of the base point for columns 0 to 31, or null: then the base point has no tables.</summary>
        internal PointTable LowComb;

        /// <summary>The same for columns 32 to 63.</summary>
        internal PointTable HighComb;

        internal Curve(PrimeField field, Modulus order)
        {
            Field = field;
            Order = order;
            OrderBytes = new byte[field.Size];
            order.Store(order.Value, OrderBytes, 0, field.Size);
        }

        /// <summary>Bytes of a coordinate and of a scalar.</summary>
        internal int Size
        {
            get { return Field.Size; }
        }

        /// <summary>
        /// Reads an uncompressed point and checks that it is one of the curve. At most 6 multiplications; not in constant
        /// time. The scratch has two elements.
        /// </summary>
        internal bool TryLoad(byte[] from, int offset, int count, long[] x, long[] y, long[] scratch1, long[] scratch2)
        {
            PrimeField field = Field;
            int size = field.Size;
            if (count != 1 + 2 * size || from[offset] != 4)
            {
                return false;
            }

            Modulus modulus = field.Modulus;
            modulus.Load(x, from, offset + 1, size);
            modulus.Load(y, from, offset + 1 + size, size);
            if (modulus.IsBelow(x) == 0 || modulus.IsBelow(y) == 0)
            {
                return false;
            }

            field.Enter(x);
            field.Enter(y);
            field.Square(scratch1, x);
            field.Multiply(scratch1, scratch1, x);
            field.Combine(scratch1, scratch1, x, -3);
            field.Combine(scratch1, scratch1, B, 1);
            field.Square(scratch2, y);
            field.Subtract(scratch1, scratch1, scratch2);
            return field.IsZero(scratch1, scratch2) != 0;
        }
    }
}
