using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Reference;

/// <summary>Fills the metadata tables with the types of an assembly.</summary>
internal sealed class TypeWriter(MetadataBuilder metadata, TypeHandles types, SignatureWriter signatures, AttributeWriter attributes, int bodyOffset)
{
    private const int NoBody = -1;
    private readonly List<(EntityHandle Parent, List<AttributeSurface> Attributes)> _pendingAttributes = [];
    private readonly List<(EntityHandle Association, MethodSemanticsAttributes Kind, MethodDefinitionHandle Method)> _semantics = [];

    /// <summary>Types must come sorted by name, so that a nested type follows the one it is nested in.</summary>
    public void Write(IReadOnlyList<TypeSurface> all, Func<TypeSurface, bool> isPublic)
    {
        AddModuleType();
        for (int i = 0; i < all.Count; i++)
        {
            types.Define(all[i].Name, row: i + 2);
        }

        foreach (TypeSurface type in all)
        {
            WriteType(type, isPublic(type));
        }

        WriteSemantics();
        foreach ((EntityHandle parent, List<AttributeSurface>? list) in _pendingAttributes)
        {
            attributes.Write(parent, list);
        }
    }

    private void AddModuleType() => metadata.AddTypeDefinition(
        default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));

    private void WriteType(TypeSurface type, bool isPublic)
    {
        int nesting = type.Name.LastIndexOf('+');
        (string? space, string? name) = nesting < 0 ? TypeHandles.SplitName(type.Name) : ("", type.Name[(nesting + 1)..]);
        string? baseType = type.Kind == TypeKind.Enum ? "System.Enum" : type.Base;
        TypeDefinitionHandle handle = metadata.AddTypeDefinition(
            Flags(type, isPublic, isNested: nesting >= 0), metadata.GetOrAddString(space), metadata.GetOrAddString(name),
            baseType is null ? default : types.Handle(baseType), NextField, NextMethod);
        if (nesting >= 0)
        {
            metadata.AddNestedType(handle, (TypeDefinitionHandle)types.Handle(type.Name[..nesting]));
        }

        for (int i = 0; i < type.TypeParameters.Count; i++)
        {
            AddTypeParameter(handle, type.TypeParameters[i], i);
        }

        foreach (string implemented in type.Interfaces)
        {
            metadata.AddInterfaceImplementation(handle, types.Handle(implemented));
        }

        _pendingAttributes.Add((handle, type.Attributes));
        WriteFields(type);
        foreach (MethodSurface method in type.Methods)
        {
            WriteMethod(type, method, isAccessor: false);
        }

        WriteProperties(type, handle);
        WriteEvents(type, handle);
    }

    private FieldDefinitionHandle NextField => MetadataTokens.FieldDefinitionHandle(metadata.GetRowCount(TableIndex.Field) + 1);

    private MethodDefinitionHandle NextMethod => MetadataTokens.MethodDefinitionHandle(metadata.GetRowCount(TableIndex.MethodDef) + 1);

    private ParameterHandle NextParameter => MetadataTokens.ParameterHandle(metadata.GetRowCount(TableIndex.Param) + 1);

    private static TypeAttributes Flags(TypeSurface type, bool isPublic, bool isNested)
    {
        TypeAttributes flags = !isPublic ? TypeAttributes.NotPublic
            : !isNested ? TypeAttributes.Public
            : type.Access switch
            {
                Access.Public => TypeAttributes.NestedPublic,
                Access.Protected => TypeAttributes.NestedFamily,
                _ => TypeAttributes.NestedFamORAssem,
            };
        if (type.Kind == TypeKind.Interface)
        {
            flags |= TypeAttributes.Interface;
        }

        if (type.Kind == TypeKind.Struct)
        {
            flags |= TypeAttributes.SequentialLayout;
        }

        if (type.IsAbstract)
        {
            flags |= TypeAttributes.Abstract;
        }

        if (type.IsSealed)
        {
            flags |= TypeAttributes.Sealed;
        }

        return flags;
    }

    private void AddTypeParameter(TypeDefinitionHandle owner, TypeParameterSurface parameter, int index)
    {
        GenericParameterAttributes flags = parameter.Variance switch
        {
            Variance.In => GenericParameterAttributes.Contravariant,
            Variance.Out => GenericParameterAttributes.Covariant,
            _ => GenericParameterAttributes.None,
        };
        metadata.AddGenericParameter(owner, flags, metadata.GetOrAddString(parameter.Name), index);
    }

    private void WriteFields(TypeSurface type)
    {
        if (type.Kind == TypeKind.Enum)
        {
            AddField(FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName, "value__", type.Base!);
        }

        if (type.State != StructState.None)
        {
            AddField(FieldAttributes.Private, "state", type.State == StructState.References ? "object" : "int");
        }

        foreach (FieldSurface field in type.Fields)
        {
            FieldDefinitionHandle handle = AddField(Flags(field), field.Name, field.Type);
            if (field.IsConst)
            {
                metadata.AddConstant(handle, field.Value);
            }

            _pendingAttributes.Add((handle, field.Attributes));
        }
    }

    private FieldDefinitionHandle AddField(FieldAttributes flags, string name, string type)
        => metadata.AddFieldDefinition(flags, metadata.GetOrAddString(name), signatures.Field(type));

    private static FieldAttributes Flags(FieldSurface field)
    {
        FieldAttributes flags = field.Access switch
        {
            Access.Public => FieldAttributes.Public,
            Access.Protected => FieldAttributes.Family,
            _ => FieldAttributes.FamORAssem,
        };
        if (field.IsStatic)
        {
            flags |= FieldAttributes.Static;
        }

        if (field.IsReadOnly)
        {
            flags |= FieldAttributes.InitOnly;
        }

        if (field.IsConst)
        {
            flags |= FieldAttributes.Literal | FieldAttributes.HasDefault;
        }

        return flags;
    }

    private MethodDefinitionHandle WriteMethod(TypeSurface type, MethodSurface method, bool isAccessor)
    {
        bool isRuntime = type.Kind == TypeKind.Delegate;
        MethodDefinitionHandle handle = metadata.AddMethodDefinition(
            Flags(method, isAccessor), isRuntime ? MethodImplAttributes.Runtime : MethodImplAttributes.IL,
            metadata.GetOrAddString(method.Name), signatures.Method(method),
            isRuntime || method.Modifiers.IsAbstract ? NoBody : bodyOffset, NextParameter);
        for (int i = 0; i < method.Parameters.Count; i++)
        {
            WriteParameter(method.Parameters[i], i + 1);
        }

        _pendingAttributes.Add((handle, method.Attributes));
        if (method.IsConstructor)
        {
            attributes.DefineConstructor(method, type.Name, handle);
        }

        return handle;
    }

    private static MethodAttributes Flags(MethodSurface method, bool isAccessor)
    {
        MethodAttributes flags = MethodAttributes.HideBySig | method.Access switch
        {
            Access.Public => MethodAttributes.Public,
            Access.Protected => MethodAttributes.Family,
            _ => MethodAttributes.FamORAssem,
        };
        MethodModifiers modifiers = method.Modifiers;
        if (modifiers.IsStatic)
        {
            flags |= MethodAttributes.Static;
        }

        if (modifiers.IsVirtual)
        {
            flags |= MethodAttributes.Virtual;
        }

        if (modifiers is { IsVirtual: true, IsOverride: false })
        {
            flags |= MethodAttributes.NewSlot;
        }

        if (modifiers.IsAbstract)
        {
            flags |= MethodAttributes.Abstract;
        }

        if (modifiers.IsSealed)
        {
            flags |= MethodAttributes.Final;
        }

        if (method.IsConstructor)
        {
            flags |= MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        }

        if (isAccessor || method.Name.StartsWith("op_", StringComparison.Ordinal))
        {
            flags |= MethodAttributes.SpecialName;
        }

        return flags;
    }

    private void WriteParameter(ParameterSurface parameter, int sequenceNumber)
    {
        ParameterAttributes flags = parameter.Passing switch
        {
            Passing.Out => ParameterAttributes.Out,
            Passing.In => ParameterAttributes.In,
            _ => ParameterAttributes.None,
        };
        if (parameter.HasDefault)
        {
            flags |= ParameterAttributes.Optional | ParameterAttributes.HasDefault;
        }

        ParameterHandle handle = metadata.AddParameter(flags, metadata.GetOrAddString(parameter.Name), sequenceNumber);
        if (parameter.HasDefault)
        {
            metadata.AddConstant(handle, parameter.Default);
        }

        List<AttributeSurface> list = [.. parameter.Attributes];
        if (parameter.IsParams)
        {
            list.Add(new AttributeSurface { TypeName = "System.ParamArrayAttribute" });
        }

        _pendingAttributes.Add((handle, list));
    }

    private void WriteProperties(TypeSurface type, TypeDefinitionHandle owner)
    {
        for (int i = 0; i < type.Properties.Count; i++)
        {
            PropertySurface property = type.Properties[i];
            PropertyDefinitionHandle handle = metadata.AddProperty(default, metadata.GetOrAddString(property.Name), signatures.Property(property));
            if (i == 0)
            {
                metadata.AddPropertyMap(owner, handle);
            }

            if (property.Getter is not null)
            {
                AddAccessor(handle, MethodSemanticsAttributes.Getter, type, AccessorMethods.Getter(property));
            }

            if (property.Setter is not null)
            {
                AddAccessor(handle, MethodSemanticsAttributes.Setter, type, AccessorMethods.Setter(property));
            }

            _pendingAttributes.Add((handle, property.Attributes));
        }
    }

    private void WriteEvents(TypeSurface type, TypeDefinitionHandle owner)
    {
        for (int i = 0; i < type.Events.Count; i++)
        {
            EventSurface @event = type.Events[i];
            EventDefinitionHandle handle = metadata.AddEvent(default, metadata.GetOrAddString(@event.Name), types.Handle(@event.Type));
            if (i == 0)
            {
                metadata.AddEventMap(owner, handle);
            }

            AddAccessor(handle, MethodSemanticsAttributes.Adder, type, AccessorMethods.Adder(@event));
            AddAccessor(handle, MethodSemanticsAttributes.Remover, type, AccessorMethods.Remover(@event));
            _pendingAttributes.Add((handle, @event.Attributes));
        }
    }

    private void AddAccessor(EntityHandle association, MethodSemanticsAttributes kind, TypeSurface type, MethodSurface method)
        => _semantics.Add((association, kind, WriteMethod(type, method, isAccessor: true)));

    /// <summary>The table must be sorted by the coded index of the property or event.</summary>
    private void WriteSemantics()
    {
        foreach ((EntityHandle association, MethodSemanticsAttributes kind, MethodDefinitionHandle method) in _semantics.OrderBy(s => CodedIndex.HasSemantics(s.Association)))
        {
            metadata.AddMethodSemantics(association, kind, method);
        }
    }
}
