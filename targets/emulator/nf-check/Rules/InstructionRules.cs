using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF201-NF204: instructions that the runtime does not have, or has differently.</summary>
internal sealed class InstructionRules : Rule
{
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
            else if (Unsupported.TryGetValue(instruction.Name, out string? message))
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
    }

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
