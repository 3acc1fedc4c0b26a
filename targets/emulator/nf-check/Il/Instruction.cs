using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace NfDtls.Nano.Check.Il;

/// <summary>One IL instruction.</summary>
/// <param name="Offset">Where it stands in the compiled body, in bytes.</param>
/// <param name="PackedOffset">Where the metadata processor puts it: tokens and branch targets take two bytes there.</param>
/// <param name="OpCode">What it does.</param>
/// <param name="Operand">A constant, a variable's index, a metadata token or the offset of a branch's target.</param>
/// <param name="Targets">The offsets a switch jumps to; empty for all others.</param>
internal sealed record Instruction(int Offset, int PackedOffset, OpCode OpCode, long Operand, int[] Targets)
{
    public string Name => OpCode.Name!;

    public bool HasToken => OpCode.OperandType
        is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok or OperandType.InlineSig;

    /// <summary>The metadata handle of the operand; call only where <see cref="HasToken"/>.</summary>
    public EntityHandle Token => MetadataTokens.EntityHandle((int)Operand);

    public bool IsCall => Is("call") || Is("callvirt") || Is("newobj");

    public bool Is(string name) => Name == name;

    public IEnumerable<int> BranchTargets => OpCode.OperandType switch
    {
        OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget => [(int)Operand],
        OperandType.InlineSwitch => Targets,
        _ => [],
    };

    /// <summary>The constant that the instruction loads, if it loads a 32-bit integer.</summary>
    public int? Int32Constant => Name switch
    {
        "ldc.i4" or "ldc.i4.s" => (int)Operand,
        "ldc.i4.m1" => -1,
        ['l', 'd', 'c', '.', 'i', '4', '.', >= '0' and <= '8' and var digit] => digit - '0',
        _ => null,
    };

    /// <summary>Size in the metadata processor's encoding.</summary>
    public int PackedSize => OpCode.Size + OpCode.OperandType switch
    {
        OperandType.InlineNone or OperandType.InlineSig => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineString or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
            or OperandType.InlineBrTarget or OperandType.InlineVar => 2,
        OperandType.InlineSwitch => 1 + 2 * Targets.Length,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
