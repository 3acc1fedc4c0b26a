using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;

namespace NfDtls.Nano.Check.Model;

/// <summary>A method of an assembly under inspection.</summary>
internal sealed class CheckedMethod
{
    private readonly Lazy<Il.MethodBody?> _body;

    public CheckedMethod(CheckedType type, MethodDefinitionHandle handle)
    {
        Type = type;
        Handle = handle;
        Definition = type.Assembly.Reader.GetMethodDefinition(handle);
        Name = type.Assembly.Reader.GetString(Definition.Name);
        Signature = Definition.DecodeSignature(SignatureTypeProvider.Instance, null);
        _body = new Lazy<Il.MethodBody?>(() => Definition.RelativeVirtualAddress == 0 ? null
            : Il.MethodBody.Decode(type.Assembly.GetBody(Definition.RelativeVirtualAddress)));
    }

    public CheckedType Type { get; }

    public MethodDefinitionHandle Handle { get; }

    public MethodDefinition Definition { get; }

    public string Name { get; }

    public string FullName => Type.Name + "." + Name;

    public MethodSignature<SignatureType> Signature { get; }

    /// <summary>Null for abstract and extern methods.</summary>
    public Il.MethodBody? Body => _body.Value;

    public IReadOnlyList<Instruction> Instructions => Body?.Instructions ?? [];

    public bool IsStatic => Definition.Attributes.HasFlag(MethodAttributes.Static);

    public bool IsVirtual => Definition.Attributes.HasFlag(MethodAttributes.Virtual);

    public bool IsAbstract => Definition.Attributes.HasFlag(MethodAttributes.Abstract);

    public bool IsPlatformInvoke => Definition.Attributes.HasFlag(MethodAttributes.PinvokeImpl);

    /// <summary>Implemented by the runtime itself: the methods of a delegate.</summary>
    public bool IsRuntimeImplemented => (Definition.ImplAttributes & MethodImplAttributes.CodeTypeMask) == MethodImplAttributes.Runtime;

    public bool IsStaticConstructor => Name == ".cctor";

    /// <summary>Arguments on the stack, "this" included.</summary>
    public int ArgumentCount => Signature.ParameterTypes.Length + (Signature.Header.IsInstance ? 1 : 0);

    public ImmutableArray<SignatureType> Locals => Body is null || Body.Block.LocalSignature.IsNil ? []
        : Type.Assembly.Reader.GetStandaloneSignature(Body.Block.LocalSignature).DecodeLocalSignature(SignatureTypeProvider.Instance, null);
}
