using Mono.Cecil;

namespace NfDtls.Nano.Link.Reach;

/// <summary>Which method a virtual call ends in.</summary>
internal static class Slots
{
    public static TypeDefinition Definition(TypeReference type)
    {
        return type.Resolve() ?? throw new LinkException($"{type.FullName} of {type.Scope} is not to be found");
    }

    public static TypeDefinition? Base(TypeDefinition type)
    {
        return type.BaseType is null ? null : Definition(type.BaseType);
    }

    /// <summary>The type and its bases, itself first.</summary>
    public static IEnumerable<TypeDefinition> Line(TypeDefinition type)
    {
        for (TypeDefinition? next = type; next is not null; next = Base(next))
        {
            yield return next;
        }
    }

    /// <summary>All interfaces of a type, those of its bases and of other interfaces, too.</summary>
    public static IEnumerable<TypeDefinition> Interfaces(TypeDefinition type)
    {
        foreach (TypeDefinition one in Line(type))
        {
            foreach (InterfaceImplementation implementation in one.Interfaces)
            {
                TypeDefinition declared = Definition(implementation.InterfaceType);
                yield return declared;
                foreach (TypeDefinition further in Interfaces(declared))
                {
                    yield return further;
                }
            }
        }
    }

    public static bool Derives(TypeDefinition type, TypeDefinition from)
    {
        return from.IsInterface ? Interfaces(type).Contains(from) : Line(type).Contains(from);
    }

    public static bool SameSignature(MethodReference one, MethodReference other)
    {
        if (one.Name != other.Name || one.Parameters.Count != other.Parameters.Count || one.ReturnType.FullName != other.ReturnType.FullName)
        {
            return false;
        }

        for (int i = 0; i < one.Parameters.Count; i++)
        {
            if (one.Parameters[i].ParameterType.FullName != other.Parameters[i].ParameterType.FullName)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The method that runs where an object of a type is called by a virtual method; null where there is none.</summary>
    public static MethodDefinition? Implementation(TypeDefinition type, MethodDefinition slot)
    {
        foreach (TypeDefinition one in Line(type))
        {
            foreach (MethodDefinition method in one.Methods)
            {
                if (method.IsVirtual && (method == slot || method.Overrides.Any(named => named.Resolve() == slot)))
                {
                    return method;
                }
            }

            foreach (MethodDefinition method in one.Methods)
            {
                if (method.IsVirtual && SameSignature(method, slot))
                {
                    return method;
                }
            }
        }

        return null;
    }

    /// <summary>The virtual methods above that one stands for: of bases and of interfaces, whether or not they are linked.</summary>
    public static IEnumerable<MethodDefinition> Above(TypeDefinition type, MethodDefinition method)
    {
        foreach (TypeDefinition above in Line(type).Skip(1).Concat(Interfaces(type)))
        {
            foreach (MethodDefinition slot in above.Methods)
            {
                if (slot.IsVirtual && (SameSignature(slot, method) || method.Overrides.Any(named => named.Resolve() == slot)))
                {
                    yield return slot;
                }
            }
        }
    }
}
