using Mono.Cecil;
using Mono.Cecil.Cil;
using NfDtls.Nano.Link.Reach;
using NfDtls.Nano.Link.Sizes;

namespace NfDtls.Nano.Link.Simplify;

/// <summary>
/// Puts a method that is called at one place into that place, where its arguments are values that can as well be read where it reads
/// them: constants, arguments and variables of the caller. One with branches only where nothing else is on the stack, and one with
/// variables only where they are few, since the caller has them for as long as it runs.
/// </summary>
internal sealed class Substitution
{
    // What a method costs beside its code: its record, its signature and the call, about.
    private const int Saved = 20;
    private const int MostVariables = 2;
    private const int MostVariablesOfCaller = 10;

    private readonly LoadedProgram _program;
    private readonly Reachability _reached;
    private readonly Dictionary<MethodDefinition, int> _named = [];

    private Substitution(LoadedProgram program, Reachability reached)
    {
        _program = program;
        _reached = reached;
    }

    public static bool Run(LoadedProgram program, Reachability reached)
    {
        return new Substitution(program, reached).Run();
    }

    private bool Run()
    {
        foreach (Instruction instruction in _reached.Bodies.SelectMany(method => method.Body.Instructions))
        {
            if (instruction.Operand is MethodReference reference && reference.Resolve() is { } called && _program.IsLinked(called))
            {
                _named[called] = _named.GetValueOrDefault(called) + 1;
            }
        }

        bool changed = false;
        foreach (MethodDefinition method in _reached.Bodies)
        {
            Code code = new(method);
            foreach (Instruction call in method.Body.Instructions.Where(instruction => instruction.OpCode.Code is Mono.Cecil.Cil.Code.Call or Mono.Cecil.Cil.Code.Callvirt).ToList())
            {
                MethodDefinition called = ((MethodReference)call.Operand).Resolve();
                if (called != method && Fits(called))
                {
                    Put(code, call, called);
                }
            }

            code.Write();
            changed |= code.IsChanged;
        }

        return changed;
    }

    private bool Fits(MethodDefinition method)
    {
        if (!_program.IsLinked(method) || _named.GetValueOrDefault(method) != 1 || !_reached.Bodies.Contains(method) || method.IsVirtual || method.IsConstructor || method.IsSynchronized
            || method == _program.Main.EntryPoint || _reached.IsKept(method.DeclaringType) || method.Body.Variables.Count > MostVariables || method.Body.HasExceptionHandlers)
        {
            return false;
        }

        Mono.Collections.Generic.Collection<Instruction> body = method.Body.Instructions;
        return body[^1].OpCode.Code == Mono.Cecil.Cil.Code.Ret && body.All(instruction => instruction.OpCode.OpCodeType != OpCodeType.Prefix
            && instruction.OpCode.Code is not (Mono.Cecil.Cil.Code.Starg or Mono.Cecil.Cil.Code.Starg_S or Mono.Cecil.Cil.Code.Ldarga or Mono.Cecil.Cil.Code.Ldarga_S));
    }

    private static void Put(Code code, Instruction call, MethodDefinition called)
    {
        Instruction[] values = new Instruction[called.Parameters.Count + (called.HasThis ? 1 : 0)];
        Instruction? before = call;
        for (int i = values.Length - 1; i >= 0; i--)
        {
            before = code.Before(before);
            if (before is null || !IsSteady(before, code.Method))
            {
                return;
            }

            values[i] = before;
        }

        if (called.HasThis && call.OpCode.Code == Mono.Cecil.Cil.Code.Callvirt && !Folding.IsThis(values[0], code.Method))
        {
            return;
        }

        List<Instruction> body = [.. called.Body.Instructions.SkipLast(1).Select(instruction => Argument(instruction) is >= 0 and int argument ? values[argument] : instruction)];
        if (body.Sum(CodeSize.Of) - called.Body.Instructions.SkipLast(1).Sum(CodeSize.Of) > Saved)
        {
            return;
        }

        bool isStraight = !called.Body.HasVariables && body.All(instruction => instruction.OpCode.FlowControl is FlowControl.Next or FlowControl.Call);
        if (!isStraight && (!IsAlone(values.Length == 0 ? call : values[0], code) || code.Method.Body.Variables.Count + called.Body.Variables.Count > MostVariablesOfCaller))
        {
            return;
        }

        foreach (Instruction value in values)
        {
            code.Remove(value);
        }

        if (!isStraight)
        {
            code.Splice(call, called.Body, instruction => Argument(instruction) is >= 0 and int argument ? values[argument] : null);
        }
        else if (body.Count == 0)
        {
            code.Remove(call);
        }
        else
        {
            code.Replace(call, body);
        }
    }

    /// <summary>Whether the stack is empty before an instruction of a body that has not been written anew yet.</summary>
    private static bool IsAlone(Instruction first, Code code)
    {
        if (code.IsChanged)
        {
            return false;
        }

        Dictionary<Instruction, int> depths = [];
        StackSize.Depths(code.Method.Body, depths);
        return depths.TryGetValue(first, out int depth) && depth == 0;
    }

    private static int Argument(Instruction instruction)
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

    /// <summary>Whether an instruction pushes what nothing else can change: neither by a store nor by way of an address.</summary>
    private static bool IsSteady(Instruction instruction, MethodDefinition within)
    {
        return Folding.IsPure(instruction, within) && !within.Body.Instructions.Any(other => other.OpCode.Code is
            Mono.Cecil.Cil.Code.Ldloca or Mono.Cecil.Cil.Code.Ldloca_S or Mono.Cecil.Cil.Code.Ldarga or Mono.Cecil.Cil.Code.Ldarga_S);
    }
}
