namespace NfDtls.Nano.Surface;

/// <summary>The public surface of one assembly, as written in surface/NAME.txt.</summary>
public sealed class AssemblySurface
{
    public required string Name { get; init; }
    public required Version Version { get; init; }
    public string PublicKey { get; set; } = "";
    public List<AssemblyNameSurface> References { get; } = [];
    public List<TypeSurface> Types { get; } = [];

    /// <summary>An assembly may have what nf-check understands, but neither surface files nor generated references can say.</summary>
    /// <exception cref="FormatException">This one does.</exception>
    public void ExpectWritable()
    {
        foreach (TypeSurface type in Types)
        {
            if (type.TypeParameters.Any(p => p.IsConstrained) || type.Methods.Any(m => m.TypeParameters > 0))
            {
                throw new FormatException($"{Name}: {type.Name} has a generic method or a constraint, which are not part of the surface format");
            }
        }
    }
}

public sealed record AssemblyNameSurface(string Name, Version Version);

public enum TypeKind { Class, Struct, Interface, Enum, Delegate }

/// <summary>What the invisible fields of a struct hold: the compiler's definite assignment needs it.</summary>
public enum StructState { None, Values, References }

public enum Access { Public, ProtectedInternal, Protected }

public sealed class TypeSurface
{
    /// <summary>Full name; a nested type is Outer+Inner; a generic type ends in `arity.</summary>
    public required string Name { get; init; }
    public required TypeKind Kind { get; init; }
    public Access Access { get; init; }
    public bool IsAbstract { get; init; }
    public bool IsSealed { get; init; }
    public StructState State { get; init; }
    /// <summary>Base type; for an enum its underlying type; null for interfaces and System.Object.</summary>
    public string? Base { get; init; }
    public List<TypeParameterSurface> TypeParameters { get; } = [];
    public List<string> Interfaces { get; } = [];
    public List<AttributeSurface> Attributes { get; } = [];
    public List<FieldSurface> Fields { get; } = [];
    public List<MethodSurface> Methods { get; } = [];
    public List<PropertySurface> Properties { get; } = [];
    public List<EventSurface> Events { get; } = [];
}

public enum Variance { None, In, Out }

/// <param name="IsConstrained">Whether it says what may stand for it; surface files do not tell.</param>
public sealed record TypeParameterSurface(string Name, Variance Variance, bool IsConstrained = false);

/// <summary>A custom attribute the C# compiler acts upon (Obsolete, AttributeUsage, Conditional ...).</summary>
public sealed class AttributeSurface
{
    public required string TypeName { get; init; }
    public List<TypedValue> Arguments { get; } = [];
    public List<NamedValue> NamedArguments { get; } = [];
}

public sealed record TypedValue(string Type, object? Value);

public sealed record NamedValue(bool IsField, string Name, TypedValue Value);

public abstract class MemberSurface
{
    public required string Name { get; init; }
    public Access Access { get; init; }
    public List<AttributeSurface> Attributes { get; } = [];
}

public sealed class FieldSurface : MemberSurface
{
    public required string Type { get; init; }
    public bool IsStatic { get; init; }
    public bool IsReadOnly { get; init; }
    public bool IsConst { get; init; }
    public object? Value { get; init; }
}

/// <summary>How a method takes part in virtual dispatch; the four flags are the metadata's own.</summary>
public sealed record MethodModifiers(bool IsStatic, bool IsVirtual, bool IsAbstract, bool IsOverride, bool IsSealed)
{
    public static readonly MethodModifiers None = new(false, false, false, false, false);
}

public sealed class MethodSurface : MemberSurface
{
    public const string ConstructorName = ".ctor";

    public required string ReturnType { get; init; }
    public MethodModifiers Modifiers { get; init; } = MethodModifiers.None;
    public List<ParameterSurface> Parameters { get; init; } = [];

    /// <summary>How many type parameters a generic method has of its own; surface files have none such.</summary>
    public int TypeParameters { get; init; }

    public bool IsConstructor => Name == ConstructorName;
}

public enum Passing { Value, Ref, Out, In }

public sealed class ParameterSurface
{
    public required string Name { get; init; }
    public required string Type { get; init; }
    public Passing Passing { get; init; }
    public bool IsParams { get; init; }
    public bool HasDefault { get; init; }
    public object? Default { get; init; }
    public List<AttributeSurface> Attributes { get; } = [];

    /// <summary>The type as it stands in the metadata signature.</summary>
    public string SignatureType => Passing == Passing.Value ? Type : "ref " + Type;
}

public sealed class PropertySurface : MemberSurface
{
    public required string Type { get; init; }
    public MethodModifiers Modifiers { get; init; } = MethodModifiers.None;
    public List<ParameterSurface> Parameters { get; init; } = [];
    /// <summary>Null when the property has no (visible) getter.</summary>
    public Access? Getter { get; init; }
    public Access? Setter { get; init; }
}

public sealed class EventSurface : MemberSurface
{
    public required string Type { get; init; }
    public MethodModifiers Modifiers { get; init; } = MethodModifiers.None;
}
