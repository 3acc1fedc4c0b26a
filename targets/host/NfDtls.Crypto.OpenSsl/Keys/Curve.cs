using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>A curve of NIST's: OpenSSL's group, made once for the process, which any number of threads may use.</summary>
internal sealed unsafe class Curve
{
    internal static readonly Curve P256 = new(415, "P-256"u8, 32);
    internal static readonly Curve P384 = new(715, "P-384"u8, 48);
    internal static readonly Curve P521 = new(716, "P-521"u8, 66);

    private const byte Uncompressed = 4;
    private const int ConstantTime = 4;

    private readonly IntPtr _group;
    private readonly IntPtr _order;
    private readonly byte[] _name;
    private readonly Lazy<KeyHandle?> _domain;

    private Curve(int number, ReadOnlySpan<byte> name, int fieldLength)
    {
        _name = [.. name, 0];
        _domain = new Lazy<KeyHandle?>(() => KeyData.CurveAlone(this));
        FieldLength = fieldLength;
        _group = NativeMethods.EC_GROUP_new_by_curve_name(number);
        _order = _group == IntPtr.Zero ? IntPtr.Zero : NativeMethods.EC_GROUP_get0_order(_group);
        if (_group == IntPtr.Zero)
        {
            NativeMethods.ERR_clear_error();
        }
    }

    internal int FieldLength { get; }

    /// <summary>The name by which OpenSSL finds the curve, with a zero behind it.</summary>
    internal ReadOnlySpan<byte> Name
    {
        get { return _name; }
    }

    /// <summary>A key of OpenSSL's with the curve and nothing else, to be copied.</summary>
    internal KeyHandle? Domain
    {
        get { return _domain.Value; }
    }

    internal bool IsThere
    {
        get { return _group != IntPtr.Zero; }
    }

    /// <summary>Whether a number is a private key: from 1 to the order less 1.</summary>
    internal bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        IntPtr number = ReadSecret(scalar);
        bool isScalar = NativeMethods.BN_is_zero(number) == 0 && NativeMethods.BN_cmp(number, _order) < 0;
        NativeMethods.BN_clear_free(number);
        return isScalar;
    }

    /// <summary>Writes the generator's multiple, 04, X, Y; false where the scalar is no private key.</summary>
    internal bool TryMultiplyGenerator(ReadOnlySpan<byte> scalar, Span<byte> product)
    {
        return IsScalar(scalar) && Multiply(scalar, default, product) == DtlsError.None;
    }

    /// <summary>Writes a point's multiple, 04, X, Y. The point is the other side's: it must be uncompressed, and on the curve.</summary>
    internal DtlsError MultiplyPoint(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product)
    {
        // The cofactor is 1: a point on the curve is a point of the group.
        if (!IsEncoded(point))
        {
            return DtlsError.IllegalParameter;
        }

        return Multiply(scalar, point, product);
    }

    /// <summary>Whether these bytes have the form of an uncompressed point of this curve.</summary>
    internal bool IsEncoded(ReadOnlySpan<byte> point)
    {
        return point.Length == 1 + (2 * FieldLength) && point[0] == Uncompressed;
    }

    private DtlsError Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product)
    {
        DtlsError error = DtlsError.InternalError;
        IntPtr scratch = NativeMethods.BN_CTX_new();
        IntPtr result = NativeMethods.EC_POINT_new(_group);
        IntPtr factor = ReadSecret(scalar);
        IntPtr other = point.IsEmpty ? IntPtr.Zero : NativeMethods.EC_POINT_new(_group);
        fixed (byte* pointBytes = point, productBytes = product)
        {
            bool isOnCurve = point.IsEmpty || NativeMethods.EC_POINT_oct2point(_group, other, pointBytes, (nuint)point.Length, scratch) == 1;
            if (!isOnCurve)
            {
                error = DtlsError.IllegalParameter;
            }
            else if (NativeMethods.BN_is_zero(factor) == 0 && NativeMethods.BN_cmp(factor, _order) < 0
                && NativeMethods.EC_POINT_mul(_group, result, point.IsEmpty ? factor : IntPtr.Zero, other, point.IsEmpty ? IntPtr.Zero : factor, scratch) == 1
                && NativeMethods.EC_POINT_is_at_infinity(_group, result) == 0
                && NativeMethods.EC_POINT_point2oct(_group, result, Uncompressed, productBytes, (nuint)product.Length, scratch) == (nuint)(1 + (2 * FieldLength)))
            {
                error = DtlsError.None;
            }
        }

        NativeMethods.EC_POINT_clear_free(other);
        NativeMethods.EC_POINT_clear_free(result);
        NativeMethods.BN_clear_free(factor);
        NativeMethods.BN_CTX_free(scratch);
        if (error != DtlsError.None)
        {
            NativeMethods.ERR_clear_error();
        }

        return error;
    }

    private static IntPtr ReadSecret(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            IntPtr number = NativeMethods.BN_bin2bn(pointer, bytes.Length, IntPtr.Zero);
            if (number == IntPtr.Zero)
            {
                throw new CryptographicException("OpenSSL has no memory.");
            }

            NativeMethods.BN_set_flags(number, ConstantTime);
            return number;
        }
    }
}
