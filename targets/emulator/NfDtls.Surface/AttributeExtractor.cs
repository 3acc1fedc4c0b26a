using System.Reflection.Metadata;

namespace NfDtls.Nano.Surface;

/// <summary>Reads the custom attributes that the C# compiler acts upon; all others are left out of the surface.</summary>
public sealed class AttributeExtractor(MetadataReader reader)
{
    private const string CompilerMessageOnRefStructs = "Types with embedded references are not supported in this version of your compiler.";

    private static readonly HashSet<string> Kept =
    [
        "System.AttributeUsageAttribute",
        "System.FlagsAttribute",
        "System.ObsoleteAttribute",
        "System.Reflection.DefaultMemberAttribute",
        "System.Diagnostics.ConditionalAttribute",
        "System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute",
        "System.Diagnostics.CodeAnalysis.NotNullAttribute",
        "System.Diagnostics.CodeAnalysis.NotNullWhenAttribute",
        "System.Runtime.CompilerServices.CallerArgumentExpressionAttribute",
        "System.Runtime.CompilerServices.ExtensionAttribute",
        "System.Runtime.CompilerServices.IsByRefLikeAttribute",
        "System.Runtime.CompilerServices.IsReadOnlyAttribute",
    ];

    public IEnumerable<AttributeSurface> Read(CustomAttributeHandleCollection handles)
    {
        List<AttributeSurface> found = new List<AttributeSurface>();
        foreach (var handle in handles)
        {
            var attribute = reader.GetCustomAttribute(handle);
            string name = TypeName(attribute);
            if (Kept.Contains(name))
            {
                found.Add(ReadArguments(attribute, name));
            }
        }
        return found.OrderBy(a => a.TypeName, StringComparer.Ordinal);
    }

    public bool Has(CustomAttributeHandleCollection handles, string typeName)
    {
        foreach (var handle in handles)
        {
            if (TypeName(reader.GetCustomAttribute(handle)) == typeName)
            {
                return true;
            }
        }
        return false;
    }

    private string TypeName(CustomAttribute attribute) => attribute.Constructor.Kind == HandleKind.MemberReference
        ? TypeNameProvider.NameOf(reader, reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent)
        : TypeNameProvider.NameOf(reader, reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType());

    private static AttributeSurface ReadArguments(CustomAttribute attribute, string name)
    {
        var value = attribute.DecodeValue(AttributeTypeProvider.Instance);
        AttributeSurface surface = new AttributeSurface { TypeName = name };
        surface.Arguments.AddRange(value.FixedArguments.Select(a => new TypedValue(a.Type, NeutralText(name, a.Value))));
        surface.NamedArguments.AddRange(value.NamedArguments
            .Select(a => new NamedValue(a.Kind == CustomAttributeNamedArgumentKind.Field, a.Name!, new TypedValue(a.Type, a.Value))));
        return surface;
    }

    /// <summary>
    /// The prose of an Obsolete message is not an API fact: one word stands for it. The message that the compiler itself
    /// puts on ref structs is kept, because the compiler recognises it word by word.
    /// </summary>
    private static object? NeutralText(string attribute, object? value)
        => attribute == "System.ObsoleteAttribute" && value is string text && text != CompilerMessageOnRefStructs ? "obsolete" : value;

    private sealed class AttributeTypeProvider : ICustomAttributeTypeProvider<string>
    {
        public static readonly AttributeTypeProvider Instance = new();

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => TypeNames.Keyword(typeCode);

        public string GetSystemType() => "System.Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
            => TypeNameProvider.Instance.GetTypeFromDefinition(reader, handle, rawTypeKind);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
            => TypeNameProvider.Instance.GetTypeFromReference(reader, handle, rawTypeKind);

        public string GetTypeFromSerializedName(string name) => name.Split(',')[0];

        /// <summary>Of the kept attributes only AttributeUsage takes an enum, and that one is an int.</summary>
        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => type == "System.Type";
    }
}
