using Mono.Cecil;
using Mono.Cecil.Cil;
using NfDtls.Nano.Link.Reach;

namespace NfDtls.Nano.Link.Simplify;

/// <summary>
/// Takes away what this one program never does: fields that can only hold null or zero are read as that, and branches that ask for it
/// become jumps, or nothing.
/// </summary>
internal sealed class Folding
{
    private readonly LoadedProgram _program;
    private readonly Reachability _reached;
    private readonly HashSet<FieldDefinition> _filled = [];
    private readonly HashSet<FieldDefinition> _read = [];

    private Folding(LoadedProgram program, Reachability reached)
    {
        _program = program;
        _reached = reached;
    }

    public static bool Run(LoadedProgram program, Reachability reached)
    {
        return new Folding(program, reached).Run();
    }

    private bool Run()
    {
        foreach (MethodDefinition method in _reached.Bodies)
        {
            Code code = new(method);
            foreach (Instruction instruction in method.Body.Instructions.Where(instruction => instruction.Operand is FieldReference))
            {
                FieldDefinition field = ((FieldReference)instruction.Operand).Resolve();
                switch (instruction.OpCode.Code)
                {
                    case Mono.Cecil.Cil.Code.Ldfld or Mono.Cecil.Cil.Code.Ldsfld:
                        _read.Add(field);
                        break;
                    case Mono.Cecil.Cil.Code.Stfld or Mono.Cecil.Cil.Code.Stsfld when code.Before(instruction) is { } before && IsZero(before):
                        break;
                    case Mono.Cecil.Cil.Code.Stfld or Mono.Cecil.Cil.Code.Stsfld:
                        _filled.Add(field);
                        break;
                    default:
                        _filled.Add(field);
                        _read.Add(field);
                        break;
                }
            }
        }

        bool changed = false;
        foreach (MethodDefinition method in _reached.Bodies)
        {
            Code code = new(method);
            foreach (Instruction instruction in method.Body.Instructions.ToList())
            {
                Fold(code, instruction);
            }

            code.Write();
            changed |= code.IsChanged;
        }

        return changed;
    }

    private void Fold(Code code, Instruction instruction)
    {
        if (code.IsGone(instruction))
        {
            return;
        }

        switch (instruction.OpCode.Code)
        {
            case Mono.Cecil.Cil.Code.Ldfld when IsEmpty((FieldReference)instruction.Operand):
                if (code.Before(instruction) is { } owner && IsThis(owner, code.Method))
                {
                    code.Remove(owner);
                    Zero(code, instruction);
                }

                break;
            case Mono.Cecil.Cil.Code.Ldsfld when IsEmpty((FieldReference)instruction.Operand):
                Zero(code, instruction);
                break;
            case Mono.Cecil.Cil.Code.Stfld when IsUnread((FieldReference)instruction.Operand):
                if (code.Before(instruction) is { } value && IsPure(value, code.Method) && !KeepsAlive(value, (FieldReference)instruction.Operand) && code.Before(value) is { } holder && IsThis(holder, code.Method))
                {
                    code.Remove(holder);
                    code.Remove(value);
                    code.Remove(instruction);
                }

                break;
            case Mono.Cecil.Cil.Code.Call or Mono.Cecil.Cil.Code.Callvirt when IsNever(((MethodReference)instruction.Operand).DeclaringType) && ((MethodReference)instruction.Operand).HasThis && !IsBase(instruction, code.Method):
                // It can only find null: a throw of null is that exception, and what comes after never runs.
                code.Replace(instruction, [Instruction.Create(OpCodes.Ldnull), Instruction.Create(OpCodes.Throw)]);
                break;
            case Mono.Cecil.Cil.Code.Isinst when IsNever((TypeReference)instruction.Operand):
                code.Replace(instruction, [Instruction.Create(OpCodes.Pop), Instruction.Create(OpCodes.Ldnull)]);
                break;
            case Mono.Cecil.Cil.Code.Brfalse or Mono.Cecil.Cil.Code.Brfalse_S or Mono.Cecil.Cil.Code.Brtrue or Mono.Cecil.Cil.Code.Brtrue_S:
                FoldBranch(code, instruction);
                break;
            case Mono.Cecil.Cil.Code.Pop when code.Before(instruction) is { } pushed && IsPure(pushed, code.Method):
                code.Remove(pushed);
                code.Remove(instruction);
                break;
            default:
                break;
        }
    }

    private static void FoldBranch(Code code, Instruction branch)
    {
        bool jumpsAtZero = branch.OpCode.Code is Mono.Cecil.Cil.Code.Brfalse or Mono.Cecil.Cil.Code.Brfalse_S;
        if (code.Before(branch) is not { } asked || !(IsZero(asked) || IsOne(asked)))
        {
            return;
        }

        code.Remove(asked);
        if (jumpsAtZero == IsZero(asked))
        {
            code.Replace(branch, OpCodes.Br, branch.Operand);
        }
        else
        {
            code.Remove(branch);
        }
    }

