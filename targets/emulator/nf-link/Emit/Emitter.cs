using Mono.Cecil;
using NfDtls.Nano.Link.Names;
using NfDtls.Nano.Link.Reach;
using NfDtls.Nano.Link.Sizes;

namespace NfDtls.Nano.Link.Emit;

/// <summary>
/// Writes what is reached of a program into one assembly that has the program's name; where that would be more code than nanoCLR takes
/// in one, into a few, each with what comes before it.
/// </summary>
internal sealed class Emitter
{
    private readonly LoadedProgram _program;
    private readonly Reachability _reached;
    private readonly ShortNames _names;
    private readonly Dictionary<IMemberDefinition, IMemberDefinition> _made = [];
    private readonly HashSet<TypeDefinition> _numbers;

    /// <param name="program">The program.</param>
    /// <param name="reached">What of it is kept.</param>
    /// <param name="names">How that is called.</param>
    /// <param name="numbers">Enums that are written as the numbers that they are.</param>
    public Emitter(LoadedProgram program, Reachability reached, ShortNames names, HashSet<TypeDefinition> numbers)
    {
        _program = program;
        _reached = reached;
        _names = names;
        _numbers = numbers;
    }

    /// <summary>Which assemblies go together.</summary>
    public static List<List<AssemblyDefinition>> Shares(LoadedProgram program, Reachability reached, int budget)
    {
        List<List<AssemblyDefinition>> shares = [[]];
        int size = 0;
        foreach (AssemblyDefinition assembly in program.Linked)
        {
            int code = reached.Bodies.Where(method => method.Module == assembly.MainModule).Sum(method => CodeSize.Of(method.Body));
            if (size > 0 && size + code > budget)
            {
                shares.Add([]);
                size = 0;
            }

            size += code;
            shares[^1].Add(assembly);
        }

        return shares;
    }

    /// <summary>The output assemblies, the program's own last.</summary>
    public List<AssemblyDefinition> Emit(List<List<AssemblyDefinition>> shares)
    {
        List<AssemblyDefinition> output = [];
        foreach (List<AssemblyDefinition> share in shares)
        {
            bool isMain = share == shares[^1];
            AssemblyNameDefinition name = new(isMain ? _program.Main.Name.Name : _program.Main.Name.Name + "." + (output.Count + 1), _program.Main.Name.Version);
            AssemblyDefinition assembly = AssemblyDefinition.CreateAssembly(name, name.Name, isMain ? ModuleKind.Console : ModuleKind.Dll);
            output.Add(assembly);
            Fill(assembly.MainModule, share);
        }

        output[^1].MainModule.EntryPoint = (MethodDefinition)_made[_program.Main.EntryPoint];
        return output;
    }

    private void Fill(ModuleDefinition module, List<AssemblyDefinition> share)
    {
        // The class library by its own name, before anything asks for its types.
        AssemblyNameReference core = (AssemblyNameReference)_program.Main.MainModule.TypeSystem.CoreLibrary;
        module.AssemblyReferences.Add(new AssemblyNameReference(core.Name, core.Version) { Culture = core.Culture, PublicKeyToken = core.PublicKeyToken });
        module.RuntimeVersion = _program.Main.MainModule.RuntimeVersion;
        TypeMap map = new(_program, module, _made, _numbers);
        List<TypeDefinition> types = [.. share.SelectMany(assembly => assembly.MainModule.GetTypes())
            .Where(type => _reached.Types.Contains(type) && !_numbers.Contains(type))];
        foreach (TypeDefinition type in types)
        {
            TypeDefinition copy = new(_names.Namespace(type), _names[type], Attributes(type)) { ClassSize = type.ClassSize, PackingSize = type.PackingSize };
            _made.Add(type, copy);
            module.Types.Add(copy);
        }

        foreach (TypeDefinition type in types)
        {
            Outline(type, map);
        }

        foreach (TypeDefinition type in types)
        {
            foreach (MethodDefinition method in type.Methods.Where(_reached.Methods.Contains))
            {
                FillMethod(method, (MethodDefinition)_made[method], map);
            }

            if (_reached.IsKept(type))
            {
                AddAttributes(type, map);
            }
        }
    }

