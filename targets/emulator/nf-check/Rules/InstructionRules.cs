using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF201-NF205: instructions that the runtime does not have, or has differently.</summary>
internal sealed class InstructionRules(CoreLibrary version) : Rule
{
    /// <summary>How many stackallocs a frame of version 2 can note (MAX_LOCALALLOC_COUNT).</summary>
    private const int MaxStackAllocations = 4;

    /// <summary>What version 2 has, or passes over, and version 1 throws at.</summary>
    private static readonly HashSet<string> OfVersionTwo = ["localloc", "cpblk", "readonly."];

    private static readonly Dictionary<string, string> Unsupported = new()
    {
        ["localloc"] = "stackalloc: throws; use an array, best one that is allocated once",
        ["calli"] = "a call through a function pointer: throws, and the metadata processor drops its operand; use a delegate",
        ["arglist"] = "__arglist: throws; use a params array",
        ["mkrefany"] = "__makeref: throws; use ref",
        ["refanyval"] = "__refvalue: throws; use ref",
        ["refanytype"] = "__reftype: throws; use ref",
        ["cpblk"] = "a block copy: throws; use Array.Copy",
        ["initblk"] = "a block fill: throws; use Array.Clear, or a loop",
        ["jmp"] = "a jump to another method: throws; call it",
        ["ckfinite"] = "a check for finite numbers: throws; compare with NaN and the infinities",
        ["readonly."] = "a readonly prefix: throws; only generic code needs it",
        ["tail."] = "a tail call: the prefix does nothing, the stack grows; write a loop",
        ["unaligned."] = "unaligned access: the prefix does nothing; read the bytes one by one",
    };

    private const string HandleMessage =
        "loads the handle of a method or of another assembly's field: the metadata processor writes none; use a type or a delegate";

    public override void Check(CheckedMethod method, Findings findings)
    {
        for (int i = 0; i < method.Instructions.Count; i++)
        {
            Instruction instruction = method.Instructions[i];
            var place = Place.Of(method, instruction);
            if (instruction.Name.Contains(".ovf", StringComparison.Ordinal))
            {
                findings.Error("NF201", place, Checked(instruction));
            }
            else if (Unsupported.TryGetValue(instruction.Name, out string? message) && !(version == CoreLibrary.Two && OfVersionTwo.Contains(instruction.Name)))
            {
                findings.Error("NF202", place, message);
            }
            else if (instruction.Name is "ldftn" or "ldvirtftn" && !IsDelegateCreation(method, i))
            {
                findings.Error("NF203", place, "takes the address of a method: throws when called; use a delegate");
            }
            else if (instruction.Is("ldtoken") && !IsUsableToken(instruction.Token.Kind))
            {
                findings.Error("NF204", place, HandleMessage);
            }
        }

        CheckStackAllocations(method, findings);
    }

    /// <summary>Each takes memory of the firmware's heap, noted in the frame until the method returns: a fifth one throws, also that of a loop's fifth turn.</summary>
    private void CheckStackAllocations(CheckedMethod method, Findings findings)
    {
        Instruction[] allocations = version == CoreLibrary.Two ? [.. method.Instructions.Where(i => i.Is("localloc"))] : [];
        if (allocations.Length > MaxStackAllocations)
        {
            findings.Error("NF205", Place.Of(method), $"{allocations.Length} times stackalloc; a call has room for {MaxStackAllocations} and throws at the next: use an array");
        }

        if (allocations.FirstOrDefault(allocation => IsInLoop(method, allocation)) is { } repeated)
        {
            findings.Error("NF205", Place.Of(method, repeated), $"stackalloc in a loop: a call has room for {MaxStackAllocations} and throws at the next; allocate before the loop");
        }
    }

    private static bool IsInLoop(CheckedMethod method, Instruction inside)
        => method.Instructions.Any(i => i.Offset >= inside.Offset && i.BranchTargets.Any(target => target <= inside.Offset));

    private static string Checked(Instruction instruction) => instruction.Name switch
    {
        "conv.ovf.i" or "conv.ovf.i.un" or "conv.ovf.u" or "conv.ovf.u.un" => $"{instruction.Name}: an array's length or index of type long or uint; "
            + "the runtime takes the low 32 bits without a check, so cast to int after comparing",
        _ => $"{instruction.Name}: checked arithmetic never throws on the device; compare before computing (as in a > int.MaxValue - b)",
    };

    private static bool IsDelegateCreation(CheckedMethod method, int index)
        => index + 1 < method.Instructions.Count && method.Instructions[index + 1].Is("newobj");

    private static bool IsUsableToken(HandleKind kind)
        => kind is HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification or HandleKind.FieldDefinition;
}
