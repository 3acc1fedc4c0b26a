using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF001-NF004: every assembly, type and member referred to must exist on the device.</summary>
internal sealed class ReferenceRules(KnownTypes known) : Rule
{
    public override void Check(CheckedAssembly assembly, Findings findings)
    {
        var place = Place.Of(assembly);
        MetadataReader reader = assembly.Reader;
        foreach (AssemblyReferenceHandle handle in reader.AssemblyReferences)
        {
            CheckAssemblyReference(reader, handle, place, findings);
        }

        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            CheckTypeReference(reader, handle, place, findings);
        }
    }

    public override void Check(CheckedMethod method, Findings findings)
    {
        foreach (Instruction instruction in method.Instructions)
        {
            if (instruction.HasToken && MemberReferenceOf(method.Type.Assembly.Reader, instruction.Token) is { } member)
            {
                CheckMember(method.Type.Assembly.Reader, member, Place.Of(method, instruction), findings);
            }
        }
    }

    private void CheckAssemblyReference(MetadataReader reader, AssemblyReferenceHandle handle, Place place, Findings findings)
    {
        AssemblyReference reference = reader.GetAssemblyReference(handle);
        string name = reader.GetString(reference.Name);
        Version? present = known.VersionOf(name);
        if (present is null)
        {
            findings.Error("NF001", place,
                $"assembly {name} is neither a class library of the surface nor among the checked assemblies; pass it too, or do without");
        }
        else if ((reference.Version.Major, reference.Version.Minor) != (present.Major, present.Minor))
        {
            findings.Error("NF004", place,
                $"{name} {reference.Version} is referred to and {present} is there; the loader wants the same major and minor version");
        }
    }

    private void CheckTypeReference(MetadataReader reader, TypeReferenceHandle handle, Place place, Findings findings)
    {
        string? owner = AssemblyOf(reader, handle);
        if (owner is null || known.VersionOf(owner) is null)
        {
            return;
        }

        string name = TypeNameProvider.NameOf(reader, handle);
        if (known.Find(owner, name) is null)
        {
            findings.Error("NF002", place, $"{owner} has no type {name}; use one that its surface file lists");
        }
    }

    private void CheckMember(MetadataReader reader, MemberReference member, Place place, Findings findings)
    {
        if (OwnerOf(reader, member.Parent) is not { } owner || AssemblyOf(reader, owner) is not { } assembly
            || known.Find(assembly, TypeNameProvider.NameOf(reader, owner)) is not { } type)
        {
            return;
        }

        string name = reader.GetString(member.Name);
        string key = member.GetKind() == MemberReferenceKind.Field
            ? KnownTypes.FieldKey(name, member.DecodeFieldSignature(TypeNameProvider.Instance, null))
            : KnownTypes.MethodKey(name, member.DecodeMethodSignature(TypeNameProvider.Instance, null));
        if (!known.HasMember(type, key))
        {
            findings.Error("NF003", place, $"{type.Name} of {assembly} has no member \"{key}\"; use one that its surface file lists");
        }
    }

    private static MemberReference? MemberReferenceOf(MetadataReader reader, EntityHandle token)
    {
        if (token.Kind == HandleKind.MethodSpecification)
        {
            token = reader.GetMethodSpecification((MethodSpecificationHandle)token).Method;
        }

        return token.Kind == HandleKind.MemberReference ? reader.GetMemberReference((MemberReferenceHandle)token) : null;
    }

    /// <summary>The type that has a member: for one of a generic type with its arguments, the type without them; null where it is no reference.</summary>
    private static TypeReferenceHandle? OwnerOf(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            BlobReader signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            {
                return null;
            }

            signature.ReadCompressedInteger();
            parent = signature.ReadTypeHandle();
        }

        return parent.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)parent : null;
    }

    /// <summary>The assembly that a reference points into; null for a type of another module.</summary>
    private static string? AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            HandleKind.TypeReference => AssemblyOf(reader, (TypeReferenceHandle)scope),
            _ => null,
        };
    }
}
