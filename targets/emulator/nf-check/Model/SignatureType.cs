using System.Collections.Immutable;
using System.Reflection.Metadata;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Model;

/// <summary>What a type in a signature is made of, as far as the rules ask.</summary>
[Flags]
internal enum TypeTraits
{
    None = 0,
    /// <summary>A generic type with its arguments. A bare type parameter has no trait: its definition is what counts.</summary>
    Generic = 1,
    Pointer = 2,
    FunctionPointer = 4,
    MultiDimensional = 8,
    Modified = 16,
}

/// <summary>A type as it stands in a signature.</summary>
/// <param name="Name">Its name, as in the surface files.</param>
/// <param name="Traits">The traits of the type and of all it is made of.</param>
/// <param name="Modifier">The custom modifier (modreq or modopt) in it, if any.</param>
internal sealed record SignatureType(string Name, TypeTraits Traits, string? Modifier)
{
    public bool Has(TypeTraits traits) => (Traits & traits) != 0;
}

/// <summary>Decodes signatures to <see cref="SignatureType"/>; the names come from the surface format's own provider.</summary>
internal sealed class SignatureTypeProvider : ISignatureTypeProvider<SignatureType, object?>
{
    public static readonly SignatureTypeProvider Instance = new();

    private static readonly TypeNameProvider Names = TypeNameProvider.Instance;

    public SignatureType GetPrimitiveType(PrimitiveTypeCode typeCode) => Plain(Names.GetPrimitiveType(typeCode));

    public SignatureType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        => Plain(Names.GetTypeFromDefinition(reader, handle, rawTypeKind));

    public SignatureType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        => Plain(Names.GetTypeFromReference(reader, handle, rawTypeKind));

    public SignatureType GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind)
        => reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public SignatureType GetSZArrayType(SignatureType element) => element with { Name = Names.GetSZArrayType(element.Name) };

    public SignatureType GetArrayType(SignatureType element, ArrayShape shape)
        => With(element, Names.GetArrayType(element.Name, shape), TypeTraits.MultiDimensional);

    public SignatureType GetByReferenceType(SignatureType element) => element with { Name = Names.GetByReferenceType(element.Name) };

    public SignatureType GetPointerType(SignatureType element) => With(element, Names.GetPointerType(element.Name), TypeTraits.Pointer);

    /// <summary>Only a <c>fixed</c> statement pins: the variable stands for a pointer.</summary>
    public SignatureType GetPinnedType(SignatureType element) => With(element, Names.GetPinnedType(element.Name), TypeTraits.Pointer);

    public SignatureType GetModifiedType(SignatureType modifier, SignatureType unmodified, bool isRequired)
        => With(unmodified, unmodified.Name, TypeTraits.Modified) with { Modifier = modifier.Name };

    public SignatureType GetFunctionPointerType(MethodSignature<SignatureType> signature) => new("delegate*", TypeTraits.FunctionPointer, null);

    public SignatureType GetGenericInstantiation(SignatureType genericType, ImmutableArray<SignatureType> arguments)
        => With(genericType, Names.GetGenericInstantiation(genericType.Name, [.. arguments.Select(a => a.Name)]), TypeTraits.Generic);

    public SignatureType GetGenericTypeParameter(object? context, int index) => Plain(Names.GetGenericTypeParameter(context, index));

    public SignatureType GetGenericMethodParameter(object? context, int index) => Plain(Names.GetGenericMethodParameter(context, index));

    private static SignatureType Plain(string name) => new(name, TypeTraits.None, null);

    private static SignatureType With(SignatureType type, string name, TypeTraits trait) => type with { Name = name, Traits = type.Traits | trait };
}
