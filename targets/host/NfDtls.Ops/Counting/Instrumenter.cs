using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using MethodBody = Mono.Cecil.Cil.MethodBody;

namespace NfDtls.Ops;

/// <summary>
/// Writes into each basic block of an assembly what it adds to <see cref="Meter"/>: the instructions in it, each an operation of
/// nanoCLR's interpreter, and how many of them are calls.
/// </summary>
internal sealed class Instrumenter
{
    private readonly MethodNames _names;
    private readonly List<string> _methods = [];

    internal Instrumenter(MethodNames names)
    {
        _names = names;
    }

    /// <summary>The methods by their numbers, as Assembly: Type.Method.</summary>
    internal IReadOnlyList<string> Methods => _methods;

    /// <summary>An assembly, with counters in it.</summary>
    internal byte[] Instrument(byte[] image)
    {
        using DefaultAssemblyResolver resolver = new();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        using MemoryStream read = new(image);
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(read, new ReaderParameters { AssemblyResolver = resolver });
        ModuleDefinition module = assembly.MainModule;
        FieldReference operations = module.ImportReference(typeof(Meter).GetField(nameof(Meter.Operations), BindingFlags.Public | BindingFlags.Static));
        FieldReference calls = module.ImportReference(typeof(Meter).GetField(nameof(Meter.Calls), BindingFlags.Public | BindingFlags.Static));
        FieldReference entries = module.ImportReference(typeof(Meter).GetField(nameof(Meter.Entries), BindingFlags.Public | BindingFlags.Static));
        foreach (MethodDefinition method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            _methods.Add(_names.Of(method));
            if (_methods.Count > Meter.Most)
            {
                throw new InvalidOperationException("There are more methods than the meter has counters.");
            }

            Instrument(method.Body, _methods.Count - 1, operations, calls, entries);
        }

        using MemoryStream written = new();
        assembly.Write(written);
        return written.ToArray();
    }

    private static void Instrument(MethodBody body, int number, FieldReference operations, FieldReference calls, FieldReference entries)
    {
        body.SimplifyMacros();
        HashSet<Instruction> leaders = Leaders(body);
        Instruction[] original = [.. body.Instructions];
        Dictionary<Instruction, Instruction> begins = [];
        ILProcessor writer = body.GetILProcessor();
        for (int i = 0; i < original.Length; i++)
        {
            if (leaders.Contains(original[i]))
            {
                (int all, int made) = SizeOfBlock(original, i, leaders);
                begins[original[i]] = Add(writer, original[i], operations, number, all);
                if (made > 0)
                {
                    Add(writer, original[i], calls, number, made);
                }
            }
        }

        Redirect(body, begins);
        Add(writer, body.Instructions[0], entries, number, 1);
        body.OptimizeMacros();
    }

    /// <summary>Where basic blocks begin: the method, what is jumped to, what follows a jump, and handlers.</summary>
    private static HashSet<Instruction> Leaders(MethodBody body)
    {
        HashSet<Instruction> leaders = [body.Instructions[0]];
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
            {
                leaders.Add(target);
            }
            else if (instruction.Operand is Instruction[] targets)
            {
                leaders.UnionWith(targets);
            }

            if (EndsBlock(instruction) && instruction.Next != null)
            {
                leaders.Add(instruction.Next);
            }
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            leaders.UnionWith(new[] { handler.TryStart, handler.HandlerStart, handler.FilterStart }.OfType<Instruction>());
        }

        return leaders;
    }

    private static bool EndsBlock(Instruction instruction)
    {
        return instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw;
    }

    private static (int All, int Calls) SizeOfBlock(Instruction[] all, int first, HashSet<Instruction> leaders)
    {
        int end = first;
        int calls = 0;
        do
        {
            calls += all[end].OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj ? 1 : 0;
            end++;
        }
        while (end < all.Length && !leaders.Contains(all[end]));
        return (end - first, calls);
    }

    /// <summary>Writes, before an instruction, the addition to a counter; returns its first instruction.</summary>
    private static Instruction Add(ILProcessor writer, Instruction before, FieldReference counters, int number, int amount)
    {
        Instruction first = writer.Create(OpCodes.Ldsfld, counters);
        Instruction[] addition =
        [
            first, writer.Create(OpCodes.Ldc_I4, number), writer.Create(OpCodes.Ldelema, writer.Body.Method.Module.TypeSystem.Int64), writer.Create(OpCodes.Dup),
            writer.Create(OpCodes.Ldind_I8), writer.Create(OpCodes.Ldc_I8, (long)amount), writer.Create(OpCodes.Add), writer.Create(OpCodes.Stind_I8),
        ];
        foreach (Instruction instruction in addition)
        {
            writer.InsertBefore(before, instruction);
        }

        return first;
    }

    /// <summary>Jumps, and the bounds of handlers, lead to a block's counter.</summary>
    private static void Redirect(MethodBody body, Dictionary<Instruction, Instruction> begins)
    {
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
            {
                instruction.Operand = begins[target];
            }
            else if (instruction.Operand is Instruction[] targets)
            {
                instruction.Operand = targets.Select(one => begins[one]).ToArray();
            }
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            handler.TryStart = Moved(handler.TryStart, begins);
            handler.TryEnd = Moved(handler.TryEnd, begins);
            handler.HandlerStart = Moved(handler.HandlerStart, begins);
            handler.HandlerEnd = Moved(handler.HandlerEnd, begins);
            handler.FilterStart = Moved(handler.FilterStart, begins);
        }
    }

    private static Instruction? Moved(Instruction? place, Dictionary<Instruction, Instruction> begins)
    {
        return place != null && begins.TryGetValue(place, out Instruction? begin) ? begin : place;
    }
}
