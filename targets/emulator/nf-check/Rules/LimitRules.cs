using System.Reflection;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF301-NF306: numbers that the metadata processor keeps in one or two bytes, mostly without saying so.</summary>
internal sealed class LimitRules : Rule
{
    private const int MaxCount = byte.MaxValue;
    private const int MaxBranch = short.MaxValue;

    public override void Check(CheckedType type, Findings findings)
    {
        int staticFields = type.Fields.Count(f => f.Attributes.HasFlag(FieldAttributes.Static) && !f.Attributes.HasFlag(FieldAttributes.Literal));
        if (type.IsCompilerData)
        {
            LimitArrayInitialisers(type, staticFields, findings);
        }
        else
        {
            Limit(staticFields, "static fields");
        }

        Limit(type.Fields.Count(f => !f.Attributes.HasFlag(FieldAttributes.Static)), "instance fields");
        Limit(type.Methods.Count(m => m.IsVirtual), "virtual methods");
        Limit(type.Methods.Count(m => m.IsStatic && !m.IsVirtual), "static methods");
        Limit(type.Methods.Count(m => !m.IsStatic && !m.IsVirtual), "instance methods");

        void Limit(int count, string what)
        {
            if (count > MaxCount)
            {
                findings.Error("NF306", Place.Of(type), $"{count} {what}; a type has room for {MaxCount}: split it");
            }
        }
    }

    public override void Check(CheckedMethod method, Findings findings)
    {
        var place = Place.Of(method);
        if (method.ArgumentCount > MaxCount)
        {
            findings.Error("NF302", place, $"{method.ArgumentCount} arguments, with \"this\"; there is room for {MaxCount}: pass an object");
        }

        if (method.Body is not { } body)
        {
            return;
        }

        int locals = method.Locals.Length;
        if (locals > MaxCount)
        {
            findings.Error("NF301", place, $"{locals} local variables; there is room for {MaxCount}, and the program crashes beyond: split the method");
        }

        if (body.Block.MaxStack > MaxCount)
        {
            findings.Error("NF303", place, $"an evaluation stack of {body.Block.MaxStack}; there is room for {MaxCount}: split the expression");
        }

        CheckJumps(method, body, findings);
    }

    private static void LimitArrayInitialisers(CheckedType type, int count, Findings findings)
    {
        if (count <= MaxCount)
        {
            return;
        }

        findings.Error("NF306", Place.Of(type.Assembly),
            $"{count} different array initialisers; an assembly has room for {MaxCount}, and the loader crashes beyond: join them, or keep the data as text");
    }

    private static void CheckJumps(CheckedMethod method, Il.MethodBody body, Findings findings)
    {
        var packedOffsets = body.Instructions.ToDictionary(i => i.Offset, i => i.PackedOffset);
        foreach (Instruction instruction in body.Instructions)
        {
            var place = Place.Of(method, instruction);
            if (instruction.Targets.Length > MaxCount)
            {
                findings.Error("NF304", place, $"a switch with {instruction.Targets.Length} targets; there is room for {MaxCount}: split it, or use a table");
            }

            int end = instruction.PackedOffset + instruction.PackedSize;
            foreach (int target in instruction.BranchTargets)
            {
                int distance = Math.Abs(packedOffsets[target] - end);
                if (distance > MaxBranch)
                {
                    findings.Error("NF305", place, $"a branch over {distance} bytes; it reaches {MaxBranch}, and goes elsewhere beyond: split the method");
                }
            }
        }
    }
}
