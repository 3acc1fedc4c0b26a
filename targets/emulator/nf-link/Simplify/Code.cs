using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NfDtls.Nano.Link.Simplify;

/// <summary>A body that is rewritten: what is taken away hands those that jump to it on to what follows.</summary>
internal sealed class Code
{
    private readonly Dictionary<Instruction, Instruction> _moved = [];
    private readonly HashSet<Instruction> _gone = [];

    public Code(MethodDefinition method)
    {
        Method = method;
        Instructions = [.. method.Body.Instructions];
        foreach (Instruction instruction in Instructions)
        {
            foreach (Instruction target in Targets(instruction))
            {
                Entries.Add(target);
            }
        }

        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            foreach (Instruction? bound in new[] { handler.TryStart, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd, handler.FilterStart })
            {
                if (bound is not null)
                {
                    Entries.Add(bound);
                }
            }
        }
    }

    public MethodDefinition Method { get; }

    /// <summary>The instructions in their order, as they were.</summary>
    public List<Instruction> Instructions { get; }

    /// <summary>Where the flow may come from elsewhere than from the instruction before.</summary>
    public HashSet<Instruction> Entries { get; } = [];

    public bool IsChanged { get; private set; }

    public static IEnumerable<Instruction> Targets(Instruction instruction)
    {
        return instruction.Operand switch
        {
            Instruction target => [target],
            Instruction[] targets => targets,
            _ => [],
        };
    }

    /// <summary>The same instruction as an object of its own, which no rewriting of the body it comes from changes.</summary>
    public static Instruction Copy(Instruction instruction)
    {
        Instruction copy = Instruction.Create(OpCodes.Nop);
        copy.OpCode = instruction.OpCode;
        copy.Operand = instruction.Operand;
        return copy;
    }

    public bool IsGone(Instruction instruction)
    {
        return _gone.Contains(instruction);
    }

    /// <summary>The instruction before one that still is there; null where there is none, or where the flow may come between them from elsewhere.</summary>
    public Instruction? Before(Instruction instruction)
    {
        int at = Instructions.IndexOf(instruction);
        while (!Entries.Contains(Instructions[at]) && --at >= 0)
        {
            if (!_gone.Contains(Instructions[at]))
            {
                return Instructions[at];
            }
        }

        return null;
    }

    /// <summary>The next instruction that still is there, as <see cref="Before"/> has it.</summary>
    public Instruction? After(Instruction instruction)
    {
        int at = Instructions.IndexOf(instruction);
        while (++at < Instructions.Count && !Entries.Contains(Instructions[at]))
        {
            if (!_gone.Contains(Instructions[at]))
            {
                return Instructions[at];
            }
        }

        return null;
    }

    public void Remove(Instruction instruction)
    {
        _gone.Add(instruction);
        IsChanged = true;
    }

    /// <summary>Puts others in the place of an instruction; there is at least one.</summary>
    public void Replace(Instruction instruction, IReadOnlyList<Instruction> others)
    {
        instruction.OpCode = others[0].OpCode;
        instruction.Operand = others[0].Operand;
        int at = Instructions.IndexOf(instruction);
        for (int i = 1; i < others.Count; i++)
        {
            Instructions.Insert(at + i, Copy(others[i]));
        }

        IsChanged = true;
    }

    /// <summary>Puts a whole body in the place of a call; the arguments are gone from the stack already, and nothing else is on it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="body">The body that was called; a return leads behind the call.</param>
    /// <param name="argument">What stands for an instruction that reads an argument; null for another instruction.</param>
    public void Splice(Instruction call, MethodBody body, Func<Instruction, Instruction?> argument)
    {
        Instruction end = Surviving(Instructions.IndexOf(call) + 1)!;
        VariableDefinition[] variables = [.. body.Variables.Select(variable => new VariableDefinition(variable.VariableType))];
        Dictionary<Instruction, Instruction> copies = [];
        foreach (Instruction instruction in body.Instructions)
        {
            Instruction copy = copies.Count == 0 ? call : Instruction.Create(OpCodes.Nop);
            copies.Add(instruction, copy);
        }

        foreach ((Instruction instruction, Instruction copy) in copies)
        {
            Instruction source = argument(instruction) ?? instruction;
            copy.OpCode = source.OpCode;
            copy.Operand = source.Operand switch
            {
                Instruction target => copies[target],
                Instruction[] targets => targets.Select(target => copies[target]).ToArray(),
                object operand => operand,
                null => null,
            };
            if (source == instruction && Variable(instruction, body) is { } variable)
            {
                copy.OpCode = LongForm(instruction);
                copy.Operand = variables[variable.Index];
            }
            else if (instruction.OpCode.Code == Mono.Cecil.Cil.Code.Ret)
            {
                copy.OpCode = OpCodes.Br;
                copy.Operand = end;
            }

            foreach (Instruction target in Targets(copy))
            {
                Entries.Add(target);
            }
        }

        foreach (VariableDefinition variable in variables)
        {
            Method.Body.Variables.Add(variable);
        }

        Instructions.InsertRange(Instructions.IndexOf(call) + 1, copies.Values.Skip(1));
        IsChanged = true;
    }

    public void Replace(Instruction instruction, OpCode code, object? operand = null)
    {
        instruction.OpCode = code;
        instruction.Operand = operand;
        IsChanged = true;
    }

    /// <summary>Takes away what can no more be reached, and writes the body.</summary>
    public void Write()
    {
        if (!IsChanged)
        {
            return;
        }

        HandOn();
        HashSet<Instruction> reached = Reach();
        for (int i = 0; i < Instructions.Count; i++)
        {
            if (!reached.Contains(Instructions[i]))
            {
                _gone.Add(Instructions[i]);
            }
        }

        // A jump to what follows anyway.
        for (int i = 0; i < Instructions.Count; i++)
        {
            if (!_gone.Contains(Instructions[i]) && Instructions[i].OpCode.Code is Mono.Cecil.Cil.Code.Br or Mono.Cecil.Cil.Code.Br_S && Surviving(i + 1) == (Instruction)Instructions[i].Operand)
            {
                _gone.Add(Instructions[i]);
            }
        }

        HandOn();
        foreach (Instruction jump in Instructions.Where(instruction => !Method.Body.HasExceptionHandlers && instruction.Operand is Instruction { OpCode.Code: Mono.Cecil.Cil.Code.Ret }))
        {
            // A jump to the end is the end.
            if (jump.OpCode.Code is Mono.Cecil.Cil.Code.Br or Mono.Cecil.Cil.Code.Br_S)
            {
                jump.OpCode = OpCodes.Ret;
                jump.Operand = null;
            }
        }

        MethodBody body = Method.Body;
        for (int i = body.ExceptionHandlers.Count - 1; i >= 0; i--)
        {
            if (!reached.Contains(body.ExceptionHandlers[i].HandlerStart))
            {
                body.ExceptionHandlers.RemoveAt(i);
            }
        }

        body.Instructions.Clear();
        foreach (Instruction instruction in Instructions.Where(instruction => !_gone.Contains(instruction)))
        {
            body.Instructions.Add(instruction);
        }

        DropVariables(body);
    }

    private static void DropVariables(MethodBody body)
    {
        HashSet<VariableDefinition> used = [.. body.Instructions.Select(instruction => Variable(instruction, body)).OfType<VariableDefinition>()];
        if (used.Count == body.Variables.Count)
        {
            return;
        }

        // Numbers in the short forms are places, so they are written out before places change.
        foreach (Instruction instruction in body.Instructions)
        {
            if (Variable(instruction, body) is { } variable)
            {
                instruction.OpCode = LongForm(instruction);
                instruction.Operand = variable;
            }
        }

        foreach (VariableDefinition variable in body.Variables.Where(variable => !used.Contains(variable)).ToList())
        {
            body.Variables.Remove(variable);
        }
    }

    private static OpCode LongForm(Instruction instruction)
    {
        return IsStore(instruction) ? OpCodes.Stloc : instruction.OpCode.Code is Mono.Cecil.Cil.Code.Ldloca or Mono.Cecil.Cil.Code.Ldloca_S ? OpCodes.Ldloca : OpCodes.Ldloc;
    }

    private static bool IsStore(Instruction instruction)
    {
        return instruction.OpCode.Code is Mono.Cecil.Cil.Code.Stloc or Mono.Cecil.Cil.Code.Stloc_S or Mono.Cecil.Cil.Code.Stloc_0 or Mono.Cecil.Cil.Code.Stloc_1 or Mono.Cecil.Cil.Code.Stloc_2 or Mono.Cecil.Cil.Code.Stloc_3;
    }

    private static VariableDefinition? Variable(Instruction instruction, MethodBody body)
    {
        return instruction.OpCode.Code switch
        {
            Mono.Cecil.Cil.Code.Ldloc_0 or Mono.Cecil.Cil.Code.Stloc_0 => body.Variables[0],
            Mono.Cecil.Cil.Code.Ldloc_1 or Mono.Cecil.Cil.Code.Stloc_1 => body.Variables[1],
            Mono.Cecil.Cil.Code.Ldloc_2 or Mono.Cecil.Cil.Code.Stloc_2 => body.Variables[2],
            Mono.Cecil.Cil.Code.Ldloc_3 or Mono.Cecil.Cil.Code.Stloc_3 => body.Variables[3],
            _ => instruction.Operand as VariableDefinition,
        };
    }

    private Instruction? Surviving(int at)
    {
        while (at < Instructions.Count && _gone.Contains(Instructions[at]))
        {
            at++;
        }

        return at < Instructions.Count ? Instructions[at] : null;
    }

    /// <summary>Points those who jump to what is gone at what follows it.</summary>
    private void HandOn()
    {
        for (int i = 0; i < Instructions.Count; i++)
        {
            if (_gone.Contains(Instructions[i]) && Surviving(i) is { } next)
            {
                _moved[Instructions[i]] = next;
            }
        }

        foreach (Instruction instruction in Instructions)
        {
            instruction.Operand = instruction.Operand switch
            {
                Instruction target => Moved(target),
                Instruction[] targets => targets.Select(target => Moved(target)!).ToArray(),
                object other => other,
                null => null,
            };
        }

        foreach (ExceptionHandler handler in Method.Body.ExceptionHandlers)
        {
            handler.TryStart = Moved(handler.TryStart);
            handler.TryEnd = Moved(handler.TryEnd);
            handler.HandlerStart = Moved(handler.HandlerStart);
            handler.HandlerEnd = Moved(handler.HandlerEnd);
            handler.FilterStart = Moved(handler.FilterStart);
        }
    }

    private Instruction? Moved(Instruction? instruction)
    {
        while (instruction is not null && _gone.Contains(instruction))
        {
            instruction = _moved.GetValueOrDefault(instruction);
        }

        return instruction;
    }

    private HashSet<Instruction> Reach()
    {
        HashSet<Instruction> reached = [];
        Stack<Instruction> work = new();
        work.Push(Surviving(0)!);
        while (work.TryPop(out Instruction? next))
        {
            if (!reached.Add(next))
            {
                continue;
            }

            foreach (Instruction target in Targets(next))
            {
                work.Push(target);
            }

            int at = Instructions.IndexOf(next);
            if (next.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw) && Surviving(at + 1) is { } following)
            {
                work.Push(following);
            }

            foreach (ExceptionHandler handler in Method.Body.ExceptionHandlers)
            {
                int end = handler.TryEnd is null ? Instructions.Count : Instructions.IndexOf(handler.TryEnd);
                if (at >= Instructions.IndexOf(handler.TryStart) && at < end)
                {
                    work.Push(handler.HandlerStart);
                    if (handler.FilterStart is not null)
                    {
                        work.Push(handler.FilterStart);
                    }
                }
            }
        }

        return reached;
    }
}
