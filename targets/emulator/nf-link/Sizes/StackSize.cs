using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NfDtls.Nano.Link.Sizes;

/// <summary>
/// The evaluation stack that a body needs, and what the metadata processor takes it to need. That one reads from top to bottom: behind
/// a jump or a throw it believes the stack empty unless a conditional branch before led there, so that it can tell too little; nanoCLR
/// then writes beyond the stack that it made (docs/upstream/metadata-processor-stack.md). Where that would be, dead code behind the body
/// makes it count enough.
/// </summary>
internal static class StackSize
{
    /// <summary>What nanoCLR adds to the count (c_OverheadForNewObjOrInteropMethod).</summary>
    public const int Spare = 2;

    private const int LeastFrame = 10;


    /// <summary>Makes sure of enough; returns how many bytes that took.</summary>
    public static int Secure(MethodBody body)
    {
        int missing = Needed(body) - Counted(body);
        if (missing <= 0)
        {
            return 0;
        }

        int pushes = Needed(body) - Left(body);
        for (int i = 0; i < pushes; i++)
        {
            body.Instructions.Add(Instruction.Create(OpCodes.Ldnull));
        }

        body.Instructions.Add(Instruction.Create(OpCodes.Ldnull));
        body.Instructions.Add(Instruction.Create(OpCodes.Throw));
        return pushes + 2;
    }

    /// <summary>The most values that are on the stack at a time, wherever the flow comes from.</summary>
    public static int Needed(MethodBody body)
    {
        return Depths(body, []);
    }

    /// <summary>The same; fills in how many values there are before each instruction that can be reached.</summary>
    public static int Depths(MethodBody body, Dictionary<Instruction, int> depths)
    {
        Stack<Instruction> work = new();
        Enter(body.Instructions[0], 0);
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            Enter(handler.HandlerStart, handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter ? 1 : 0);
            if (handler.FilterStart is not null)
            {
                Enter(handler.FilterStart, 1);
            }
        }

