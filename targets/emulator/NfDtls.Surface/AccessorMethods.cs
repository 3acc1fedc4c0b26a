namespace NfDtls.Nano.Surface;

/// <summary>The get_/set_/add_/remove_ methods that stand behind properties and events.</summary>
public static class AccessorMethods
{
    public static MethodSurface Getter(PropertySurface property) => new()
    {
        Name = "get_" + property.Name,
        Access = property.Getter!.Value,
        ReturnType = property.Type,
        Modifiers = property.Modifiers,
        Parameters = [.. property.Parameters],
    };

    public static MethodSurface Setter(PropertySurface property) => new()
    {
        Name = "set_" + property.Name,
        Access = property.Setter!.Value,
        ReturnType = "void",
        Modifiers = property.Modifiers,
        Parameters = [.. property.Parameters, Value(property.Type)],
    };

    public static MethodSurface Adder(EventSurface @event) => EventAccessor(@event, "add_");

    public static MethodSurface Remover(EventSurface @event) => EventAccessor(@event, "remove_");

    /// <summary>Every method of a type, accessors included.</summary>
    public static IEnumerable<MethodSurface> AllMethods(TypeSurface type)
    {
        foreach (var method in type.Methods)
        {
            yield return method;
        }

        foreach (var property in type.Properties)
        {
            if (property.Getter is not null)
            {
                yield return Getter(property);
            }

            if (property.Setter is not null)
            {
                yield return Setter(property);
            }
        }
        foreach (var @event in type.Events)
        {
            yield return Adder(@event);
            yield return Remover(@event);
        }
    }

    private static MethodSurface EventAccessor(EventSurface @event, string prefix) => new()
    {
        Name = prefix + @event.Name,
        Access = @event.Access,
        ReturnType = "void",
        Modifiers = @event.Modifiers,
        Parameters = [Value(@event.Type)],
    };

    private static ParameterSurface Value(string type) => new() { Name = "value", Type = type };
}
