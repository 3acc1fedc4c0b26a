using Mono.Cecil;
using Mono.Cecil.Cil;
using NfDtls.Nano.Link.Reach;
using NfDtls.Nano.Link.Sizes;

namespace NfDtls.Nano.Link.Simplify;

/// <summary>
/// Puts the body of a small method in the place of its calls, where that makes the program smaller: one that takes its arguments in
/// their order, once each, and then does something straight on, as a property's accessor does, or a method that calls another.
/// A call that would find null still does.
/// </summary>
internal sealed class Inliner
{
    private const int CallSize = 3;
    private const int MethodRecord = 16;

    private readonly LoadedProgram _program;
    private readonly Reachability _reached;
    private readonly Dictionary<MethodDefinition, List<Instruction>?> _plans = [];
    private readonly Dictionary<MethodDefinition, int> _calls = [];
    private readonly HashSet<MethodDefinition> _named = [];

    private Inliner(LoadedProgram program, Reachability reached)
    {
        _program = program;
        _reached = reached;
    }

    public static bool Run(LoadedProgram program, Reachability reached)
    {
        return new Inliner(program, reached).Run();
    }

    private bool Run()
    {
        foreach (Instruction instruction in _reached.Bodies.SelectMany(method => method.Body.Instructions))
        {
            if (instruction.Operand is MethodReference reference && reference.Resolve() is { } called && _program.IsLinked(called))
            {
                if (instruction.OpCode.Code is Mono.Cecil.Cil.Code.Call or Mono.Cecil.Cil.Code.Callvirt)
                {
                    _calls[called] = _calls.GetValueOrDefault(called) + 1;
                }
                else
                {
                    _named.Add(called);
                }
            }
        }

        bool changed = false;
        foreach (MethodDefinition method in _reached.Bodies)
        {
            Code code = new(method);
            foreach (Instruction call in method.Body.Instructions.Where(instruction => instruction.OpCode.Code is Mono.Cecil.Cil.Code.Call or Mono.Cecil.Cil.Code.Callvirt).ToList())
            {
                MethodDefinition called = ((MethodReference)call.Operand).Resolve();
                if (called != method && Plan(called) is { } body)
                {
                    Put(code, call, called, body);
                }
            }

            code.Write();
            changed |= code.IsChanged;
        }

        return changed;
    }

    private void Put(Code code, Instruction call, MethodDefinition called, List<Instruction> body)
    {
        int arguments = called.Parameters.Count + (called.HasThis ? 1 : 0);
        int taken = Taken(body);
        List<Instruction> rest = body.GetRange(taken, body.Count - taken);
        if (taken < arguments)
        {
            // Only `this`, which the method does not need: it goes where it cannot be null.
            if (code.Before(call) is not { } before || !IsThis(before, code.Method))
            {
                return;
            }

            code.Remove(before);
        }
        else if (called.HasThis && call.OpCode.Code == Mono.Cecil.Cil.Code.Callvirt && !FindsNull(rest, taken))
        {
            return;
        }

        if (rest.Count == 0)
        {
            code.Remove(call);
        }
        else
        {
            code.Replace(call, rest);
        }
    }

    private static bool IsThis(Instruction instruction, MethodDefinition within)
    {
        return within.HasThis && instruction.OpCode.Code == Mono.Cecil.Cil.Code.Ldarg_0;
    }

    /// <summary>The body without its return, where calls are better replaced by it.</summary>
    private List<Instruction>? Plan(MethodDefinition method)
    {
        if (!_plans.TryGetValue(method, out List<Instruction>? plan))
        {
            // Copies, since the method's own change in place when calls in it are replaced, and calls of it may still come.
            plan = Fits(method) ? [.. method.Body.Instructions.SkipLast(1).Select(Code.Copy)] : null;
            _plans.Add(method, plan);
        }

        return plan;
    }

    private bool Fits(MethodDefinition method)
    {
        if (!_program.IsLinked(method) || !_reached.Bodies.Contains(method) || method.IsVirtual || method.IsRuntime || _named.Contains(method) || _reached.IsKept(method.DeclaringType)
            || method == _program.Main.EntryPoint || method.Body.HasVariables || method.Body.HasExceptionHandlers || (method.IsConstructor && method.IsStatic) || method.IsSynchronized)
        {
            return false;
        }

        Mono.Collections.Generic.Collection<Instruction> body = method.Body.Instructions;
        int taken = Taken(body);
        int arguments = method.Parameters.Count + (method.HasThis ? 1 : 0);
        if (body[^1].OpCode.Code != Mono.Cecil.Cil.Code.Ret || (taken != arguments && (taken != 0 || arguments != 1 || !method.HasThis)))
        {
            return false;
        }

        int size = 0;
        for (int i = taken; i < body.Count - 1; i++)
        {
            if (!IsStraight(body[i], method))
            {
                return false;
            }

            size += CodeSize.Of(body[i]);
        }

        int more = _calls.GetValueOrDefault(method) * (size - CallSize);
        return size <= CallSize || more <= MethodRecord + CodeSize.Of(method.Body);
    }

    private static bool IsStraight(Instruction instruction, MethodDefinition method)
    {
        return instruction.OpCode.FlowControl is FlowControl.Next or FlowControl.Call
            && instruction.OpCode.OpCodeType != OpCodeType.Prefix
            && instruction.Operand is not ParameterDefinition
            && instruction.OpCode.Code is not (Mono.Cecil.Cil.Code.Ldarg_0 or Mono.Cecil.Cil.Code.Ldarg_1 or Mono.Cecil.Cil.Code.Ldarg_2 or Mono.Cecil.Cil.Code.Ldarg_3)
            && (instruction.Operand as MethodReference)?.Resolve() != method;
    }

    /// <summary>How many arguments a body takes in their order at its beginning.</summary>
    private static int Taken(IList<Instruction> body)
    {
        int taken = 0;
        while (taken < body.Count && Argument(body[taken]) == taken)
        {
            taken++;
        }

        return taken;

        static int Argument(Instruction instruction)
        {
            return instruction.OpCode.Code switch
            {
                Mono.Cecil.Cil.Code.Ldarg_0 => 0,
                Mono.Cecil.Cil.Code.Ldarg_1 => 1,
                Mono.Cecil.Cil.Code.Ldarg_2 => 2,
                Mono.Cecil.Cil.Code.Ldarg_3 => 3,
                Mono.Cecil.Cil.Code.Ldarg or Mono.Cecil.Cil.Code.Ldarg_S => ((ParameterDefinition)instruction.Operand).Sequence,
                _ => -1,
            };
        }
    }

    /// <summary>Whether what follows the arguments uses the first of them before anything else, so that null is found.</summary>
    private static bool FindsNull(List<Instruction> rest, int depth)
    {
        foreach (Instruction instruction in rest.Where(instruction => instruction.OpCode.Code != Mono.Cecil.Cil.Code.Nop))
        {
            switch (instruction.OpCode.Code)
            {
                case Mono.Cecil.Cil.Code.Ldfld:
                case Mono.Cecil.Cil.Code.Ldflda:
                case Mono.Cecil.Cil.Code.Ldlen:
                    return depth == 1;
                case Mono.Cecil.Cil.Code.Stfld:
                    return depth == 2;
                case Mono.Cecil.Cil.Code.Callvirt:
                    return depth == ((MethodReference)instruction.Operand).Parameters.Count + 1;
                default:
                    break;
            }

            if (instruction.OpCode.StackBehaviourPop != StackBehaviour.Pop0 || instruction.OpCode.FlowControl == FlowControl.Call)
            {
                return false;
            }

            depth++;
        }

        return false;
    }
}
