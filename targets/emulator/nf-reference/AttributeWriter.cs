using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Reference;

/// <summary>Writes custom attributes, whose constructors are found by their argument types.</summary>
internal sealed class AttributeWriter(MetadataBuilder metadata, TypeHandles types, SignatureWriter signatures)
{
    private const ushort Prolog = 1;
    private readonly Dictionary<string, EntityHandle> _constructors = [];

    /// <summary>Tells which method is the constructor of an attribute that this assembly itself defines.</summary>
    public void DefineConstructor(MethodSurface constructor, string type, MethodDefinitionHandle handle)
        => _constructors[Key(type, constructor.Parameters.Select(p => p.Type))] = handle;

    public void Write(EntityHandle parent, IEnumerable<AttributeSurface> attributes)
    {
        foreach (AttributeSurface attribute in attributes)
        {
            metadata.AddCustomAttribute(parent, Constructor(attribute), Arguments(attribute));
        }
    }

    public void Write(EntityHandle parent, string attributeType) => Write(parent, [new AttributeSurface { TypeName = attributeType }]);

    private EntityHandle Constructor(AttributeSurface attribute)
    {
        string key = Key(attribute.TypeName, attribute.Arguments.Select(a => a.Type));
        if (_constructors.TryGetValue(key, out EntityHandle handle))
        {
            return handle;
        }

        MethodSurface constructor = ConstructorFor(attribute);
        handle = metadata.AddMemberReference(types.Handle(attribute.TypeName), metadata.GetOrAddString(constructor.Name), signatures.Method(constructor));
        _constructors.Add(key, handle);
        return handle;
    }

    public static MethodSurface ConstructorFor(AttributeSurface attribute) => new()
    {
        Name = MethodSurface.ConstructorName,
        ReturnType = "void",
        Parameters = [.. attribute.Arguments.Select((a, i) => new ParameterSurface { Name = "arg" + i, Type = a.Type })],
    };

    private static string Key(string type, IEnumerable<string> parameterTypes) => type + "(" + string.Join(",", parameterTypes) + ")";

    private BlobHandle Arguments(AttributeSurface attribute)
    {
        var blob = new BlobBuilder();
        blob.WriteUInt16(Prolog);
        foreach (TypedValue argument in attribute.Arguments)
        {
            WriteValue(blob, argument.Value);
        }

        blob.WriteUInt16((ushort)attribute.NamedArguments.Count);
        foreach (NamedValue named in attribute.NamedArguments)
        {
            blob.WriteByte((byte)(named.IsField ? CustomAttributeNamedArgumentKind.Field : CustomAttributeNamedArgumentKind.Property));
            if (!TypeNames.TryGetCode(named.Value.Type, out PrimitiveTypeCode code))
            {
                throw new FormatException($"{attribute.TypeName}.{named.Name}: only primitive named arguments are supported");
            }

            blob.WriteByte((byte)code);
            blob.WriteSerializedString(named.Name);
            WriteValue(blob, named.Value.Value);
        }
        return metadata.GetOrAddBlob(blob);
    }

    private static void WriteValue(BlobBuilder blob, object? value)
    {
        if (value is null or string)
        {
            blob.WriteSerializedString((string?)value);
        }
        else
        {
            blob.WriteConstant(value);
        }
    }
}
