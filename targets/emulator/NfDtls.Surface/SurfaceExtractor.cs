using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using static NfDtls.Nano.Surface.Visibility;

namespace NfDtls.Nano.Surface;

/// <summary>Reads the public and protected surface of a compiled assembly.</summary>
public sealed class SurfaceExtractor
{
    private readonly MetadataReader _reader;
    private readonly AttributeExtractor _attributes;

    private SurfaceExtractor(MetadataReader reader)
    {
        _reader = reader;
        _attributes = new AttributeExtractor(reader);
    }

    public static AssemblySurface ReadFile(string path)
    {
        using PEReader pe = new PEReader(File.OpenRead(path));
        return new SurfaceExtractor(pe.GetMetadataReader()).ReadAssembly();
    }

    private AssemblySurface ReadAssembly()
    {
        var definition = _reader.GetAssemblyDefinition();
        AssemblySurface surface = new AssemblySurface
        {
            Name = _reader.GetString(definition.Name),
            Version = definition.Version,
            PublicKey = Convert.ToHexStringLower(_reader.GetBlobBytes(definition.PublicKey)),
        };
        foreach (var handle in _reader.AssemblyReferences)
        {
            var reference = _reader.GetAssemblyReference(handle);
            surface.References.Add(new AssemblyNameSurface(_reader.GetString(reference.Name), reference.Version));
        }
        foreach (var handle in _reader.TypeDefinitions)
        {
            if (IsVisible(handle))
            {
                surface.Types.Add(ReadType(handle));
            }
        }
        return surface;
    }

