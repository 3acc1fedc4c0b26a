using Mono.Cecil;
using NfDtls.Nano.Link.Reach;

namespace NfDtls.Nano.Link.Names;

/// <summary>
/// A short name for each type and member. Those of one type differ, but the same few serve in all types, since a name is kept once in
/// an assembly. nanoCLR finds the method of a virtual call by its name in the object's class, so that methods of one slot share a name,
/// which begins with a capital and which no other method has. What the class libraries know by name keeps it, and so do exceptions'
/// types, whose names people read.
/// </summary>
internal sealed class ShortNames
{
    private const string Small = "abcdefghijklmnopqrstuvwxyz";
    private const string Capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private readonly LoadedProgram _program;
    private readonly Reachability _reached;
    private readonly Dictionary<IMemberDefinition, string> _names = [];

    /// <param name="program">The program.</param>
    /// <param name="reached">What of it is kept.</param>
    public ShortNames(LoadedProgram program, Reachability reached)
    {
        _program = program;
        _reached = reached;
        int types = 0;
        foreach (TypeDefinition type in reached.Types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            bool keeps = reached.IsKept(type) || IsException(type);
            _names.Add(type, keeps ? type.Name : Name(types++, Small));
        }

        NameSlots();
        foreach (TypeDefinition type in reached.Types)
        {
            bool keeps = reached.IsKept(type);
            int methods = 0;
            foreach (MethodDefinition method in type.Methods.Where(method => reached.Methods.Contains(method) && !method.IsVirtual))
            {
                _names.Add(method, keeps || method.IsConstructor || method.IsRuntime ? method.Name : Name(methods++, Small));
            }

            int fields = 0;
            foreach (FieldDefinition field in type.Fields.Where(reached.Fields.Contains))
            {
                _names.Add(field, keeps || field.IsRuntimeSpecialName ? field.Name : Name(fields++, Small));
            }
        }
    }

    public string this[IMemberDefinition definition]
    {
        get { return _names[definition]; }
    }

    /// <summary>The namespace that a type keeps.</summary>
    public string Namespace(TypeDefinition type)
    {
        return _names[type] == type.Name ? type.Namespace : string.Empty;
    }

    /// <summary>The name of a number: a to z, then aa and on.</summary>
    internal static string Name(int number, string first)
    {
        string name = first[number % first.Length].ToString();
        for (number /= first.Length; number > 0; number /= Small.Length)
        {
            number--;
            name += Small[number % Small.Length];
        }

        return name;
    }

    private static bool IsException(TypeDefinition type)
    {
        return Slots.Line(type).Any(one => one.FullName == "System.Exception");
    }

    private void NameSlots()
    {
        Dictionary<MethodDefinition, MethodDefinition> families = [];
        HashSet<MethodDefinition> fixedOnes = [];
        List<MethodDefinition> all = [];
        foreach (TypeDefinition type in _reached.Types)
        {
            foreach (MethodDefinition method in type.Methods.Where(method => method.IsVirtual && _reached.Methods.Contains(method)))
            {
                all.Add(method);
            }

            foreach (MethodDefinition method in type.Methods.Where(method => method.IsVirtual))
            {
                Join(type, method);
            }

            // A class may have from its base what an interface of its own asks for.
            foreach (TypeDefinition above in Slots.Interfaces(type))
            {
                foreach (MethodDefinition slot in above.Methods.Where(_ => !type.IsInterface))
                {
                    if (Slots.Implementation(type, slot) is { } own)
                    {
                        Unite(own, slot);
                    }
                }
            }
        }

        Dictionary<MethodDefinition, string> names = [];
        int count = 0;
        foreach (MethodDefinition method in all)
        {
            MethodDefinition root = Root(method);
            if (!names.TryGetValue(root, out string? name))
            {
                names.Add(root, name = fixedOnes.Any(one => Root(one) == root) ? method.Name : Name(count++, Capital));
            }

            _names.Add(method, name);
        }

        void Join(TypeDefinition type, MethodDefinition method)
        {
            if (_reached.IsKept(type) || method.IsRuntime)
            {
                fixedOnes.Add(method);
            }

            foreach (MethodDefinition slot in Slots.Above(type, method))
            {
                Unite(method, slot);
            }
        }

        void Unite(MethodDefinition method, MethodDefinition slot)
        {
            if (!_program.IsLinked(slot))
            {
                fixedOnes.Add(method);
            }
            else if (!_program.IsLinked(method))
            {
                fixedOnes.Add(slot);
            }
            else if (Root(method) != Root(slot))
            {
                families[Root(method)] = Root(slot);
            }
        }

        MethodDefinition Root(MethodDefinition method)
        {
            while (families.TryGetValue(method, out MethodDefinition? above))
            {
                method = above;
            }

            return method;
        }
    }
}
