using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace NfDtls.Tests.Projects.Architecture;

/// <summary>Collects the types of an assembly that signatures and method bodies name.</summary>
internal sealed class UsedTypes : ISignatureTypeProvider<bool, object?>
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    private readonly MetadataReader _metadata;

    internal UsedTypes(MetadataReader metadata)
    {
        _metadata = metadata;
    }

    internal HashSet<TypeDefinitionHandle> Types { get; } = new();

    internal void Add(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Types.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                break;
            case HandleKind.MethodDefinition:
                Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                Add(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
                break;
            default:
                break;
        }
    }

    internal void AddBody(MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null);
        }

        BlobReader il = body.GetILReader();
        while (il.RemainingBytes > 0)
        {
            int first = il.ReadByte();
            OpCode code = Codes[first == 0xFE ? 0xFE00 | il.ReadByte() : first];
            switch (code.OperandType)
            {
                case OperandType.InlineField:
                case OperandType.InlineMethod:
                case OperandType.InlineTok:
                case OperandType.InlineType:
                    Add(MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8:
                case OperandType.InlineR:
                    il.Offset += 8;
                    break;
                case OperandType.InlineVar:
                    il.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget:
                case OperandType.ShortInlineI:
                case OperandType.ShortInlineVar:
                    il.Offset += 1;
                    break;
                case OperandType.InlineNone:
                    break;
                default:
                    il.Offset += 4;
                    break;
            }
        }
    }

    public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        Types.Add(handle);
        return true;
    }

    public bool GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
    {
        Add(handle);
        return true;
    }

    public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        return true;
    }

    public bool GetArrayType(bool elementType, ArrayShape shape)
    {
        return true;
    }

    public bool GetByReferenceType(bool elementType)
    {
        return true;
    }

    public bool GetFunctionPointerType(MethodSignature<bool> signature)
    {
        return true;
    }

    public bool GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments)
    {
        return true;
    }

    public bool GetGenericMethodParameter(object? genericContext, int index)
    {
        return true;
    }

    public bool GetGenericTypeParameter(object? genericContext, int index)
    {
        return true;
    }

    public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired)
    {
        return true;
    }

    public bool GetPinnedType(bool elementType)
    {
        return true;
    }

    public bool GetPointerType(bool elementType)
    {
        return true;
    }

    public bool GetPrimitiveType(PrimitiveTypeCode typeCode)
    {
        return true;
    }

    public bool GetSZArrayType(bool elementType)
    {
        return true;
    }
}
