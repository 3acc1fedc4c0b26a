using static NfDtls.Nano.Surface.SurfaceGrammar;

namespace NfDtls.Nano.Surface;

/// <summary>Reads a surface file. The format is described in README.md.</summary>
public sealed class SurfaceReader
{
    private readonly List<AttributeSurface> _pendingAttributes = [];
    private AssemblySurface? _assembly;
    private TypeSurface? _type;

    public static AssemblySurface ReadFile(string path)
    {
        SurfaceReader reader = new SurfaceReader();
        int lineNumber = 0;
        foreach (string line in File.ReadLines(path))
        {
            lineNumber++;
            try
            {
                reader.ReadLine(line.Trim());
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or OverflowException)
            {
                throw new FormatException($"{path}({lineNumber}): {e.Message}", e);
            }
        }
        return reader._assembly ?? throw new FormatException($"{path}: no 'assembly' line");
    }

    private AssemblySurface Assembly => _assembly ?? throw new FormatException("an 'assembly' line was expected first");

    private TypeSurface Type => _type ?? throw new FormatException("a 'type' line was expected first");

    private void ReadLine(string line)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        SurfaceLexer lexer = new SurfaceLexer(line);
        if (lexer.Peek.Value == "[")
        {
            _pendingAttributes.Add(ReadAttribute(lexer));
            return;
        }
        string keyword = lexer.Word();
        switch (keyword)
        {
            case "assembly": _assembly = new AssemblySurface { Name = lexer.Word(), Version = Version.Parse(lexer.Word()) }; break;
            case "publickey": Assembly.PublicKey = lexer.Word(); break;
            case "reference": Assembly.References.Add(new AssemblyNameSurface(lexer.Word(), Version.Parse(lexer.Word()))); break;
            case "type": Assembly.Types.Add(_type = TakeAttributes(ReadType(lexer), t => t.Attributes)); break;
            case "field": Type.Fields.Add(TakeAttributes(ReadField(lexer), f => f.Attributes)); break;
            case "const": Type.Fields.Add(TakeAttributes(ReadConst(lexer), f => f.Attributes)); break;
            case "ctor": Type.Methods.Add(TakeAttributes(ReadConstructor(lexer), m => m.Attributes)); break;
            case "method": Type.Methods.Add(TakeAttributes(ReadMethod(lexer), m => m.Attributes)); break;
            case "property": Type.Properties.Add(TakeAttributes(ReadProperty(lexer), p => p.Attributes)); break;
            case "event": Type.Events.Add(TakeAttributes(ReadEvent(lexer), e => e.Attributes)); break;
            default: throw new FormatException($"unknown keyword '{keyword}'");
        }
        if (lexer.Peek.Kind != TokenKind.End)
        {
            throw new FormatException($"unexpected '{lexer.Peek.Value}'");
        }
    }

    private T TakeAttributes<T>(T item, Func<T, List<AttributeSurface>> attributes)
    {
        attributes(item).AddRange(_pendingAttributes);
        _pendingAttributes.Clear();
        return item;
    }

    private static TypeSurface ReadType(SurfaceLexer lexer)
    {
        var access = ReadAccess(lexer);
        bool isStatic = lexer.Accept("static");
        bool isAbstract = lexer.Accept("abstract") || isStatic;
        bool isSealed = lexer.Accept("sealed") || isStatic;
        var kind = ReadKind(lexer);
        string name = lexer.Word();
        var typeParameters = ReadTypeParameters(lexer);
        List<string> bases = new List<string>();
        if (lexer.Accept(":"))
        {
            do
            {
                bases.Add(ReadTypeName(lexer));
            }
            while (lexer.Accept(","));
        }
        bool hasBase = kind is TypeKind.Class or TypeKind.Enum && bases.Count > 0;
        TypeSurface type = new TypeSurface
        {
            Name = name,
            Kind = kind,
            Access = access,
            IsAbstract = isAbstract || kind == TypeKind.Interface,
            IsSealed = isSealed || kind is TypeKind.Struct or TypeKind.Enum or TypeKind.Delegate,
            Base = hasBase ? bases[0] : ImpliedBase(kind),
            State = ReadState(lexer),
        };
        type.TypeParameters.AddRange(typeParameters);
        type.Interfaces.AddRange(hasBase ? bases.Skip(1) : bases);
        return type;
    }

    public static string? ImpliedBase(TypeKind kind) => kind switch
    {
        TypeKind.Struct => "System.ValueType",
        TypeKind.Delegate => "System.MulticastDelegate",
        _ => null,
    };

    private static TypeKind ReadKind(SurfaceLexer lexer)
    {
        string word = lexer.Word();
        return word switch
        {
            "class" => TypeKind.Class,
            "struct" => TypeKind.Struct,
            "interface" => TypeKind.Interface,
            "enum" => TypeKind.Enum,
            "delegate" => TypeKind.Delegate,
            _ => throw new FormatException($"unknown kind of type '{word}'"),
        };
    }

    private static List<TypeParameterSurface> ReadTypeParameters(SurfaceLexer lexer)
    {
        List<TypeParameterSurface> parameters = new List<TypeParameterSurface>();
        if (!lexer.Accept("<"))
        {
            return parameters;
        }

        do
        {
            var variance = lexer.Accept("in") ? Variance.In : lexer.Accept("out") ? Variance.Out : Variance.None;
            parameters.Add(new TypeParameterSurface(lexer.Word(), variance));
        }
        while (lexer.Accept(","));
        lexer.Expect(">");
        return parameters;
    }

    private static StructState ReadState(SurfaceLexer lexer)
    {
        if (!lexer.Accept("state"))
        {
            return StructState.None;
        }

        string word = lexer.Word();
        return word switch
        {
            "values" => StructState.Values,
            "references" => StructState.References,
            _ => throw new FormatException($"unknown state '{word}'"),
        };
    }

    private static FieldSurface ReadField(SurfaceLexer lexer) => new()
    {
        Access = ReadAccess(lexer),
        IsStatic = lexer.Accept("static"),
        IsReadOnly = lexer.Accept("readonly"),
        Type = ReadTypeName(lexer),
        Name = lexer.Word(),
    };

    private static FieldSurface ReadConst(SurfaceLexer lexer)
    {
        var access = ReadAccess(lexer);
        string type = ReadTypeName(lexer);
        string name = lexer.Word();
        lexer.Expect("=");
        return new FieldSurface { Access = access, IsStatic = true, IsConst = true, Type = type, Name = name, Value = ReadLiteral(lexer, type) };
    }

    private static MethodSurface ReadConstructor(SurfaceLexer lexer) => new()
    {
        Name = MethodSurface.ConstructorName,
        Access = ReadAccess(lexer),
        ReturnType = "void",
        Parameters = ReadParameters(lexer, "(", ")"),
    };

    private static MethodSurface ReadMethod(SurfaceLexer lexer) => new()
    {
        Access = ReadAccess(lexer),
        Modifiers = ReadModifiers(lexer),
        ReturnType = ReadReturnType(lexer),
        Name = lexer.Word(),
        Parameters = ReadParameters(lexer, "(", ")"),
    };

    private static PropertySurface ReadProperty(SurfaceLexer lexer)
    {
        var access = ReadAccess(lexer);
        var modifiers = ReadModifiers(lexer);
        string type = ReadReturnType(lexer);
        string name = lexer.Word();
        List<ParameterSurface> parameters = lexer.Peek.Value == "[" ? ReadParameters(lexer, "[", "]") : [];
        Access? getter = null, setter = null;
        lexer.Expect("{");
        while (!lexer.Accept("}"))
        {
            var accessorAccess = lexer.Peek.Value is "get" or "set" ? access : ReadAccess(lexer);
            if (lexer.Accept("get"))
            {
                getter = accessorAccess;
            }
            else
            {
                lexer.Expect("set");
                setter = accessorAccess;
            }
            lexer.Expect(";");
        }
        return new PropertySurface
        {
            Name = name,
            Access = access,
            Modifiers = modifiers,
            Type = type,
            Parameters = parameters,
            Getter = getter,
            Setter = setter,
        };
    }

    private static EventSurface ReadEvent(SurfaceLexer lexer) => new()
    {
        Access = ReadAccess(lexer),
        Modifiers = ReadModifiers(lexer),
        Type = ReadTypeName(lexer),
        Name = lexer.Word(),
    };
}