    private bool IsVisible(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(type.GetDeclaringType()),
            _ => false,
        };
    }

    private TypeSurface ReadType(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        string? baseType = type.BaseType.IsNil ? null : TypeNameProvider.NameOf(_reader, type.BaseType);
        string name = TypeNameProvider.NameOf(_reader, handle);
        var kind = KindOf(type, name, baseType);
        TypeSurface surface = new TypeSurface
        {
            Name = name,
            Kind = kind,
            Access = AccessOf(type.Attributes),
            IsAbstract = type.Attributes.HasFlag(TypeAttributes.Abstract),
            IsSealed = type.Attributes.HasFlag(TypeAttributes.Sealed),
            Base = kind == TypeKind.Enum ? UnderlyingType(type) : baseType,
            State = kind == TypeKind.Struct ? StateOf(type) : StructState.None,
        };
        foreach (var parameterHandle in type.GetGenericParameters())
        {
            surface.TypeParameters.Add(ReadTypeParameter(parameterHandle));
        }

        foreach (var implementationHandle in type.GetInterfaceImplementations())
        {
            var implemented = _reader.GetInterfaceImplementation(implementationHandle).Interface;
            if (implemented.Kind != HandleKind.TypeDefinition || IsVisible((TypeDefinitionHandle)implemented))
            {
                surface.Interfaces.Add(TypeNameProvider.NameOf(_reader, implemented));
            }
        }
        surface.Attributes.AddRange(_attributes.Read(type.GetCustomAttributes()));
        ReadMembers(type, surface);
        return surface;
    }

    private static TypeKind KindOf(TypeDefinition type, string name, string? baseType)
    {
        if (type.Attributes.HasFlag(TypeAttributes.Interface))
        {
            return TypeKind.Interface;
        }

        return baseType switch
        {
            "System.Enum" => TypeKind.Enum,
            "System.ValueType" when name != "System.Enum" => TypeKind.Struct,
            "System.MulticastDelegate" => TypeKind.Delegate,
            _ => TypeKind.Class,
        };
    }

    private TypeParameterSurface ReadTypeParameter(GenericParameterHandle handle)
    {
        var parameter = _reader.GetGenericParameter(handle);
        var variance = (parameter.Attributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Contravariant => Variance.In,
            GenericParameterAttributes.Covariant => Variance.Out,
            _ => Variance.None,
        };
        bool isConstrained = parameter.GetConstraints().Count > 0 || (parameter.Attributes & GenericParameterAttributes.SpecialConstraintMask) != 0;
        return new TypeParameterSurface(_reader.GetString(parameter.Name), variance, isConstrained);
    }

    private string UnderlyingType(TypeDefinition type)
    {
        foreach (var handle in type.GetFields())
        {
            var field = _reader.GetFieldDefinition(handle);
            if (!field.Attributes.HasFlag(FieldAttributes.Static))
            {
                return field.DecodeSignature(TypeNameProvider.Instance, null);
            }
        }
        throw new BadImageFormatException("an enum without a value field");
    }

    private StructState StateOf(TypeDefinition type)
    {
        var state = StructState.None;
        foreach (var handle in type.GetFields())
        {
            var field = _reader.GetFieldDefinition(handle);
            if (field.Attributes.HasFlag(FieldAttributes.Static))
            {
                continue;
            }

            var signature = _reader.GetBlobReader(field.Signature);
            signature.ReadSignatureHeader();
            if (signature.ReadSignatureTypeCode() is SignatureTypeCode.Object or SignatureTypeCode.String or SignatureTypeCode.SZArray)
            {
                return StructState.References;
            }
            // A class and a value type both read as TypeHandle: the byte before the token tells them apart.
            signature.Reset();
            signature.ReadByte();
            const byte elementTypeClass = 0x12;
            if (signature.ReadByte() == elementTypeClass)
            {
                return StructState.References;
            }

            state = StructState.Values;
        }
        return state;
    }

    private void ReadMembers(TypeDefinition type, TypeSurface surface)
    {
        foreach (var handle in type.GetFields())
        {
            var field = _reader.GetFieldDefinition(handle);
            if (AccessOf(field.Attributes) is { } access && !field.Attributes.HasFlag(FieldAttributes.RTSpecialName))
            {
                surface.Fields.Add(ReadField(field, access));
            }
        }
        HashSet<MethodDefinitionHandle> accessors = new HashSet<MethodDefinitionHandle>();
        foreach (var handle in type.GetProperties())
        {
            if (ReadProperty(handle, accessors) is { } property)
            {
                surface.Properties.Add(property);
            }
        }
        foreach (var handle in type.GetEvents())
        {
            if (ReadEvent(handle, accessors) is { } @event)
            {
                surface.Events.Add(@event);
            }
        }
        foreach (var handle in type.GetMethods())
        {
            if (!accessors.Contains(handle) && ReadMethod(handle) is { } method)
            {
                surface.Methods.Add(method);
            }
        }
    }

    private FieldSurface ReadField(FieldDefinition field, Access access)
    {
        var attributes = field.Attributes;
        bool isConst = attributes.HasFlag(FieldAttributes.Literal);
        FieldSurface surface = new FieldSurface
        {
            Name = _reader.GetString(field.Name),
            Access = access,
            Type = field.DecodeSignature(TypeNameProvider.Instance, null),
            IsStatic = attributes.HasFlag(FieldAttributes.Static),
            IsReadOnly = attributes.HasFlag(FieldAttributes.InitOnly),
            IsConst = isConst,
            Value = isConst ? ReadConstant(field.GetDefaultValue()) : null,
        };
        surface.Attributes.AddRange(_attributes.Read(field.GetCustomAttributes()));
        return surface;
    }

    private object? ReadConstant(ConstantHandle handle)
    {
        var constant = _reader.GetConstant(handle);
        return _reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode);
    }

    private MethodSurface? ReadMethod(MethodDefinitionHandle handle)
    {
        var method = _reader.GetMethodDefinition(handle);
        string name = _reader.GetString(method.Name);
        if (AccessOf(method.Attributes) is not { } access || name == ".cctor")
        {
            return null;
        }

        MethodSurface surface = new MethodSurface
        {
            Name = name,
            Access = access,
            ReturnType = method.DecodeSignature(TypeNameProvider.Instance, null).ReturnType,
            Modifiers = name == MethodSurface.ConstructorName ? MethodModifiers.None : ModifiersOf(method.Attributes),
            Parameters = ReadParameters(method),
            TypeParameters = method.GetGenericParameters().Count,
        };
        surface.Attributes.AddRange(_attributes.Read(method.GetCustomAttributes()));
        return surface;
    }

    private static MethodModifiers ModifiersOf(MethodAttributes attributes)
    {
        bool isVirtual = attributes.HasFlag(MethodAttributes.Virtual);
        return new MethodModifiers(
            IsStatic: attributes.HasFlag(MethodAttributes.Static),
            IsVirtual: isVirtual,
            IsAbstract: attributes.HasFlag(MethodAttributes.Abstract),
            IsOverride: isVirtual && !attributes.HasFlag(MethodAttributes.NewSlot),
            IsSealed: attributes.HasFlag(MethodAttributes.Final));
    }

    private List<ParameterSurface> ReadParameters(MethodDefinition method)
    {
        var types = method.DecodeSignature(TypeNameProvider.Instance, null).ParameterTypes;
        ParameterSurface[] parameters = new ParameterSurface[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            parameters[i] = new ParameterSurface { Name = "arg" + i, Type = types[i] };
        }

        foreach (var handle in method.GetParameters())
        {
            var parameter = _reader.GetParameter(handle);
            if (parameter.SequenceNumber > 0)
            {
                parameters[parameter.SequenceNumber - 1] = ReadParameter(parameter, types[parameter.SequenceNumber - 1]);
            }
        }
        return [.. parameters];
    }

    private ParameterSurface ReadParameter(Parameter parameter, string type)
    {
        bool isByRef = type.StartsWith("ref ", StringComparison.Ordinal);
        bool hasDefault = !parameter.GetDefaultValue().IsNil;
        var customAttributes = parameter.GetCustomAttributes();
        ParameterSurface surface = new ParameterSurface
        {
            Name = _reader.GetString(parameter.Name),
            Type = isByRef ? type["ref ".Length..] : type,
            Passing = !isByRef ? Passing.Value
                : parameter.Attributes.HasFlag(ParameterAttributes.Out) ? Passing.Out
                : parameter.Attributes.HasFlag(ParameterAttributes.In) ? Passing.In : Passing.Ref,
            IsParams = _attributes.Has(customAttributes, "System.ParamArrayAttribute"),
            HasDefault = hasDefault,
            Default = hasDefault ? ReadConstant(parameter.GetDefaultValue()) : null,
        };
        surface.Attributes.AddRange(_attributes.Read(customAttributes));
        return surface;
    }

    private PropertySurface? ReadProperty(PropertyDefinitionHandle handle, HashSet<MethodDefinitionHandle> accessors)
    {
        var property = _reader.GetPropertyDefinition(handle);
        var pair = property.GetAccessors();
        var getter = ReadAccessor(pair.Getter, accessors);
        var setter = ReadAccessor(pair.Setter, accessors);
        var first = getter ?? setter;
        if (first is null)
        {
            return null;
        }

        if (getter is not null && setter is not null && getter.Modifiers != setter.Modifiers)
        {
            throw new NotSupportedException($"{first.Name}: accessors with different modifiers are not part of the surface format");
        }

        PropertySurface surface = new PropertySurface
        {
            Name = _reader.GetString(property.Name),
            Access = new[] { getter?.Access, setter?.Access }.Where(a => a is not null).Min()!.Value,
            Modifiers = first.Modifiers,
            Type = property.DecodeSignature(TypeNameProvider.Instance, null).ReturnType,
            Parameters = getter?.Parameters ?? first.Parameters[..^1],
            Getter = getter?.Access,
            Setter = setter?.Access,
        };
        surface.Attributes.AddRange(_attributes.Read(property.GetCustomAttributes()));
        return surface;
    }

    private EventSurface? ReadEvent(EventDefinitionHandle handle, HashSet<MethodDefinitionHandle> accessors)
    {
        var @event = _reader.GetEventDefinition(handle);
        var pair = @event.GetAccessors();
        var adder = ReadAccessor(pair.Adder, accessors);
        ReadAccessor(pair.Remover, accessors);
        if (adder is null)
        {
            return null;
        }

        EventSurface surface = new EventSurface
        {
            Name = _reader.GetString(@event.Name),
            Access = adder.Access,
            Modifiers = adder.Modifiers,
            Type = TypeNameProvider.NameOf(_reader, @event.Type),
        };
        surface.Attributes.AddRange(_attributes.Read(@event.GetCustomAttributes()));
        return surface;
    }

    private MethodSurface? ReadAccessor(MethodDefinitionHandle handle, HashSet<MethodDefinitionHandle> accessors)
    {
        if (handle.IsNil)
        {
            return null;
        }

        accessors.Add(handle);
        return ReadMethod(handle);
    }
}
