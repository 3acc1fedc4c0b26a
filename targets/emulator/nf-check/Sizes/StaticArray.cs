using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Sizes;

/// <summary>A static field whose initialiser makes arrays: they are in RAM from boot to the end.</summary>
internal sealed record StaticArray(string Field, int Bytes)
{
    public static IEnumerable<StaticArray> AllOf(CheckedAssembly assembly) => assembly.Methods.Where(m => m.IsStaticConstructor).SelectMany(Of);

    public static IEnumerable<StaticArray> Of(CheckedMethod method)
    {
        MetadataReader reader = method.Type.Assembly.Reader;
        int bytes = 0;
        int? lastConstant = null;
        foreach (Instruction instruction in method.Instructions)
        {
            if (instruction.Is("newarr"))
            {
                bytes += HeapBlocks.OfArray(lastConstant ?? 0, TypeNameProvider.NameOf(reader, instruction.Token));
            }
            else if (instruction.Is("stsfld"))
            {
                if (bytes > 0)
                {
                    yield return new StaticArray(MemberName.Of(reader, instruction.Token).ToString(), bytes);
                }

                bytes = 0;
            }
            lastConstant = instruction.Int32Constant;
        }
    }
}
