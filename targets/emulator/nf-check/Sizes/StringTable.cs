using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text;
using NfDtls.Nano.Check.Model;

namespace NfDtls.Nano.Check.Sizes;

/// <summary>The one table that holds string literals and all names of an assembly, in UTF-8 with a zero at the end.</summary>
internal static class StringTable
{
    public static int SizeOf(CheckedAssembly assembly)
        => Literals(assembly).Concat(Names(assembly)).Append("").Distinct().Sum(s => Encoding.UTF8.GetByteCount(s) + 1);

    private static IEnumerable<string> Literals(CheckedAssembly assembly) => assembly.Methods.SelectMany(m => m.Instructions).Where(i => i.Is("ldstr"))
        .Select(i => assembly.Reader.GetUserString((UserStringHandle)MetadataTokens.Handle((int)i.Operand)));

    private static IEnumerable<string> Names(CheckedAssembly assembly)
    {
        MetadataReader reader = assembly.Reader;
        var handles = new List<StringHandle>();
        foreach (CheckedType type in assembly.Types)
        {
            handles.AddRange([type.Definition.Name, type.Definition.Namespace]);
            handles.AddRange(type.Methods.Select(m => m.Definition.Name));
            handles.AddRange(type.Fields.Where(f => !f.Attributes.HasFlag(FieldAttributes.Literal)).Select(f => f.Name));
        }
        foreach (TypeReference type in reader.TypeReferences.Select(reader.GetTypeReference))
        {
            handles.AddRange([type.Name, type.Namespace]);
        }

        handles.AddRange(reader.MemberReferences.Select(m => reader.GetMemberReference(m).Name));
        handles.AddRange(reader.AssemblyReferences.Select(a => reader.GetAssemblyReference(a).Name));
        return handles.Distinct().Select(reader.GetString);
    }
}
