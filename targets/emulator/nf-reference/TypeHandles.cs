using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Reference;

/// <summary>Finds the metadata handle of a type by its name: a definition of this assembly or a reference to another.</summary>
internal sealed class TypeHandles(MetadataBuilder metadata, AssemblySurface assembly, SurfaceSet surfaces)
{
    private readonly Dictionary<string, TypeDefinitionHandle> _definitions = [];
    private readonly Dictionary<string, TypeReferenceHandle> _references = [];
    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = [];

    /// <summary>Writes all references of the surface, used or not, in their order.</summary>
    public void AddAssemblyReferences()
    {
        foreach (AssemblyNameSurface reference in assembly.References)
        {
            Assembly(reference.Name);
        }
    }

    public void Define(string type, int row) => _definitions.Add(type, MetadataTokens.TypeDefinitionHandle(row));

    public bool IsKnown(string type) => _definitions.ContainsKey(type) || surfaces.Resolve(assembly, type) is not null;

    public bool IsValueType(string type) => Resolve(type).Type.Kind is TypeKind.Struct or TypeKind.Enum;

    public EntityHandle Handle(string type)
    {
        if (_definitions.TryGetValue(type, out TypeDefinitionHandle definition))
        {
            return definition;
        }

        if (_references.TryGetValue(type, out TypeReferenceHandle reference))
        {
            return reference;
        }

        (string? owner, TypeSurface _) = Resolve(type);
        int nesting = type.LastIndexOf('+');
        EntityHandle scope = nesting < 0 ? Assembly(owner) : Handle(type[..nesting]);
        (string? space, string? name) = nesting < 0 ? SplitName(type) : ("", type[(nesting + 1)..]);
        reference = metadata.AddTypeReference(scope, metadata.GetOrAddString(space), metadata.GetOrAddString(name));
        _references.Add(type, reference);
        return reference;
    }

    public static (string Namespace, string Name) SplitName(string type)
    {
        int dot = type.LastIndexOf('.');
        return dot < 0 ? ("", type) : (type[..dot], type[(dot + 1)..]);
    }

    private (string Assembly, TypeSurface Type) Resolve(string type)
        => surfaces.Resolve(assembly, type) ?? throw new FormatException($"{assembly.Name}: unknown type {type}");

    private AssemblyReferenceHandle Assembly(string name)
    {
        if (_assemblies.TryGetValue(name, out AssemblyReferenceHandle handle))
        {
            return handle;
        }

        AssemblySurface target = surfaces.Find(name) ?? throw new FormatException($"{assembly.Name}: no surface file for its reference {name}");
        handle = metadata.AddAssemblyReference(
            metadata.GetOrAddString(name), target.Version, culture: default,
            publicKeyOrToken: StrongName.TokenBlob(metadata, target.PublicKey), flags: default, hashValue: default);
        _assemblies.Add(name, handle);
        return handle;
    }
}
