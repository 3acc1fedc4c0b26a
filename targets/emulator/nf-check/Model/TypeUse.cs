using System.Collections.Immutable;
using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;

namespace NfDtls.Nano.Check.Model;

/// <summary>A place where a type is named in a signature or an instruction.</summary>
internal sealed record TypeUse(Place Place, string Role, SignatureType Type)
{
    public static IEnumerable<TypeUse> Of(CheckedType type)
    {
        MetadataReader reader = type.Assembly.Reader;
        foreach (InterfaceImplementationHandle handle in type.Definition.GetInterfaceImplementations())
        {
            if (Decode(reader, reader.GetInterfaceImplementation(handle).Interface) is { } implemented)
            {
                yield return new TypeUse(Place.Of(type), "interface", implemented);
            }
        }
        if (Decode(reader, type.Definition.BaseType) is { } baseType)
        {
            yield return new TypeUse(Place.Of(type), "base type", baseType);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            yield return new TypeUse(Place.Of(type, field), "field", field.DecodeSignature(SignatureTypeProvider.Instance, null));
        }
    }

    public static IEnumerable<TypeUse> Of(CheckedMethod method)
    {
        var place = Place.Of(method);
        yield return new TypeUse(place, "return type", method.Signature.ReturnType);
        foreach (SignatureType parameter in method.Signature.ParameterTypes)
        {
            yield return new TypeUse(place, "parameter", parameter);
        }

        foreach (SignatureType local in method.Locals)
        {
            yield return new TypeUse(place, "local variable", local);
        }

        foreach (Instruction instruction in method.Instructions)
        {
            if (!instruction.HasToken)
            {
                continue;
            }

            foreach (SignatureType type in OfToken(method.Type.Assembly.Reader, instruction.Token))
            {
                yield return new TypeUse(Place.Of(method, instruction), instruction.Name, type);
            }
        }
    }

    private static IEnumerable<SignatureType> OfToken(MetadataReader reader, EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.TypeSpecification:
                yield return reader.GetTypeSpecification((TypeSpecificationHandle)token).DecodeSignature(SignatureTypeProvider.Instance, null);
                break;

            case HandleKind.MethodSpecification:
                MethodSpecification specification = reader.GetMethodSpecification((MethodSpecificationHandle)token);
                ImmutableArray<SignatureType> arguments = specification.DecodeSignature(SignatureTypeProvider.Instance, null);
                yield return new SignatureType($"<{string.Join(", ", arguments.Select(a => a.Name))}>", TypeTraits.Generic, null);
                break;

            case HandleKind.MemberReference:
                MemberReference member = reader.GetMemberReference((MemberReferenceHandle)token);
                if (member.Parent.Kind == HandleKind.TypeSpecification)
                {
                    yield return Decode(reader, member.Parent)!;
                }

                break;
        }
    }

    /// <summary>Null where there is nothing to decode: plain definitions and references have no traits.</summary>
    private static SignatureType? Decode(MetadataReader reader, EntityHandle type) => type.IsNil || type.Kind != HandleKind.TypeSpecification ? null
        : reader.GetTypeSpecification((TypeSpecificationHandle)type).DecodeSignature(SignatureTypeProvider.Instance, null);
}
