using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF211: an enum turned to text gives its number.</summary>
internal sealed class EnumTextRule(KnownTypes known) : Rule
{
    private const string Message =
        "turns an enum into text: the device gives the number, not the name; write a switch that returns the name, or print the number on purpose";

    public override void Check(CheckedMethod method, Findings findings)
    {
        MetadataReader reader = method.Type.Assembly.Reader;
        bool isEnumBoxed = false;
        for (int i = 0; i < method.Instructions.Count; i++)
        {
            Instruction instruction = method.Instructions[i];
            if (EndsStatement(instruction))
            {
                isEnumBoxed = false;
            }
            else if (instruction.Is("box") && IsEnum(reader, instruction.Token))
            {
                isEnumBoxed = true;
            }
            else if (instruction.Is("constrained.") && IsEnum(reader, instruction.Token) && IsToString(reader, method.Instructions[i + 1].Token))
            {
                findings.Warning("NF211", Place.Of(method, instruction), Message);
            }
            else if (isEnumBoxed && instruction.IsCall && FormatsObjects(reader, instruction.Token))
            {
                findings.Warning("NF211", Place.Of(method, instruction), Message);
            }
        }
    }

    /// <summary>Between statements the evaluation stack is empty, so that nothing boxed is left on it.</summary>
    private static bool EndsStatement(Instruction instruction)
        => instruction.Name is "pop" or "ret" or "throw" || instruction.Name.StartsWith("stloc", StringComparison.Ordinal)
            || instruction.Name is "stfld" or "stsfld" || instruction.BranchTargets.Any();

    private bool IsEnum(MetadataReader reader, EntityHandle type)
        => type.Kind is HandleKind.TypeDefinition or HandleKind.TypeReference && known.IsEnum(TypeNameProvider.NameOf(reader, type));

    private static bool IsToString(MetadataReader reader, EntityHandle method) => MemberName.Of(reader, method).Name == "ToString";

    private static bool FormatsObjects(MetadataReader reader, EntityHandle method) => MemberName.Of(reader, method) is
    { Type: "System.String", Name: "Concat" or "Format" } or { Type: "System.Object", Name: "ToString" }
        or { Type: "System.Text.StringBuilder", Name: "Append" or "AppendFormat" or "Insert" };
}
