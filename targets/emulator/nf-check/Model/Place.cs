using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;

namespace NfDtls.Nano.Check.Model;

/// <summary>Where a finding is.</summary>
/// <param name="Assembly">The assembly's name.</param>
/// <param name="Member">Type, Type.Method or Type.Field; the assembly's name for the assembly as a whole.</param>
/// <param name="Offset">The offset of the instruction in the compiled body.</param>
internal sealed record Place(string Assembly, string Member, int? Offset = null)
{
    public static Place Of(CheckedAssembly assembly) => new(assembly.Name, assembly.Name);

    public static Place Of(CheckedType type) => new(type.Assembly.Name, type.Name);

    public static Place Of(CheckedType type, FieldDefinition field) => new(type.Assembly.Name, type.FieldName(field));

    public static Place Of(CheckedMethod method, Instruction? instruction = null) => new(method.Type.Assembly.Name, method.FullName, instruction?.Offset);

    public override string ToString() => Offset is { } offset ? $"{Assembly}: {Member} (IL_{offset:x4})" : $"{Assembly}: {Member}";
}
