using Mono.Cecil;

namespace NfDtls.Nano.Link.Emit;

/// <summary>What stands in an output module for types and members of the program, and for those that stay outside.</summary>
internal sealed class TypeMap(LoadedProgram program, ModuleDefinition module, Dictionary<IMemberDefinition, IMemberDefinition> made, HashSet<TypeDefinition> numbers)
{
    public TypeReference Map(TypeReference type)
    {
        switch (type)
        {
            case ArrayType array:
                return new ArrayType(Map(array.ElementType), array.Rank);
            case ByReferenceType reference:
                return new ByReferenceType(Map(reference.ElementType));
            case PinnedType pinned:
                return new PinnedType(Map(pinned.ElementType));
            case PointerType pointer:
                return new PointerType(Map(pointer.ElementType));
            case RequiredModifierType modifier:
                return new RequiredModifierType(Map(modifier.ModifierType), Map(modifier.ElementType));
            case OptionalModifierType modifier:
                return new OptionalModifierType(Map(modifier.ModifierType), Map(modifier.ElementType));
            default:
                break;
        }

        TypeDefinition? definition = type.IsPrimitive ? null : type.Resolve();
        if (definition is null || !program.IsLinked(definition))
        {
            return module.ImportReference(type);
        }

        if (numbers.Contains(definition))
        {
            return Map(definition.Fields.First(field => !field.IsStatic).FieldType);
        }

        return In((TypeDefinition)made[definition]);
    }

    public FieldReference Map(FieldReference field)
    {
        FieldDefinition definition = field.Resolve();
        return program.IsLinked(definition) ? In((FieldDefinition)made[definition]) : module.ImportReference(field);
    }

    public MethodReference Map(MethodReference method)
    {
        MethodDefinition definition = method.Resolve();
        if (program.IsLinked(definition))
        {
            MethodDefinition copy = (MethodDefinition)made[definition];
            return copy.Module == module ? copy : module.ImportReference(copy);
        }

        // What a type of ours has from a class library is named by the library's type.
        return module.ImportReference(method.DeclaringType is TypeSpecification || !program.IsLinked(method.DeclaringType.Resolve()) ? method : definition);
    }

    private TypeReference In(TypeDefinition type)
    {
        return type.Module == module ? type : module.ImportReference(type);
    }

    private FieldReference In(FieldDefinition field)
    {
        return field.Module == module ? field : module.ImportReference(field);
    }
}
