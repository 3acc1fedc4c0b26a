using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NfDtls.Nano.Link.Sizes;

/// <summary>The bytes that a body takes in a .pe file: tokens have two bytes there, long branches, too, and a switch one for its length.</summary>
internal static class CodeSize
{
    public static int Of(MethodBody body)
    {
        int size = body.Instructions.Sum(Of);
        return body.HasExceptionHandlers ? size + 12 * body.ExceptionHandlers.Count + 1 : size;
    }

    public static int Of(Instruction instruction)
    {
        return instruction.OpCode.OperandType switch
        {
            OperandType.InlineSwitch => instruction.OpCode.Size + 1 + 2 * ((Instruction[])instruction.Operand).Length,
            OperandType.InlineString or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok or OperandType.InlineBrTarget => instruction.GetSize() - 2,
            _ => instruction.GetSize(),
        };
    }
}