    private static bool IsZero(Instruction instruction)
    {
        return instruction.OpCode.Code is Mono.Cecil.Cil.Code.Ldnull or Mono.Cecil.Cil.Code.Ldc_I4_0;
    }

    private static bool IsOne(Instruction instruction)
    {
        return instruction.OpCode.Code is Mono.Cecil.Cil.Code.Ldc_I4_1;
    }

    internal static bool IsThis(Instruction instruction, MethodDefinition within)
    {
        return within.HasThis && instruction.OpCode.Code == Mono.Cecil.Cil.Code.Ldarg_0;
    }

    /// <summary>Whether it is a call within a class of which there are no objects either: it never runs.</summary>
    private bool IsBase(Instruction call, MethodDefinition within)
    {
        return ((MethodReference)call.Operand).Resolve().IsConstructor || (within.HasThis && IsNever(within.DeclaringType));
    }

    /// <summary>Whether an instruction does nothing but push a value.</summary>
    internal static bool IsPure(Instruction instruction, MethodDefinition within)
    {
        return instruction.OpCode.Code is Mono.Cecil.Cil.Code.Ldnull or Mono.Cecil.Cil.Code.Ldarg or Mono.Cecil.Cil.Code.Ldarg_S or Mono.Cecil.Cil.Code.Ldarg_0 or Mono.Cecil.Cil.Code.Ldarg_1
            or Mono.Cecil.Cil.Code.Ldarg_2 or Mono.Cecil.Cil.Code.Ldarg_3 or Mono.Cecil.Cil.Code.Ldloc or Mono.Cecil.Cil.Code.Ldloc_S or Mono.Cecil.Cil.Code.Ldloc_0 or Mono.Cecil.Cil.Code.Ldloc_1
            or Mono.Cecil.Cil.Code.Ldloc_2 or Mono.Cecil.Cil.Code.Ldloc_3 || (instruction.OpCode.Code >= Mono.Cecil.Cil.Code.Ldc_I4_M1 && instruction.OpCode.Code <= Mono.Cecil.Cil.Code.Ldc_R8);
    }

    private static void Zero(Code code, Instruction read)
    {
        TypeReference type = ((FieldReference)read.Operand).FieldType;
        TypeDefinition? definition = type is TypeSpecification ? null : type.Resolve();
        string name = definition is { IsEnum: true } ? definition.Fields.First(field => !field.IsStatic).FieldType.FullName : type.FullName;
        switch (name)
        {
            case "System.Int64" or "System.UInt64":
                code.Replace(read, OpCodes.Ldc_I8, 0L);
                break;
            default:
                code.Replace(read, type.IsValueType ? OpCodes.Ldc_I4_0 : OpCodes.Ldnull);
                break;
        }
    }

    /// <summary>Whether a field of ours can hold nothing but null or zero.</summary>
    private bool IsEmpty(FieldReference reference)
    {
        FieldDefinition field = reference.Resolve();
        if (!_program.IsLinked(field) || _reached.IsKept(field.DeclaringType) || field.DeclaringType.IsValueType || field.FieldType is IModifierType || field.InitialValue is { Length: > 0 })
        {
            return false;
        }

        bool isSimple = field.FieldType.IsPrimitive ? field.FieldType.FullName is not ("System.Single" or "System.Double") : !field.FieldType.IsValueType || field.FieldType.Resolve().IsEnum;
        return isSimple && (!_filled.Contains(field) || (field.FieldType is not TypeSpecification && IsNever(field.FieldType)));
    }

    private bool IsUnread(FieldReference reference)
    {
        FieldDefinition field = reference.Resolve();
        return _program.IsLinked(field) && !_read.Contains(field) && !_reached.IsKept(field.DeclaringType) && !field.DeclaringType.IsValueType;
    }

    /// <summary>
    /// Whether an object lives on by a store although nobody reads the field: a timer, what a delegate calls, what has a finalizer. The
    /// collector takes what nothing holds, and the program would see that. Texts and arrays of numbers do nothing when they go.
    /// </summary>
    private static bool KeepsAlive(Instruction value, FieldReference field)
    {
        return value.OpCode.Code != Mono.Cecil.Cil.Code.Ldnull && Matters(field.FieldType);

        static bool Matters(TypeReference type)
        {
            return type is ArrayType array ? Matters(array.ElementType) : !type.IsPrimitive && type.FullName != "System.String" && type.Resolve() is not { IsEnum: true };
        }
    }

    /// <summary>Whether a type is one of ours of which there are no objects.</summary>
    private bool IsNever(TypeReference reference)
    {
        if (reference is TypeSpecification || reference.Resolve() is not { } type || !_program.IsLinked(type) || type.IsValueType || _reached.IsKept(type))
        {
            return false;
        }

        return type.IsInterface ? !_reached.Made.Any(made => Slots.Derives(made, type)) : !_reached.HasObjects(type);
    }
}
