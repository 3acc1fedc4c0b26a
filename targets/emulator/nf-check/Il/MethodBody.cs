using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace NfDtls.Nano.Check.Il;

/// <summary>The decoded instructions of a method.</summary>
internal sealed class MethodBody
{
    private const int PackedHandlerSize = 12;

    private MethodBody(MethodBodyBlock block, List<Instruction> instructions)
    {
        Block = block;
        Instructions = instructions;
        PackedSize = instructions.Sum(i => i.PackedSize);
        if (block.ExceptionRegions.Length > 0)
        {
            PackedSize += block.ExceptionRegions.Length * PackedHandlerSize + 1;
        }
    }

    public MethodBodyBlock Block { get; }

    public IReadOnlyList<Instruction> Instructions { get; }

    /// <summary>Bytes in the metadata processor's encoding, exception handlers included.</summary>
    public int PackedSize { get; }

    public static MethodBody Decode(MethodBodyBlock block)
    {
        var instructions = new List<Instruction>();
        BlobReader reader = block.GetILReader();
        int packedOffset = 0;
        while (reader.RemainingBytes > 0)
        {
            Instruction instruction = Read(ref reader, packedOffset);
            instructions.Add(instruction);
            packedOffset += instruction.PackedSize;
        }
        return new MethodBody(block, instructions);
    }

    private static Instruction Read(ref BlobReader reader, int packedOffset)
    {
        int offset = reader.Offset;
        OpCode opCode = OpCodes.Read(ref reader);
        int[] targets = [];
        long operand = 0;
        switch (opCode.OperandType)
        {
            case OperandType.InlineNone: break;
            case OperandType.ShortInlineI: operand = reader.ReadSByte(); break;
            case OperandType.ShortInlineVar: operand = reader.ReadByte(); break;
            case OperandType.InlineVar: operand = reader.ReadUInt16(); break;
            case OperandType.ShortInlineBrTarget: operand = reader.ReadSByte() + reader.Offset; break;
            case OperandType.InlineBrTarget: operand = reader.ReadInt32() + reader.Offset; break;
            case OperandType.InlineI8 or OperandType.InlineR: operand = reader.ReadInt64(); break;
            case OperandType.InlineSwitch:
                targets = new int[reader.ReadInt32()];
                int end = reader.Offset + 4 * targets.Length;
                for (int i = 0; i < targets.Length; i++)
                {
                    targets[i] = reader.ReadInt32() + end;
                }

                break;
            default: operand = reader.ReadInt32(); break;
        }
        return new Instruction(offset, packedOffset, opCode, operand, targets);
    }
}