    private TypeAttributes Attributes(TypeDefinition type)
    {
        TypeAttributes attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | TypeAttributes.Public;
        if (!type.IsInterface && !type.IsValueType && !(type.IsAbstract && type.IsSealed) && !_reached.IsMade(type))
        {
            attributes = (attributes | TypeAttributes.Abstract) & ~TypeAttributes.Sealed;
        }

        return attributes;
    }

    /// <summary>Whether a virtual method has become one without a body: it is called, but no object that is made has it.</summary>
    private bool IsOpen(MethodDefinition method)
    {
        return method.IsVirtual && method.HasBody && !_reached.Bodies.Contains(method) && !_reached.IsMade(method.DeclaringType);
    }

    private void Outline(TypeDefinition type, TypeMap map)
    {
        TypeDefinition copy = (TypeDefinition)_made[type];
        copy.BaseType = type.BaseType is null ? null : map.Map(type.BaseType);
        foreach (InterfaceImplementation implementation in type.Interfaces)
        {
            TypeDefinition declared = Slots.Definition(implementation.InterfaceType);
            if (!_program.IsLinked(declared) || _reached.Types.Contains(declared))
            {
                copy.Interfaces.Add(new InterfaceImplementation(map.Map(implementation.InterfaceType)));
            }
        }

        foreach (FieldDefinition field in type.Fields.Where(_reached.Fields.Contains))
        {
            FieldDefinition made = new(_names[field], (field.Attributes & ~(FieldAttributes.FieldAccessMask | FieldAttributes.InitOnly)) | FieldAttributes.Public, map.Map(field.FieldType));
            if (field.InitialValue is { Length: > 0 } data)
            {
                made.InitialValue = data;
            }

            if (field.HasConstant)
            {
                made.Constant = field.Constant;
            }

            _made.Add(field, made);
            copy.Fields.Add(made);
        }

        foreach (MethodDefinition method in type.Methods.Where(_reached.Methods.Contains))
        {
            MethodDefinition made = new(_names[method], Attributes(method), map.Map(method.ReturnType)) { ImplAttributes = method.ImplAttributes, HasThis = method.HasThis };
            foreach (ParameterDefinition parameter in method.Parameters)
            {
                made.Parameters.Add(new ParameterDefinition(map.Map(parameter.ParameterType)));
            }

            _made.Add(method, made);
            copy.Methods.Add(made);
        }
    }

    private MethodAttributes Attributes(MethodDefinition method)
    {
        MethodAttributes attributes = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public;
        if (!method.IsVirtual)
        {
            return attributes;
        }

        bool overrides = !method.IsNewSlot && Slots.Above(method.DeclaringType, method)
            .Any(above => !above.DeclaringType.IsInterface && (!_program.IsLinked(above) || _reached.Methods.Contains(above)));
        attributes = overrides ? attributes & ~MethodAttributes.NewSlot : attributes | MethodAttributes.NewSlot;
        return IsOpen(method) ? (attributes | MethodAttributes.Abstract) & ~MethodAttributes.Final : attributes;
    }

    private void FillMethod(MethodDefinition method, MethodDefinition copy, TypeMap map)
    {
        if (_reached.Bodies.Contains(method))
        {
            BodyWriter.Copy(method, copy, map);
        }
        else if (method.HasBody && !copy.IsAbstract)
        {
            BodyWriter.Refuse(copy);
        }
    }

    private void AddAttributes(TypeDefinition type, TypeMap map)
    {
        Add(type, (TypeDefinition)_made[type]);
        foreach (MethodDefinition method in type.Methods.Where(_reached.Methods.Contains))
        {
            Add(method, (MethodDefinition)_made[method]);
        }

        void Add(ICustomAttributeProvider from, ICustomAttributeProvider to)
        {
            foreach (CustomAttribute attribute in from.CustomAttributes)
            {
                to.CustomAttributes.Add(new CustomAttribute(map.Map(attribute.Constructor), attribute.GetBlob()));
            }
        }
    }
}
