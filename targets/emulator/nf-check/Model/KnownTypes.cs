using System.Reflection;
using System.Reflection.Metadata;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Model;

/// <summary>A type that a reference may mean.</summary>
/// <param name="Members">Fields as "type name", methods as "return name(parameters)", with "static " before where they are.</param>
internal sealed record KnownType(string Assembly, string Name, string? Base, IReadOnlyList<string> Interfaces, HashSet<string> Members)
{
    public bool IsEnum { get; init; }

    public required HashSet<string> VirtualMethods { get; init; }
}

/// <summary>All types there are: the class libraries' surface and the assemblies under inspection.</summary>
internal sealed class KnownTypes
{
    private readonly Dictionary<string, Version> _assemblies = [];
    private readonly Dictionary<(string Assembly, string Type), KnownType> _types = [];
    private readonly Dictionary<string, KnownType> _typesByName = [];

    public KnownTypes(SurfaceSet surfaces, IEnumerable<CheckedAssembly> assemblies)
    {
        foreach (AssemblySurface surface in surfaces.Assemblies)
        {
            _assemblies[surface.Name] = surface.Version;
            foreach (TypeSurface type in surface.Types)
            {
                Add(FromSurface(surface.Name, type));
            }
        }
        foreach (CheckedAssembly assembly in assemblies)
        {
            _assemblies[assembly.Name] = assembly.Version;
            foreach (CheckedType type in assembly.Types)
            {
                Add(FromMetadata(type));
            }
        }
    }

    public Version? VersionOf(string assembly) => _assemblies.GetValueOrDefault(assembly);

    public KnownType? Find(string assembly, string type) => _types.GetValueOrDefault((assembly, type));

    public bool IsEnum(string type) => _typesByName.TryGetValue(type, out KnownType? known) && known.IsEnum;

    /// <summary>Whether a type or one it inherits from has a member.</summary>
    public bool HasMember(KnownType type, string member)
    {
        if (type.Members.Contains(member))
        {
            return true;
        }

        IEnumerable<string> parents = type.Base is null ? type.Interfaces : type.Interfaces.Prepend(type.Base);
        return parents.Any(p => FindFrom(type.Assembly, p) is { } parent && HasMember(parent, member));
    }

    /// <summary>A type by name, as seen from an assembly: its own comes first. Of a generic one, its definition.</summary>
    public KnownType? FindFrom(string assembly, string type)
    {
        string name = DefinitionOf(type);
        return Find(assembly, name) ?? _typesByName.GetValueOrDefault(name);
    }

    /// <summary>A type's name without its arguments.</summary>
    private static string DefinitionOf(string type)
    {
        int arity = type.IndexOf('`', StringComparison.Ordinal);
        int arguments = arity < 0 ? -1 : type.IndexOf('<', arity);
        return arguments < 0 ? type : type[..arguments];
    }

    /// <summary>The base types of a type, nearest first.</summary>
    public IEnumerable<KnownType> AncestorsOf(CheckedType type)
    {
        string? baseName = type.BaseName;
        while (baseName is not null && FindFrom(type.Assembly.Name, baseName) is { } ancestor)
        {
            yield return ancestor;
            baseName = ancestor.Base;
        }
    }

    public static string MethodKey(string name, MethodSignature<string> signature)
        => MethodKey(!signature.Header.IsInstance, signature.ReturnType, name, signature.ParameterTypes);

    public static string FieldKey(string name, string type) => type + " " + name;

    private static string MethodKey(bool isStatic, string returnType, string name, IEnumerable<string> parameters)
        => $"{(isStatic ? "static " : "")}{returnType} {name}({string.Join(", ", parameters)})";

    private void Add(KnownType type)
    {
        _types[(type.Assembly, type.Name)] = type;
        _typesByName.TryAdd(type.Name, type);
    }

    private static KnownType FromSurface(string assembly, TypeSurface type)
    {
        static string Key(MethodSurface m) => MethodKey(m.Modifiers.IsStatic, m.ReturnType, m.Name, m.Parameters.Select(p => p.SignatureType));

        var methods = AccessorMethods.AllMethods(type).ToList();
        IEnumerable<string> fields = type.Fields.Select(f => FieldKey(f.Name, f.Type));
        string? baseType = type.Kind == TypeKind.Enum ? "System.Enum" : type.Base;
        return new KnownType(assembly, type.Name, baseType, type.Interfaces, [.. methods.Select(Key), .. fields])
        {
            IsEnum = type.Kind == TypeKind.Enum,
            VirtualMethods = [.. methods.Where(m => m.Modifiers.IsVirtual).Select(Key)],
        };
    }

    private static KnownType FromMetadata(CheckedType type)
    {
        static string Key(CheckedMethod m) => MethodKey(m.Name, m.Definition.DecodeSignature(TypeNameProvider.Instance, null));

        IEnumerable<string> fields = type.Fields.Select(f => FieldKey(type.Assembly.Reader.GetString(f.Name), f.DecodeSignature(TypeNameProvider.Instance, null)));
        return new KnownType(type.Assembly.Name, type.Name, type.BaseName, [.. type.InterfaceNames], [.. type.Methods.Select(Key), .. fields])
        {
            IsEnum = type.IsEnum,
            VirtualMethods = [.. type.Methods.Where(m => m.IsVirtual).Select(Key)],
        };
    }
}
