using Mono.Cecil;
using Mono.Cecil.Cil;
using NfDtls.Nano.Link.Reach;

namespace NfDtls.Nano.Link.Simplify;

/// <summary>Calls the one method that a virtual call can end in by itself, so that the seam above it need not be there.</summary>
internal static class Devirtualizer
{
    /// <summary>Rewrites the calls, and tells whether there were any.</summary>
    /// <param name="program">The program.</param>
    /// <param name="reached">What of it is kept.</param>
    /// <param name="isOne">Whether all becomes one assembly; else a call goes to an assembly that its own may refer to.</param>
    public static bool Run(LoadedProgram program, Reachability reached, bool isOne)
    {
        Dictionary<MethodDefinition, MethodDefinition?> only = [];
        bool changed = false;
        foreach (MethodDefinition method in reached.Bodies)
        {
            foreach (Instruction instruction in method.Body.Instructions)
            {
                if (instruction.OpCode.Code == Mono.Cecil.Cil.Code.Callvirt && ((MethodReference)instruction.Operand).Resolve() is { IsVirtual: true } slot
                    && program.IsLinked(slot) && Only(slot) is { DeclaringType.IsValueType: false } one && one != slot && (isOne || program.Order(one) <= program.Order(method)))
                {
                    instruction.Operand = one;
                    changed = true;
                }
            }
        }

        return Loosen(program, reached) || changed;

        MethodDefinition? Only(MethodDefinition slot)
        {
            if (!only.TryGetValue(slot, out MethodDefinition? found))
            {
                MethodDefinition?[] all = [.. reached.Made.Where(type => Slots.Derives(type, slot.DeclaringType)).Select(type => Slots.Implementation(type, slot)).Distinct()];
                found = all.Length == 1 && all[0] is { HasBody: true } one && program.IsLinked(one) && !reached.IsKept(one.DeclaringType) ? one : null;
                only.Add(slot, found);
            }

            return found;
        }
    }

    /// <summary>Makes methods plain that nothing above or below of that name needs.</summary>
    private static bool Loosen(LoadedProgram program, Reachability reached)
    {
        // A delegate of a virtual method is found by its name, which is nobody else's only while it is virtual.
        HashSet<MethodDefinition> needed = [.. reached.Bodies.SelectMany(method => method.Body.Instructions)
            .Where(instruction => instruction.OpCode.Code == Mono.Cecil.Cil.Code.Ldvirtftn).Select(instruction => ((MethodReference)instruction.Operand).Resolve())];
        foreach (TypeDefinition type in reached.Types)
        {
            foreach (MethodDefinition method in type.Methods.Where(method => method.IsVirtual && reached.Methods.Contains(method)))
            {
                foreach (MethodDefinition above in Slots.Above(type, method).Where(above => !program.IsLinked(above) || reached.Methods.Contains(above)))
                {
                    needed.Add(method);
                    needed.Add(above);
                }
            }

            foreach (TypeDefinition declared in type.IsInterface ? [] : Slots.Interfaces(type))
            {
                foreach (MethodDefinition slot in declared.Methods.Where(slot => !program.IsLinked(slot) || reached.Methods.Contains(slot)))
                {
                    if (Slots.Implementation(type, slot) is { } own)
                    {
                        needed.Add(own);
                    }
                }
            }
        }

        bool changed = false;
        foreach (MethodDefinition method in reached.Methods)
        {
            if (method.IsVirtual && !method.IsAbstract && reached.Bodies.Contains(method) && !needed.Contains(method) && !reached.IsKept(method.DeclaringType) && !method.DeclaringType.IsInterface)
            {
                method.IsVirtual = false;
                method.IsNewSlot = false;
                method.IsFinal = false;
                method.Overrides.Clear();
                changed = true;
            }
        }

        return changed;
    }
}
