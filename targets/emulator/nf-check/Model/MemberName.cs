using System.Reflection.Metadata;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Model;

/// <summary>The type and name of a method or field that an instruction refers to.</summary>
internal readonly record struct MemberName(string Type, string Name)
{
    public override string ToString() => Type + "." + Name;

    public static MemberName Of(MetadataReader reader, EntityHandle member)
    {
        switch (member.Kind)
        {
            case HandleKind.MethodDefinition:
                MethodDefinition method = reader.GetMethodDefinition((MethodDefinitionHandle)member);
                return new MemberName(TypeNameProvider.NameOf(reader, method.GetDeclaringType()), reader.GetString(method.Name));

            case HandleKind.FieldDefinition:
                FieldDefinition field = reader.GetFieldDefinition((FieldDefinitionHandle)member);
                return new MemberName(TypeNameProvider.NameOf(reader, field.GetDeclaringType()), reader.GetString(field.Name));

            case HandleKind.MethodSpecification:
                return Of(reader, reader.GetMethodSpecification((MethodSpecificationHandle)member).Method);

            case HandleKind.MemberReference:
                MemberReference reference = reader.GetMemberReference((MemberReferenceHandle)member);
                string parent = reference.Parent.Kind == HandleKind.MethodDefinition
                    ? Of(reader, reference.Parent).Type
                    : TypeNameProvider.NameOf(reader, reference.Parent);
                return new MemberName(parent, reader.GetString(reference.Name));

            default:
                return default;
        }
    }
}
