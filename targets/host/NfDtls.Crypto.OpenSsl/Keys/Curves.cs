namespace NfDtls.Crypto.OpenSsl;

/// <summary>The curves by the seam's numbers; null where there is none.</summary>
internal static class Curves
{
    internal static Curve? OfGroup(int group)
    {
        return Found(group switch
        {
            NamedGroup.Secp256r1 => Curve.P256,
            NamedGroup.Secp384r1 => Curve.P384,
            NamedGroup.Secp521r1 => Curve.P521,
            _ => null,
        });
    }

    internal static Curve? OfKind(int keyKind)
    {
        return Found(keyKind switch
        {
            KeyKind.Secp256r1 => Curve.P256,
            KeyKind.Secp384r1 => Curve.P384,
            KeyKind.Secp521r1 => Curve.P521,
            _ => null,
        });
    }

    private static Curve? Found(Curve? curve)
    {
        return curve != null && curve.IsThere ? curve : null;
    }
}
