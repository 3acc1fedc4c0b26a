using System.Reflection;
using System.Reflection.Metadata;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Model;

/// <summary>A type of an assembly under inspection.</summary>
internal sealed class CheckedType
{
    private const string CompilerDataType = "<PrivateImplementationDetails>";

    public CheckedType(CheckedAssembly assembly, TypeDefinitionHandle handle)
    {
        Assembly = assembly;
        Handle = handle;
        Definition = assembly.Reader.GetTypeDefinition(handle);
        Name = TypeNameProvider.NameOf(assembly.Reader, handle);
        BaseName = Definition.BaseType.IsNil ? null : TypeNameProvider.NameOf(assembly.Reader, Definition.BaseType);
        Methods = [.. Definition.GetMethods().Select(m => new CheckedMethod(this, m))];
        Fields = [.. Definition.GetFields().Select(assembly.Reader.GetFieldDefinition)];
    }

    public CheckedAssembly Assembly { get; }

    public TypeDefinitionHandle Handle { get; }

    public TypeDefinition Definition { get; }

    /// <summary>Full name; a nested type is Outer+Inner.</summary>
    public string Name { get; }

    public string? BaseName { get; }

    public IReadOnlyList<CheckedMethod> Methods { get; }

    public IReadOnlyList<FieldDefinition> Fields { get; }

    public bool IsInterface => Definition.Attributes.HasFlag(TypeAttributes.Interface);

    public bool IsEnum => BaseName == "System.Enum";

    public bool IsStruct => BaseName == "System.ValueType";

    /// <summary>Where the compiler keeps array initialisers and the like; none of it is the author's.</summary>
    public bool IsCompilerData => Name.StartsWith(CompilerDataType, StringComparison.Ordinal);

    /// <summary>What the compiler makes of a method with `yield`.</summary>
    public bool IsIterator => Name.Contains(">d__", StringComparison.Ordinal) && InterfaceNames.Contains("System.Collections.IEnumerator");

    /// <summary>Attributes such as NullableAttribute that the compiler adds to an assembly.</summary>
    public bool IsCompilerAttribute => BaseName == "System.Attribute"
        && (Name.StartsWith("Microsoft.CodeAnalysis.", StringComparison.Ordinal)
            || Name.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal));

    /// <summary>Whether the metadata processor leaves the type out.</summary>
    public bool IsLeftOut => Name is "ThisAssembly" or "System.Runtime.CompilerServices.RefSafetyRulesAttribute";

    public IEnumerable<string> InterfaceNames
    {
        get
        {
            foreach (InterfaceImplementationHandle handle in Definition.GetInterfaceImplementations())
            {
                yield return TypeNameProvider.NameOf(Assembly.Reader, Assembly.Reader.GetInterfaceImplementation(handle).Interface);
            }
        }
    }

    public string FieldName(FieldDefinition field) => Name + "." + Assembly.Reader.GetString(field.Name);
}
