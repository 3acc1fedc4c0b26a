using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Check.Sizes;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF311-NF314 and NF501: sizes of an assembly, and what it takes of the RAM before Main.</summary>
internal sealed class SizeRules(int codeBudget) : Rule
{
    public const int DefaultCodeBudget = 48 * 1024;

    private const int MaxCode = 60_000;
    private const int MaxData = 60 * 1024;
    private const int MaxStrings = 60 * 1024;
    private const int LargeArray = 32 * 1024;

    public override void Check(CheckedAssembly assembly, Findings findings)
    {
        var place = Place.Of(assembly);
        var sizes = AssemblySizes.Of(assembly);
        int data = sizes.StaticData + sizes.Signatures;
        if (sizes.Code > MaxCode)
        {
            findings.Error("NF311", place,
                $"{sizes.Code} bytes of IL; an assembly holds less than 65,536, and above 60,000 the next change may not fit: split it");
        }
        else if (sizes.Code > codeBudget)
        {
            findings.Warning("NF311", place,
                $"{sizes.Code} bytes of IL are over the budget of {codeBudget}: move a part to another assembly, or raise --il-budget");
        }

        if (data >= MaxData)
        {
            findings.Error("NF312", place,
                $"{data} bytes of static data and signatures; beyond 65,535 the assembly does not load: move tables to another assembly, or compute them");
        }

        if (sizes.Strings >= MaxStrings)
        {
            findings.Error("NF313", place,
                $"{sizes.Strings} bytes of strings and names; a table holds 65,535: split the assembly, or shorten the texts");
        }
    }

    public override void Check(CheckedMethod method, Findings findings)
    {
        CheckArrayInitialisers(method, findings);
        if (!method.IsStaticConstructor)
        {
            return;
        }

        foreach (StaticArray array in StaticArray.Of(method))
        {
            findings.Info("NF501", new Place(method.Type.Assembly.Name, array.Field), $"{array.Bytes} bytes of RAM from boot on");
        }
    }

    private static void CheckArrayInitialisers(CheckedMethod method, Findings findings)
    {
        MetadataReader reader = method.Type.Assembly.Reader;
        foreach (Instruction? instruction in method.Instructions.Where(i => i.Is("ldtoken") && i.Token.Kind == HandleKind.FieldDefinition))
        {
            int size = InitialData.SizeOf(reader, reader.GetFieldDefinition((FieldDefinitionHandle)instruction.Token));
            if (size <= LargeArray)
            {
                continue;
            }

            findings.Warning("NF314", Place.Of(method, instruction),
                $"an array initialiser of {size} bytes: half the room for static data, and as much RAM again when it runs; compute it, or split it");
        }
    }
}
