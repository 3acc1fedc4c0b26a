namespace NfDtls.Nano.Surface;

/// <summary>The parts that several kinds of lines have: modifiers, types, parameters, attributes and constants.</summary>
internal static class SurfaceGrammar
{
    public static Access ReadAccess(SurfaceLexer lexer)
    {
        if (lexer.Accept("public"))
        {
            return Access.Public;
        }

        lexer.Expect("protected");
        return lexer.Accept("internal") ? Access.ProtectedInternal : Access.Protected;
    }

    public static MethodModifiers ReadModifiers(SurfaceLexer lexer)
    {
        bool isStatic = lexer.Accept("static");
        bool isSealed = lexer.Accept("sealed");
        bool isAbstract = lexer.Accept("abstract");
        bool isOverride = lexer.Accept("override");
        bool isVirtual = lexer.Accept("virtual") || isAbstract || isOverride;
        return new MethodModifiers(isStatic, isVirtual, isAbstract, isOverride, isSealed);
    }

    public static List<ParameterSurface> ReadParameters(SurfaceLexer lexer, string open, string close)
    {
        List<ParameterSurface> parameters = new List<ParameterSurface>();
        lexer.Expect(open);
        if (lexer.Accept(close))
        {
            return parameters;
        }

        do
        {
            parameters.Add(ReadParameter(lexer));
        }
        while (lexer.Accept(","));
        lexer.Expect(close);
        return parameters;
    }

    private static ParameterSurface ReadParameter(SurfaceLexer lexer)
    {
        List<AttributeSurface> attributes = new List<AttributeSurface>();
        while (lexer.Peek.Value == "[")
        {
            attributes.Add(ReadAttribute(lexer));
        }

        bool isParams = lexer.Accept("params");
        var passing = lexer.Accept("ref") ? Passing.Ref : lexer.Accept("out") ? Passing.Out : lexer.Accept("in") ? Passing.In : Passing.Value;
        string type = ReadTypeName(lexer);
        string name = lexer.Word();
        bool hasDefault = lexer.Accept("=");
        ParameterSurface parameter = new ParameterSurface
        {
            Name = name,
            Type = type,
            Passing = passing,
            IsParams = isParams,
            HasDefault = hasDefault,
            Default = hasDefault ? ReadLiteral(lexer, type) : null,
        };
        parameter.Attributes.AddRange(attributes);
        return parameter;
    }

    public static AttributeSurface ReadAttribute(SurfaceLexer lexer)
    {
        lexer.Expect("[");
        AttributeSurface attribute = new AttributeSurface { TypeName = lexer.Word() };
        lexer.Expect("(");
        while (!lexer.Accept(")"))
        {
            bool isField = lexer.Accept("field");
            if (isField || lexer.Accept("property"))
            {
                string name = lexer.Word();
                lexer.Expect("=");
                attribute.NamedArguments.Add(new NamedValue(isField, name, ReadTypedValue(lexer)));
            }
            else
            {
                attribute.Arguments.Add(ReadTypedValue(lexer));
            }

            lexer.Accept(",");
        }
        lexer.Expect("]");
        return attribute;
    }

    /// <summary>"string "x"" or, for an enum argument, "System.AttributeTargets int 4".</summary>
    private static TypedValue ReadTypedValue(SurfaceLexer lexer)
    {
        string type = ReadTypeName(lexer);
        return new TypedValue(type, ReadLiteral(lexer, type));
    }

    /// <summary>A value, preceded by its primitive type where the declared type is not primitive itself (enums).</summary>
    public static object? ReadLiteral(SurfaceLexer lexer, string declaredType)
    {
        string type = TypeNames.IsPrimitive(lexer.Peek.Value) && lexer.Peek.Kind == TokenKind.Word ? lexer.Word() : declaredType;
        return Literals.Read(lexer.Next(), type);
    }

    public static string ReadReturnType(SurfaceLexer lexer) => lexer.Accept("ref") ? "ref " + ReadTypeName(lexer) : ReadTypeName(lexer);

    public static string ReadTypeName(SurfaceLexer lexer)
    {
        string name = lexer.Word();
        while (true)
        {
            if (lexer.Peek is { Kind: TokenKind.Word, Value: "*" })
            {
                name += lexer.Word();
            }
            else if (lexer.Accept("["))
            {
                name += "[";
                while (lexer.Accept(","))
                {
                    name += ",";
                }

                lexer.Expect("]");
                name += "]";
            }
            else
            {
                return name;
            }
        }
    }
}
