using System.Globalization;
using System.Numerics;

namespace NfDtls.Tests.Rsa;

/// <summary>An RSA key, from its primes.</summary>
internal sealed class TestKey
{
    internal TestKey(int bits, long e, string p, string q)
    {
        Bits = bits;
        P = BigInteger.Parse("0" + p, NumberStyles.HexNumber);
        Q = BigInteger.Parse("0" + q, NumberStyles.HexNumber);
        E = e;
        N = P * Q;
        D = Inverse(E, (P - 1) * (Q - 1));
        Stored = RsaKeys.Store(
        [
            Bytes(N), Bytes(E), Bytes(D), Bytes(P), Bytes(Q), Bytes(D % (P - 1)), Bytes(D % (Q - 1)), Bytes(Inverse(Q, P)),
        ]);
    }

    internal int Bits { get; }
    internal BigInteger P { get; }
    internal BigInteger Q { get; }
    internal BigInteger E { get; }
    internal BigInteger N { get; }
    internal BigInteger D { get; }
    internal StoredPrivateKey Stored { get; }

    internal PublicKey Public
    {
        get { return Stored.Public; }
    }

    internal int Size
    {
        get { return (Bits + 7) / 8; }
    }

    /// <summary>What a number is under the public key, as long as the modulus.</summary>
    internal byte[] Encrypt(byte[] block)
    {
        byte[] result = new byte[Size];
        byte[] power = Bytes(BigInteger.ModPow(new BigInteger(block, true, true), E, N));
        power.CopyTo(result, Size - power.Length);
        return result;
    }

    public override string ToString()
    {
        return Bits + " bits, e = " + E;
    }

    private static byte[] Bytes(BigInteger number)
    {
        return number.ToByteArray(true, true);
    }

    private static BigInteger Inverse(BigInteger number, BigInteger modulus)
    {
        BigInteger a = modulus, b = number % modulus, x = 0, y = 1;
        while (b > 1)
        {
            BigInteger quotient = a / b;
            (a, b) = (b, a - quotient * b);
            (x, y) = (y, x - quotient * y);
        }

        return y < 0 ? y + modulus : y;
    }
}
