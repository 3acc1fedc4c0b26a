using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NfDtls.Nano.Link.Reach;

/// <summary>
/// What a program can reach from its entry point. A virtual method counts where it is called and an object with it is made; an instance
/// method of a class of which no object is ever made stays as a declaration, since a call of it can only find null.
/// </summary>
internal sealed class Reachability
{
    private readonly LoadedProgram _program;
    private readonly HashSet<string> _kept;
    private readonly Queue<Action> _work = new();
    private readonly HashSet<MethodDefinition> _slots = [];
    private readonly HashSet<TypeDefinition> _made = [];
    private readonly HashSet<TypeDefinition> _madeOrAbove = [];
    private readonly Dictionary<TypeDefinition, List<MethodDefinition>> _waiting = [];

    /// <param name="program">The program.</param>
    /// <param name="kept">Names of linked assemblies of which everything counts as reached.</param>
    public Reachability(LoadedProgram program, IEnumerable<string>? kept = null)
    {
        _program = program;
        _kept = [.. kept ?? []];
        Reach(program.Main.EntryPoint);
        foreach (AssemblyDefinition assembly in program.Linked.Where(assembly => _kept.Contains(assembly.Name.Name)))
        {
            foreach (TypeDefinition type in assembly.MainModule.GetTypes().Where(type => type.Name != "<Module>"))
            {
                Keep(type);
            }
        }

        while (_work.TryDequeue(out Action? next))
        {
            next();
        }
    }

    /// <summary>The types that stay.</summary>
    public HashSet<TypeDefinition> Types { get; } = [];

    public HashSet<FieldDefinition> Fields { get; } = [];

    /// <summary>The methods that stay.</summary>
    public HashSet<MethodDefinition> Methods { get; } = [];

    /// <summary>Those of them that can run.</summary>
    public HashSet<MethodDefinition> Bodies { get; } = [];

    /// <summary>The classes of which objects are made.</summary>
    public IReadOnlyCollection<TypeDefinition> Made
    {
        get { return _made; }
    }

    /// <summary>Whether objects of just this class are made.</summary>
    public bool IsMade(TypeDefinition type)
    {
        return _made.Contains(type);
    }

    /// <summary>Whether objects of this class or of one that derives from it are made.</summary>
    public bool HasObjects(TypeDefinition type)
    {
        return type.IsValueType || _madeOrAbove.Contains(type);
    }

    /// <summary>Whether members of a type keep their names, since all of its assembly does.</summary>
    public bool IsKept(TypeDefinition type)
    {
        return _kept.Contains(type.Module.Assembly.Name.Name);
    }

    private void Keep(TypeDefinition type)
    {
        Mark(type);
        if (!type.IsAbstract && !type.IsInterface)
        {
            Make(type);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            Mark(field);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            Reach(method);
        }

        foreach (CustomAttribute attribute in type.CustomAttributes.Concat(type.Methods.SelectMany(method => method.CustomAttributes)))
        {
            Mark(attribute.AttributeType);
        }
    }

    private void Mark(TypeReference reference)
    {
        if (reference is GenericInstanceType or GenericParameter)
        {
            throw new LinkException($"{reference.FullName} is generic, which nanoFramework's version 1 does not run");
        }

        if (reference is TypeSpecification specification)
        {
            Mark(specification.ElementType);
            return;
        }

        TypeDefinition type = Slots.Definition(reference);
        if (!_program.IsLinked(type) || !Types.Add(type))
        {
            return;
        }

        if (type.HasGenericParameters)
        {
            throw new LinkException($"{type.FullName} is generic, which nanoFramework's version 1 does not run");
        }

        if (type.BaseType is not null)
        {
            Mark(type.BaseType);
        }

        if (type.IsValueType)
        {
            foreach (FieldDefinition field in type.Fields.Where(field => !field.IsStatic))
            {
                Mark(field);
            }

            Make(type);
        }
        else if (type.BaseType?.FullName == "System.MulticastDelegate")
        {
            foreach (MethodDefinition method in type.Methods.Where(method => method.IsConstructor || method.Name == "Invoke"))
            {
                Declare(method);
            }
        }
    }

    private void Mark(FieldReference reference)
    {
        FieldDefinition field = reference.Resolve() ?? throw new LinkException($"{reference.FullName} is not to be found");
        if (_program.IsLinked(field) && Fields.Add(field))
        {
            Mark(field.DeclaringType);
            Mark(field.FieldType);
            if (field.IsStatic)
            {
                Initialise(field.DeclaringType);
            }
        }
    }

    private void Declare(MethodDefinition method)
    {
        if (Methods.Add(method))
        {
            Mark(method.DeclaringType);
            Mark(method.ReturnType);
            foreach (ParameterDefinition parameter in method.Parameters)
            {
                Mark(parameter.ParameterType);
            }
        }
    }

    private void Initialise(TypeDefinition type)
    {
        foreach (MethodDefinition method in type.Methods)
        {
            if (method.IsConstructor && method.IsStatic)
            {
                Reach(method);
            }
        }
    }

    /// <summary>The method can be called, other than by way of an object's own.</summary>
    private void Reach(MethodDefinition method)
    {
        if (!_program.IsLinked(method))
        {
            return;
        }

        Declare(method);
        if (!method.HasBody || Bodies.Contains(method))
        {
            return;
        }

        if (method.IsStatic || method.IsConstructor || HasObjects(method.DeclaringType))
        {
            Bodies.Add(method);
            _work.Enqueue(() => Read(method));
            return;
        }

        if (!_waiting.TryGetValue(method.DeclaringType, out List<MethodDefinition>? waiting))
        {
            _waiting.Add(method.DeclaringType, waiting = []);
        }

        waiting.Add(method);
    }

