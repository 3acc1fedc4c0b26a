using System.Reflection;
using System.Reflection.Emit;

namespace NfDtls.Nano.Check.Il;

/// <summary>The instruction set of ECMA-335, by encoding.</summary>
internal static class OpCodes
{
    private const byte TwoBytePrefix = 0xFE;
    private static readonly OpCode?[] OneByte = new OpCode?[256];
    private static readonly OpCode?[] TwoBytes = new OpCode?[256];

    static OpCodes()
    {
        foreach (FieldInfo field in typeof(System.Reflection.Emit.OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.GetValue(null) is not OpCode opCode)
            {
                continue;
            }

            OpCode?[] table = opCode.Size == 1 ? OneByte : TwoBytes;
            table[opCode.Value & 0xFF] = opCode;
        }
    }

    public static OpCode Read(ref System.Reflection.Metadata.BlobReader reader)
    {
        byte first = reader.ReadByte();
        OpCode? opCode = first == TwoBytePrefix ? TwoBytes[reader.ReadByte()] : OneByte[first];
        return opCode ?? throw new BadImageFormatException($"unknown instruction 0x{first:x2}");
    }
}
