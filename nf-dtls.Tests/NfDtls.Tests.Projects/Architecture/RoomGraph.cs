using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NfDtls.Tests.Projects.Architecture;

/// <summary>
/// Which room of an assembly uses which other, read from the compiled assembly. A type's room is the folder of its source, as
/// its symbols tell; what stands in the project's own folder is in the room <see cref="Root"/>.
/// </summary>
internal sealed class RoomGraph
{
    internal const string Root = "(root)";

    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly Dictionary<TypeDefinitionHandle, string> _rooms = new();
    private readonly SortedDictionary<string, SortedSet<string>> _reasons = new(StringComparer.Ordinal);

    private RoomGraph(PEReader image, MetadataReader symbols, string project)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
        FindRooms(symbols, project);
        foreach (TypeDefinitionHandle type in _metadata.TypeDefinitions)
        {
            Walk(type);
        }
    }

    /// <summary>"A -> B" for each room A that uses B, with the types that do.</summary>
    internal IReadOnlyDictionary<string, SortedSet<string>> Arrows
    {
        get { return _reasons; }
    }

    internal IEnumerable<string> Rooms
    {
        get { return _rooms.Values.Distinct().OrderBy(room => room, StringComparer.Ordinal); }
    }

    /// <param name="assembly">Path of a .dll with its .pdb beside it.</param>
    /// <param name="project">Name of the project's folder.</param>
    internal static RoomGraph Read(string assembly, string project)
    {
        using PEReader image = new PEReader(File.OpenRead(assembly));
        using MetadataReaderProvider symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        return new RoomGraph(image, symbols.GetMetadataReader(), project);
    }

    /// <summary>A way from a room back to itself, or null.</summary>
    internal string? FindCircle()
    {
        Dictionary<string, string[]> next = _reasons.Keys.Select(arrow => arrow.Split(" -> ")).GroupBy(pair => pair[0], pair => pair[1])
            .ToDictionary(group => group.Key, group => group.ToArray());
        HashSet<string> done = new();
        foreach (string start in next.Keys)
        {
            string? circle = FindCircle(start, next, new List<string>(), done);
            if (circle != null)
            {
                return circle;
            }
        }

        return null;
    }

    private static string? FindCircle(string room, Dictionary<string, string[]> next, List<string> way, HashSet<string> done)
    {
        int seen = way.IndexOf(room);
        if (seen >= 0)
        {
            return string.Join(" -> ", way.Skip(seen).Append(room));
        }

        if (!done.Add(room) || !next.TryGetValue(room, out string[]? followers))
        {
            return null;
        }

        way.Add(room);
        string? circle = followers.Select(follower => FindCircle(follower, next, way, done)).FirstOrDefault(found => found != null);
        way.RemoveAt(way.Count - 1);
        return circle;
    }

    private void FindRooms(MetadataReader symbols, string project)
    {
        foreach (TypeDefinitionHandle type in _metadata.TypeDefinitions)
        {
            string? path = PathOf(symbols, type);
            if (path != null)
            {
                string[] parts = path.Replace('\\', '/').Split('/');
                int at = Array.LastIndexOf(parts, project);
                _rooms[type] = at >= 0 && at + 2 < parts.Length ? parts[at + 1] : Root;
            }
        }
    }

    private string? PathOf(MetadataReader symbols, TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        if (type.GetDeclaringType() is { IsNil: false } outer)
        {
            return PathOf(symbols, outer);
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            MethodDebugInformation information = symbols.GetMethodDebugInformation(method);
            if (!information.Document.IsNil)
            {
                return symbols.GetString(symbols.GetDocument(information.Document).Name);
            }

            if (!information.SequencePointsBlob.IsNil)
            {
                return symbols.GetString(symbols.GetDocument(information.GetSequencePoints().First().Document).Name);
            }
        }

        // Types without code of their own: the compiler says where they stand in a record of the symbols.
        Guid typeDocuments = new Guid("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");
        foreach (CustomDebugInformationHandle handleOfMore in symbols.GetCustomDebugInformation(handle))
        {
            CustomDebugInformation more = symbols.GetCustomDebugInformation(handleOfMore);
            if (symbols.GetGuid(more.Kind) == typeDocuments)
            {
                int row = symbols.GetBlobReader(more.Value).ReadCompressedInteger();
                return symbols.GetString(symbols.GetDocument(System.Reflection.Metadata.Ecma335.MetadataTokens.DocumentHandle(row)).Name);
            }
        }

        return null;
    }

    private void Walk(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        UsedTypes used = new UsedTypes(_metadata);
        used.Add(type.BaseType);
        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
        {
            used.Add(_metadata.GetInterfaceImplementation(implemented).Interface);
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            _metadata.GetFieldDefinition(field).DecodeSignature(used, null);
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            MethodDefinition definition = _metadata.GetMethodDefinition(method);
            definition.DecodeSignature(used, null);
            if (definition.RelativeVirtualAddress != 0)
            {
                used.AddBody(_image.GetMethodBody(definition.RelativeVirtualAddress));
            }
        }

        foreach (TypeDefinitionHandle other in used.Types)
        {
            if (_rooms.TryGetValue(handle, out string? from) && _rooms.TryGetValue(other, out string? to) && from != to)
            {
                string arrow = from + " -> " + to;
                if (!_reasons.TryGetValue(arrow, out SortedSet<string>? reasons))
                {
                    _reasons[arrow] = reasons = new SortedSet<string>(StringComparer.Ordinal);
                }

                reasons.Add(_metadata.GetString(type.Name) + " uses " + _metadata.GetString(_metadata.GetTypeDefinition(other).Name));
            }
        }
    }
}
