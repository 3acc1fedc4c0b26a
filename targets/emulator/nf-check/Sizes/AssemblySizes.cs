using System.Reflection;
using System.Reflection.Metadata;
using NfDtls.Nano.Check.Model;

namespace NfDtls.Nano.Check.Sizes;

/// <summary>How much of its limits an assembly takes.</summary>
/// <param name="Assembly">The assembly's name.</param>
/// <param name="Code">IL of all methods, in the metadata processor's encoding; exact.</param>
/// <param name="StaticData">Initial data of arrays, with a length of two bytes each; exact.</param>
/// <param name="Signatures">Signatures, each counted once; the metadata processor shares some more.</param>
/// <param name="Strings">The string table, literals and names, each counted once; names that the firmware knows cost less.</param>
/// <param name="Types">Types, nested and compiler-made ones included.</param>
/// <param name="Methods">Methods with accessors and constructors.</param>
/// <param name="Fields">Fields that are not constants.</param>
/// <param name="BootMemory">RAM that static fields take before Main: one heap block each, and the arrays made for them.</param>
internal sealed record AssemblySizes(string Assembly, int Code, int StaticData, int Signatures, int Strings, int Types, int Methods, int Fields, int BootMemory)
{
    public static AssemblySizes Of(CheckedAssembly assembly)
    {
        var types = assembly.Types.Where(t => !t.IsLeftOut).ToList();
        var methods = types.SelectMany(t => t.Methods).ToList();
        var fields = types.SelectMany(t => t.Fields).Where(f => !f.Attributes.HasFlag(FieldAttributes.Literal)).ToList();
        int staticFields = fields.Count(f => f.Attributes.HasFlag(FieldAttributes.Static));
        return new AssemblySizes(
            assembly.Name,
            Code: methods.Sum(m => m.Body?.PackedSize ?? 0),
            StaticData: fields.Sum(f => InitialData.SizeOf(assembly.Reader, f) is > 0 and var size ? size + sizeof(ushort) : 0),
            Signatures: SignatureBytes(assembly),
            Strings: StringTable.SizeOf(assembly),
            Types: types.Count,
            Methods: methods.Count,
            Fields: fields.Count,
            BootMemory: staticFields * HeapBlocks.Size + StaticArray.AllOf(assembly).Sum(a => a.Bytes));
    }

    private static int SignatureBytes(CheckedAssembly assembly)
    {
        MetadataReader reader = assembly.Reader;
        var blobs = new HashSet<BlobHandle>();
        foreach (CheckedType type in assembly.Types)
        {
            blobs.UnionWith(type.Fields.Select(f => f.Signature));
        }

        foreach (CheckedMethod method in assembly.Methods)
        {
            blobs.Add(method.Definition.Signature);
            if (method.Body is { Block.LocalSignature: { IsNil: false } locals })
            {
                blobs.Add(reader.GetStandaloneSignature(locals).Signature);
            }
        }
        blobs.UnionWith(reader.MemberReferences.Select(m => reader.GetMemberReference(m).Signature));
        return blobs.Sum(b => reader.GetBlobReader(b).Length);
    }
}
