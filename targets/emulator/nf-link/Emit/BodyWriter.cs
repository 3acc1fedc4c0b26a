using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using NfDtls.Nano.Link.Sizes;

namespace NfDtls.Nano.Link.Emit;

/// <summary>Writes a method's body into its copy.</summary>
internal static class BodyWriter
{
    public static void Copy(MethodDefinition from, MethodDefinition to, TypeMap types)
    {
        MethodBody body = to.Body;
        body.InitLocals = from.Body.InitLocals;
        foreach (VariableDefinition variable in from.Body.Variables)
        {
            body.Variables.Add(new VariableDefinition(types.Map(variable.VariableType)));
        }

        Dictionary<Instruction, Instruction> copies = [];
        foreach (Instruction instruction in from.Body.Instructions)
        {
            Instruction copy = Instruction.Create(OpCodes.Nop);
            copy.OpCode = instruction.OpCode;
            copies.Add(instruction, copy);
            body.Instructions.Add(copy);
        }

        foreach ((Instruction instruction, Instruction copy) in copies)
        {
            copy.Operand = instruction.Operand switch
            {
                TypeReference type => types.Map(type),
                FieldReference field => types.Map(field),
                MethodReference method => types.Map(method),
                Instruction target => copies[target],
                Instruction[] targets => targets.Select(target => copies[target]).ToArray(),
                VariableDefinition variable => body.Variables[variable.Index],
                ParameterDefinition parameter => parameter.Index < 0 ? body.ThisParameter : to.Parameters[parameter.Index],
                CallSite => throw new LinkException($"{from.FullName} calls by a function pointer"),
                object operand => operand,
                null => null,
            };
        }

        foreach (ExceptionHandler handler in from.Body.ExceptionHandlers)
        {
            body.ExceptionHandlers.Add(new ExceptionHandler(handler.HandlerType)
            {
                CatchType = handler.CatchType is null ? null : types.Map(handler.CatchType),
                TryStart = Copied(handler.TryStart),
                TryEnd = Copied(handler.TryEnd),
                HandlerStart = Copied(handler.HandlerStart),
                HandlerEnd = Copied(handler.HandlerEnd),
                FilterStart = Copied(handler.FilterStart),
            });
        }

        body.SimplifyMacros();
        body.OptimizeMacros();
        StackSize.Secure(body);

        Instruction? Copied(Instruction? instruction)
        {
            return instruction is null ? null : copies[instruction];
        }
    }

    /// <summary>What a method does of whose class there is no object: a call of it can only find null.</summary>
    public static void Refuse(MethodDefinition to)
    {
        to.Body.Instructions.Add(Instruction.Create(OpCodes.Ldnull));
        to.Body.Instructions.Add(Instruction.Create(OpCodes.Throw));
    }
}
