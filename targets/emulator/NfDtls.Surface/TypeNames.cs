using System.Reflection.Metadata;

namespace NfDtls.Nano.Surface;

/// <summary>Type names in surface files: C# keywords for the types that metadata signatures encode in one byte.</summary>
public static class TypeNames
{
    private static readonly Dictionary<string, PrimitiveTypeCode> CodesByKeyword = new()
    {
        ["void"] = PrimitiveTypeCode.Void,
        ["bool"] = PrimitiveTypeCode.Boolean,
        ["char"] = PrimitiveTypeCode.Char,
        ["sbyte"] = PrimitiveTypeCode.SByte,
        ["byte"] = PrimitiveTypeCode.Byte,
        ["short"] = PrimitiveTypeCode.Int16,
        ["ushort"] = PrimitiveTypeCode.UInt16,
        ["int"] = PrimitiveTypeCode.Int32,
        ["uint"] = PrimitiveTypeCode.UInt32,
        ["long"] = PrimitiveTypeCode.Int64,
        ["ulong"] = PrimitiveTypeCode.UInt64,
        ["float"] = PrimitiveTypeCode.Single,
        ["double"] = PrimitiveTypeCode.Double,
        ["string"] = PrimitiveTypeCode.String,
        ["object"] = PrimitiveTypeCode.Object,
        ["nint"] = PrimitiveTypeCode.IntPtr,
        ["nuint"] = PrimitiveTypeCode.UIntPtr,
        ["typedref"] = PrimitiveTypeCode.TypedReference,
    };

    private static readonly Dictionary<PrimitiveTypeCode, string> KeywordsByCode = CodesByKeyword.ToDictionary(p => p.Value, p => p.Key);

    public static bool IsPrimitive(string name) => CodesByKeyword.ContainsKey(name);

    public static bool TryGetCode(string name, out PrimitiveTypeCode code) => CodesByKeyword.TryGetValue(name, out code);

    public static string Keyword(PrimitiveTypeCode code) => KeywordsByCode[code];
}
