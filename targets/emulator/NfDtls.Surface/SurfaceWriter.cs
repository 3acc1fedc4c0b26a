using System.Text;

namespace NfDtls.Nano.Surface;

/// <summary>Writes a surface file. Types and members are sorted, so that two surfaces can be compared line by line.</summary>
public static class SurfaceWriter
{
    public static string Write(AssemblySurface assembly)
    {
        assembly.ExpectWritable();
        List<string> lines = new List<string> { $"assembly {assembly.Name} {assembly.Version}" };
        if (assembly.PublicKey.Length > 0)
        {
            lines.Add("publickey " + assembly.PublicKey);
        }

        lines.AddRange(assembly.References.Select(r => $"reference {r.Name} {r.Version}"));
        foreach (var type in assembly.Types.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            lines.Add("");
            lines.AddRange(TypeLines(type));
        }
        return string.Join('\n', lines) + "\n";
    }

    public static IEnumerable<string> TypeLines(TypeSurface type)
    {
        foreach (var attribute in type.Attributes)
        {
            yield return Attribute(attribute);
        }

        yield return TypeLine(type);
        foreach (var member in Members(type))
        {
            foreach (var attribute in member.Item.Attributes)
            {
                yield return "  " + Attribute(attribute);
            }

            yield return "  " + member.Line;
        }
    }

    private static IEnumerable<(MemberSurface Item, string Line)> Members(TypeSurface type)
    {
        IEnumerable<(MemberSurface, string)> Sorted<T>(IEnumerable<T> items, Func<T, string> line) where T : MemberSurface
            => items.Select(i => (Item: i, Line: line(i))).OrderBy(p => p.Item.Name, StringComparer.Ordinal)
                .ThenBy(p => p.Line, StringComparer.Ordinal).Select(p => ((MemberSurface)p.Item, p.Line));

        return Sorted(type.Fields, Field).Concat(Sorted(type.Methods, Method)).Concat(Sorted(type.Properties, Property)).Concat(Sorted(type.Events, Event));
    }

    private static string TypeLine(TypeSurface type)
    {
        var text = new StringBuilder("type ").Append(AccessWord(type.Access));
        if (type.Kind == TypeKind.Class)
        {
            if (type is { IsAbstract: true, IsSealed: true })
            {
                text.Append("static ");
            }
            else if (type.IsAbstract)
            {
                text.Append("abstract ");
            }
            else if (type.IsSealed)
            {
                text.Append("sealed ");
            }
        }
        text.Append(type.Kind.ToString().ToLowerInvariant()).Append(' ').Append(type.Name);
        if (type.TypeParameters.Count > 0)
        {
            text.Append('<').AppendJoin(", ", type.TypeParameters.Select(TypeParameter)).Append('>');
        }

        var bases = type.Base is null || type.Base == SurfaceReader.ImpliedBase(type.Kind) ? type.Interfaces : type.Interfaces.Prepend(type.Base);
        string list = string.Join(", ", bases);
        if (list.Length > 0)
        {
            text.Append(" : ").Append(list);
        }

        if (type.State != StructState.None)
        {
            text.Append(" state ").Append(type.State.ToString().ToLowerInvariant());
        }

        return text.ToString();
    }

    private static string TypeParameter(TypeParameterSurface parameter) => parameter.Variance switch
    {
        Variance.In => "in " + parameter.Name,
        Variance.Out => "out " + parameter.Name,
        _ => parameter.Name,
    };

    private static string Field(FieldSurface field)
    {
        string access = AccessWord(field.Access);
        return field.IsConst
            ? $"const {access}{field.Type} {field.Name} = {Literal(field.Value, field.Type)}"
            : $"field {access}{(field.IsStatic ? "static " : "")}{(field.IsReadOnly ? "readonly " : "")}{field.Type} {field.Name}";
    }

    public static string Method(MethodSurface method)
    {
        string parameters = "(" + Parameters(method.Parameters) + ")";
        return method.IsConstructor
            ? $"ctor {AccessWord(method.Access)}{parameters}"
            : $"method {AccessWord(method.Access)}{Modifiers(method.Modifiers)}{method.ReturnType} {method.Name}{parameters}";
    }

    private static string Property(PropertySurface property)
    {
        string Accessor(Access? access, string name)
            => access is null ? "" : (access == property.Access ? "" : AccessWord(access.Value)) + name + "; ";

        string index = property.Parameters.Count == 0 ? "" : "[" + Parameters(property.Parameters) + "]";
        return $"property {AccessWord(property.Access)}{Modifiers(property.Modifiers)}{property.Type} {property.Name}{index} "
            + "{ " + Accessor(property.Getter, "get") + Accessor(property.Setter, "set") + "}";
    }

    private static string Event(EventSurface @event)
        => $"event {AccessWord(@event.Access)}{Modifiers(@event.Modifiers)}{@event.Type} {@event.Name}";

    private static string Parameters(List<ParameterSurface> parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterSurface parameter)
    {
        string attributes = string.Concat(parameter.Attributes.Select(a => Attribute(a) + " "));
        string passing = parameter.Passing == Passing.Value ? "" : parameter.Passing.ToString().ToLowerInvariant() + " ";
        string value = parameter.HasDefault ? " = " + Literal(parameter.Default, parameter.Type) : "";
        return $"{attributes}{(parameter.IsParams ? "params " : "")}{passing}{parameter.Type} {parameter.Name}{value}";
    }

    private static string Attribute(AttributeSurface attribute)
    {
        var arguments = attribute.Arguments.Select(TypedValue)
            .Concat(attribute.NamedArguments.Select(n => $"{(n.IsField ? "field" : "property")} {n.Name} = {TypedValue(n.Value)}"));
        return $"[{attribute.TypeName}({string.Join(", ", arguments)})]";
    }

    private static string TypedValue(TypedValue value) => value.Type + " " + Literal(value.Value, value.Type);

    private static string Literal(object? value, string declaredType)
        => value is null || TypeNames.IsPrimitive(declaredType) ? Literals.Write(value) : PrimitiveKeyword(value) + " " + Literals.Write(value);

    private static string PrimitiveKeyword(object value)
        => TypeNames.Keyword(Enum.Parse<System.Reflection.Metadata.PrimitiveTypeCode>(System.Type.GetTypeCode(value.GetType()).ToString()));

    private static string Modifiers(MethodModifiers m)
    {
        string words = m.IsStatic ? "static " : "";
        if (m.IsSealed)
        {
            words += "sealed ";
        }

        if (m.IsAbstract)
        {
            words += "abstract ";
        }

        if (m.IsOverride)
        {
            words += "override ";
        }
        else if (m is { IsVirtual: true, IsAbstract: false })
        {
            words += "virtual ";
        }

        return words;
    }

    private static string AccessWord(Access access) => access switch
    {
        Access.Public => "public ",
        Access.ProtectedInternal => "protected internal ",
        _ => "protected ",
    };
}
