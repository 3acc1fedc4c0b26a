using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace NfDtls.Nano.Surface;

/// <summary>Turns metadata signatures into the type names of the surface format.</summary>
public sealed class TypeNameProvider : ISignatureTypeProvider<string, object?>
{
    public static readonly TypeNameProvider Instance = new();

    public static string NameOf(MetadataReader reader, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeDefinition => Instance.GetTypeFromDefinition(reader, (TypeDefinitionHandle)type, 0),
        HandleKind.TypeReference => Instance.GetTypeFromReference(reader, (TypeReferenceHandle)type, 0),
        HandleKind.TypeSpecification => Instance.GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)type, 0),
        _ => throw new BadImageFormatException($"{type.Kind} is not a type"),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        var outer = type.GetDeclaringType();
        return outer.IsNil ? Qualified(reader, type.Namespace, name) : GetTypeFromDefinition(reader, outer, 0) + "+" + name;
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0) + "+" + name
            : Qualified(reader, type.Namespace, name);
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind)
        => reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => TypeNames.Keyword(typeCode);

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[" + new string(',', shape.Rank - 1) + "]";

    public string GetByReferenceType(string elementType) => "ref " + elementType;

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => "pinned " + elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired)
        => (isRequired ? "modreq(" : "modopt(") + modifier + ") " + unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "delegate*";

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments)
        => genericType + "<" + string.Join(", ", typeArguments) + ">";

    public string GetGenericTypeParameter(object? context, int index) => "!" + index;

    public string GetGenericMethodParameter(object? context, int index) => "!!" + index;

    private static string Qualified(MetadataReader reader, StringHandle @namespace, string name)
        => @namespace.IsNil ? name : reader.GetString(@namespace) + "." + name;
}