        int most = 0;
        while (work.TryPop(out Instruction? instruction))
        {
            int depth = depths[instruction] - Pops(instruction, depths[instruction]) + Pushes(instruction);
            most = Math.Max(most, depth);
            int after = instruction.OpCode.FlowControl is FlowControl.Branch && instruction.OpCode.Code is Code.Leave or Code.Leave_S ? 0 : depth;
            foreach (Instruction target in Simplify.Code.Targets(instruction))
            {
                Enter(target, after);
            }

            if (instruction.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw) && instruction.Next is not null)
            {
                Enter(instruction.Next, depth);
            }
        }

        return Math.Max(most, depths.Values.Max());

        void Enter(Instruction instruction, int depth)
        {
            if (depths.TryAdd(instruction, depth))
            {
                work.Push(instruction);
            }
        }
    }

    /// <summary>The places that nanoCLR writes to: a new object stands below its constructor's arguments; two of a DateTime or TimeSpan.</summary>
    public static int Places(MethodBody body)
    {
        Dictionary<Instruction, int> depths = [];
        int most = Depths(body, depths);
        foreach ((Instruction instruction, int depth) in depths)
        {
            if (instruction.OpCode.Code == Code.Newobj)
            {
                most = Math.Max(most, depth + (IsMadeInPlace(((MethodReference)instruction.Operand).DeclaringType) ? 2 : 1));
            }
        }

        return most;
    }

    /// <summary>The places that nanoCLR makes: locals and stack together are 10 at the least (c_MinimumStack).</summary>
    public static int Made(MethodBody body)
    {
        return Math.Max(Counted(body) + Spare, LeastFrame - body.Variables.Count);
    }

    /// <summary>What the metadata processor (3.0.100, CodeWriter.CalculateStackSize) counts.</summary>
    public static int Counted(MethodBody body)
    {
        return Count(body).Most;
    }

    /// <summary>Of a reference into another assembly Cecil knows that it is a value only once some signature has said so: names are sure.</summary>
    private static bool IsMadeInPlace(TypeReference type)
    {
        return type.FullName is "System.DateTime" or "System.TimeSpan" || type is TypeDefinition { IsValueType: true };
    }

    private static int Left(MethodBody body)
    {
        return Count(body).Left;
    }

    private static (int Most, int Left) Count(MethodBody body)
    {
        Dictionary<Instruction, int> known = [];
        int size = 0, most = 0;
        foreach (Instruction instruction in body.Instructions)
        {
            size = known.GetValueOrDefault(instruction, size);
            if (instruction.OpCode.Code is Code.Throw or Code.Endfinally or Code.Endfilter or Code.Leave_S or Code.Br_S or Code.Leave)
            {
                size = 0;
                continue;
            }

            size += Simple(instruction);
            if (instruction.OpCode.OperandType is OperandType.ShortInlineBrTarget or OperandType.InlineBrTarget)
            {
                Instruction target = (Instruction)instruction.Operand;
                known[target] = Math.Max(known.GetValueOrDefault(target), size);
            }

            most = Math.Max(most, size);
        }

        return (most, size);

        // It knows nothing of a return's value, nor of `dup` having taken one.
        static int Simple(Instruction instruction)
        {
            int change = instruction.OpCode.Code switch
            {
                Code.Newobj => -((MethodReference)instruction.Operand).Parameters.Count,
                Code.Call or Code.Callvirt => Called((MethodReference)instruction.Operand),
                _ => 0,
            };
            change += instruction.OpCode.StackBehaviourPush switch
            {
                StackBehaviour.Push1 or StackBehaviour.Pushi or StackBehaviour.Pushi8 or StackBehaviour.Pushr4 or StackBehaviour.Pushr8 or StackBehaviour.Pushref => 1,
                StackBehaviour.Push1_push1 => 2,
                _ => 0,
            };
            return change - Popped(instruction);
        }
    }

    private static int Called(MethodReference method)
    {
        return (method.ReturnType.FullName == "System.Void" ? 0 : 1) - method.Parameters.Count - (method.HasThis ? 1 : 0);
    }

    private static int Popped(Instruction instruction)
    {
        return instruction.OpCode.StackBehaviourPop switch
        {
            StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
            StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8 or StackBehaviour.Popi_popr4
                or StackBehaviour.Popi_popr8 or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
            StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8 or StackBehaviour.Popref_popi_popr4
                or StackBehaviour.Popref_popi_popr8 or StackBehaviour.Popref_popi_popref => 3,
            _ => 0,
        };
    }

    private static int Pops(Instruction instruction, int depth)
    {
        switch (instruction.OpCode.StackBehaviourPop)
        {
            case StackBehaviour.PopAll:
                return depth;
            case StackBehaviour.Varpop when instruction.OpCode.Code == Code.Ret:
                return depth;
            case StackBehaviour.Varpop:
                IMethodSignature method = (IMethodSignature)instruction.Operand;
                return method.Parameters.Count + (method.HasThis && instruction.OpCode.Code != Code.Newobj ? 1 : 0) + (instruction.OpCode.Code == Code.Calli ? 1 : 0);
            default:
                return Popped(instruction);
        }
    }

    private static int Pushes(Instruction instruction)
    {
        return instruction.OpCode.StackBehaviourPush switch
        {
            StackBehaviour.Push0 => 0,
            StackBehaviour.Push1_push1 => 2,
            StackBehaviour.Varpush => instruction.Operand is IMethodSignature { ReturnType: var type } && IsVoid(type) ? 0 : 1,
            _ => 1,
        };
    }

    /// <summary>Also of a setter that may be called by `init` alone, which returns a void with a modifier.</summary>
    private static bool IsVoid(TypeReference type)
    {
        return type is IModifierType modified ? IsVoid(modified.ElementType) : type.FullName == "System.Void";
    }
}
