using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Reference;

/// <summary>Builds the image of one reference assembly from its surface. Every body is "throw null".</summary>
internal sealed class ReferenceAssemblyBuilder
{
    private const string ReferenceAssemblyAttribute = "System.Runtime.CompilerServices.ReferenceAssemblyAttribute";
    private const string ExtensionAttribute = "System.Runtime.CompilerServices.ExtensionAttribute";

    private readonly AssemblySurface _assembly;
    private readonly MetadataBuilder _metadata = new();
    private readonly TypeHandles _types;
    private readonly SignatureWriter _signatures;
    private readonly AttributeWriter _attributes;
    private readonly BlobBuilder _il = new();
    private readonly ReservedBlob<GuidHandle> _moduleId;

    public ReferenceAssemblyBuilder(AssemblySurface assembly, SurfaceSet surfaces)
    {
        assembly.ExpectWritable();
        _assembly = assembly;
        _types = new TypeHandles(_metadata, assembly, surfaces);
        _signatures = new SignatureWriter(_metadata, _types);
        _attributes = new AttributeWriter(_metadata, _types, _signatures);
        _moduleId = _metadata.ReserveGuid();
    }

    public byte[] Build()
    {
        var types = _assembly.Types.OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        List<TypeSurface> embedded = EmbeddedAttributes.Of(types, ReferenceAssemblyAttribute, _types.IsKnown);
        var writer = new TypeWriter(_metadata, _types, _signatures, _attributes, AddThrowingBody());
        AddAssembly();
        _types.AddAssemblyReferences();
        writer.Write([.. embedded, .. types], isPublic: t => !embedded.Contains(t));
        _attributes.Write(EntityHandle.AssemblyDefinition, ReferenceAssemblyAttribute);
        if (types.Any(t => t.Attributes.Any(a => a.TypeName == ExtensionAttribute)))
        {
            _attributes.Write(EntityHandle.AssemblyDefinition, ExtensionAttribute);
        }

        return Serialize();
    }

    private void AddAssembly()
    {
        StringHandle name = _metadata.GetOrAddString(_assembly.Name);
        BlobHandle key = StrongName.KeyBlob(_metadata, _assembly.PublicKey);
        _metadata.AddAssembly(name, _assembly.Version, culture: default, key, key.IsNil ? default : AssemblyFlags.PublicKey, AssemblyHashAlgorithm.Sha1);
        _metadata.AddModule(0, _metadata.GetOrAddString(_assembly.Name + ".dll"), _moduleId.Handle, default, default);
    }

    private int AddThrowingBody()
    {
        var bodies = new MethodBodyStreamEncoder(_il);
        var code = new InstructionEncoder(new BlobBuilder());
        code.OpCode(ILOpCode.Ldnull);
        code.OpCode(ILOpCode.Throw);
        return bodies.AddMethodBody(code);
    }

    private byte[] Serialize()
    {
        bool isSigned = _assembly.PublicKey.Length > 0;
        var pe = new ManagedPEBuilder(
            new PEHeaderBuilder(imageCharacteristics: Characteristics.ExecutableImage | Characteristics.Dll),
            new MetadataRootBuilder(_metadata),
            _il,
            flags: CorFlags.ILOnly | (isSigned ? CorFlags.StrongNameSigned : 0),
            deterministicIdProvider: ContentId);
        var image = new BlobBuilder();
        BlobContentId contentId = pe.Serialize(image);
        _moduleId.CreateWriter().WriteGuid(contentId.Guid);
        return image.ToArray();
    }

    private static BlobContentId ContentId(IEnumerable<Blob> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Blob blob in content)
        {
            hash.AppendData(blob.GetBytes());
        }

        return BlobContentId.FromHash(hash.GetHashAndReset());
    }
}
