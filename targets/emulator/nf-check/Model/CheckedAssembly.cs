using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NfDtls.Nano.Check.Model;

/// <summary>An assembly under inspection.</summary>
internal sealed class CheckedAssembly : IDisposable
{
    private readonly PEReader _image;

    private CheckedAssembly(string path, PEReader image, bool isNative)
    {
        Path = path;
        _image = image;
        Reader = image.GetMetadataReader();
        Name = Reader.GetString(Reader.GetAssemblyDefinition().Name);
        IsNative = isNative;
        foreach (TypeDefinitionHandle handle in Reader.TypeDefinitions)
        {
            if (Reader.GetString(Reader.GetTypeDefinition(handle).Name) != "<Module>")
            {
                Types.Add(new CheckedType(this, handle));
            }
        }
    }

    public string Path { get; }

    public string Name { get; }

    public Version Version => Reader.GetAssemblyDefinition().Version;

    /// <summary>Whether its methods may be implemented in the firmware.</summary>
    public bool IsNative { get; }

    public MetadataReader Reader { get; }

    public List<CheckedType> Types { get; } = [];

    public IEnumerable<CheckedMethod> Methods => Types.SelectMany(t => t.Methods);

    public static CheckedAssembly Open(string path, bool isNative)
    {
        var image = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        if (!image.HasMetadata)
        {
            throw new BadImageFormatException($"{path} is not a managed assembly");
        }

        return new CheckedAssembly(path, image, isNative);
    }

    public MethodBodyBlock GetBody(int relativeVirtualAddress) => _image.GetMethodBody(relativeVirtualAddress);

    /// <summary>The initial bytes of a field that has data in the image.</summary>
    public byte[] GetInitialData(FieldDefinition field, int size)
        => _image.GetSectionData(field.GetRelativeVirtualAddress()).GetContent(0, size).ToArray();

    public void Dispose() => _image.Dispose();
}
