namespace NfDtls.Nano.Check.Sizes;

/// <summary>The managed heap is counted in blocks of 12 bytes.</summary>
internal static class HeapBlocks
{
    public const int Size = 12;

    private const int ArrayHeader = 20;

    /// <summary>Bytes that an array takes; <paramref name="elementType"/> is the full name of its element's type.</summary>
    public static int OfArray(int length, string elementType)
        => (ArrayHeader + length * ElementSize(elementType) + Size - 1) / Size * Size;

    private static int ElementSize(string type) => type switch
    {
        "System.Boolean" or "System.SByte" or "System.Byte" => 1,
        "System.Char" or "System.Int16" or "System.UInt16" => 2,
        "System.Int32" or "System.UInt32" or "System.Single" => 4,
        "System.Int64" or "System.UInt64" or "System.Double" => 8,
        _ => Size,
    };
}