    private void ReachSlot(MethodDefinition slot)
    {
        if (!_program.IsLinked(slot))
        {
            return;
        }

        Declare(slot);
        if (_slots.Add(slot))
        {
            foreach (TypeDefinition type in _made.Where(type => Slots.Derives(type, slot.DeclaringType)).ToList())
            {
                Reach(Implementation(type, slot));
            }
        }
    }

    private static MethodDefinition Implementation(TypeDefinition type, MethodDefinition slot)
    {
        return Slots.Implementation(type, slot) ?? throw new LinkException($"{type.FullName} has no {slot.FullName}");
    }

    /// <summary>Objects of the class are made.</summary>
    private void Make(TypeDefinition type)
    {
        if (!_program.IsLinked(type) || !_made.Add(type))
        {
            return;
        }

        Mark(type);
        Initialise(type);
        foreach (TypeDefinition one in Slots.Line(type).Where(one => _program.IsLinked(one) && _madeOrAbove.Add(one)))
        {
            if (_waiting.Remove(one, out List<MethodDefinition>? waiting))
            {
                waiting.ForEach(Reach);
            }
        }

        foreach (MethodDefinition slot in _slots.Where(slot => Slots.Derives(type, slot.DeclaringType)).ToList())
        {
            Reach(Implementation(type, slot));
        }

        // What the class libraries and the runtime may call, the code here need not.
        foreach (TypeDefinition above in Slots.Line(type).Concat(Slots.Interfaces(type)).Where(above => !_program.IsLinked(above)))
        {
            foreach (MethodDefinition slot in above.Methods.Where(method => method.IsVirtual))
            {
                if (Slots.Implementation(type, slot) is { } own)
                {
                    Reach(own);
                }
            }
        }
    }

    private void Read(MethodDefinition method)
    {
        if (!method.IsConstructor || !method.IsStatic)
        {
            Initialise(method.DeclaringType);
        }

        foreach (VariableDefinition variable in method.Body.Variables)
        {
            Mark(variable.VariableType);
        }

        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers.Where(handler => handler.CatchType is not null))
        {
            Mark(handler.CatchType);
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            Read(instruction, method);
        }
    }

    private void Read(Instruction instruction, MethodDefinition within)
    {
        switch (instruction.Operand)
        {
            case MemberReference { DeclaringType: GenericInstanceType } or GenericInstanceMethod:
                throw new LinkException($"{within.FullName} uses {instruction.Operand}, which is generic; nanoFramework's version 1 does not run it");
            case MethodReference reference:
                MethodDefinition called = reference.Resolve() ?? throw new LinkException($"{reference.FullName}, called by {within.FullName}, is not to be found");
                Refuse(called, within);
                if (instruction.OpCode.Code == Code.Newobj)
                {
                    Make(called.DeclaringType);
                }

                if (called.IsVirtual && instruction.OpCode.Code is Code.Callvirt or Code.Ldvirtftn)
                {
                    ReachSlot(called);
                }
                else
                {
                    Reach(called);
                }

                break;
            case FieldReference reference:
                Mark(reference);
                break;
            case TypeReference reference:
                Mark(reference);
                if (instruction.OpCode.Code == Code.Ldtoken)
                {
                    Refuse(reference, instruction, within);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Who is handed a type of ours could make objects of it and fill them, by names and by members that are gone.</summary>
    private void Refuse(TypeReference reference, Instruction token, MethodDefinition within)
    {
        TypeDefinition type = Slots.Definition(reference.GetElementType());
        if (_program.IsLinked(type) && !type.IsEnum && !IsKept(type) && !IsCompared(token))
        {
            throw new LinkException($"{within.FullName} hands on typeof({type.FullName}), by which its members may be found, but those that no code names are gone: name its assembly by --keep, or only compare it (value.GetType() == typeof({type.Name}))");
        }
    }

    /// <summary>Whether a type's token becomes a Type that is compared at once.</summary>
    private static bool IsCompared(Instruction token)
    {
        return token.Next is { Operand: MethodReference { Name: "GetTypeFromHandle" } } made && made.Next is { } next
            && (next.OpCode.Code is Code.Ceq or Code.Beq or Code.Beq_S or Code.Bne_Un or Code.Bne_Un_S || next.Operand is MethodReference { Name: "op_Equality" or "op_Inequality" });
    }

    /// <summary>What finds members by their names would not find them any more.</summary>
    private void Refuse(MethodDefinition called, MethodDefinition within)
    {
        bool byName = called.DeclaringType.FullName switch
        {
            "System.Type" => called.Name is "GetType" && called.IsStatic || called.Name is "GetMethod" or "GetMethods" or "GetField" or "GetFields" or "GetConstructor" or "GetConstructors"
                or "GetProperty" or "GetProperties" or "GetMember" or "GetMembers" or "InvokeMember",
            "System.Reflection.Assembly" => called.Name is "GetType" or "GetTypes" or "Load",
            "System.Activator" => true,
            _ => false,
        };
        if (byName && !_kept.Contains(within.Module.Assembly.Name.Name))
        {
            throw new LinkException($"{within.FullName} finds members by name ({called.FullName}), but names are shortened: name its assembly by --keep if it means itself alone");
        }
    }
}
