using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>A field that counts its multiplications, and checks that no operand is larger than the formulas may make it.</summary>
internal sealed class CountingField : PrimeField
{
    private readonly PrimeField _field;

    internal CountingField(PrimeField field)
        : base(field.Size, field.Limbs, field.Modulus.LimbBits, field.Modulus.Value)
    {
        _field = field;
        field.Copy(field.Unit, Unit);
    }

    internal int Multiplications { get; set; }

    /// <summary>The largest product of two operands' limbs, in units of 2^(2 LimbBits).</summary>
    internal double Growth { get; private set; }

    internal override void Multiply(long[] result, long[] a, long[] b)
    {
        Note(a, b);
        _field.Multiply(result, a, b);
    }

    internal override void Square(long[] result, long[] a)
    {
        Note(a, a);
        _field.Square(result, a);
    }

    internal override void Combine(long[] result, long[] a, long[] b, long factor)
    {
        _field.Combine(result, a, b, factor);
    }

    internal override void Add(long[] result, long[] a, long[] b)
    {
        _field.Add(result, a, b);
    }

    internal override void Subtract(long[] result, long[] a, long[] b)
    {
        _field.Subtract(result, a, b);
    }

    internal override void Enter(long[] value)
    {
        Multiplications++;
        _field.Enter(value);
    }

    internal override void Leave(long[] result, long[] a)
    {
        Multiplications++;
        _field.Leave(result, a);
    }

    private void Note(long[] a, long[] b)
    {
        Multiplications++;
        double growth = Largest(a) * Largest(b);
        if (growth > Growth)
        {
            Growth = growth;
        }
    }

    private double Largest(long[] a)
    {
        long largest = 0;
        for (int i = 0; i < a.Length - 1; i++)
        {
            largest = System.Math.Max(largest, System.Math.Abs(a[i]));
        }

        return (double)largest / (1L << Modulus.LimbBits);
    }
}
