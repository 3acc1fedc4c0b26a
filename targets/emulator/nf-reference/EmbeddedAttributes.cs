using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Reference;

/// <summary>
/// Attributes that are applied in an assembly but public nowhere: like the compiler, define them as internal classes.
/// </summary>
internal static class EmbeddedAttributes
{
    public static List<TypeSurface> Of(IEnumerable<TypeSurface> types, string always, Func<string, bool> isKnown)
    {
        IEnumerable<AttributeSurface> needed = types.SelectMany(Applied).Prepend(new AttributeSurface { TypeName = always }).Where(a => !isKnown(a.TypeName));
        return [.. needed.GroupBy(a => a.TypeName).Select(g => Define(g.Key, g)).OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<AttributeSurface> Applied(TypeSurface type)
    {
        IEnumerable<MemberSurface> members = [.. type.Fields, .. type.Methods, .. type.Properties, .. type.Events];
        IEnumerable<ParameterSurface> parameters = type.Methods.SelectMany(m => m.Parameters).Concat(type.Properties.SelectMany(p => p.Parameters));
        return type.Attributes.Concat(members.SelectMany(m => m.Attributes)).Concat(parameters.SelectMany(p => p.Attributes));
    }

    private static TypeSurface Define(string name, IEnumerable<AttributeSurface> uses)
    {
        var type = new TypeSurface { Name = name, Kind = TypeKind.Class, IsSealed = true, Base = "System.Attribute" };
        IEnumerable<MethodSurface> constructors = uses.Select(AttributeWriter.ConstructorFor).DistinctBy(SurfaceWriter.Method);
        type.Methods.AddRange(constructors);
        return type;
    }
}
