using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NfDtls.Tests.Projects.Architecture;

/// <summary>
/// Which room uses which other, read from the compiled assemblies of a house, each of which may use those below it. A type's room
/// is the folder of its source, as its symbols tell; what stands in the project's own folder is in the room <see cref="Root"/>.
/// </summary>
internal sealed class RoomGraph
{
    internal const string Root = "(root)";

    private readonly SortedDictionary<string, SortedSet<string>> _reasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _roomsBelow = new(StringComparer.Ordinal);
    private readonly Dictionary<TypeDefinitionHandle, string> _rooms = new();
    private MetadataReader _metadata = null!;
    private PEReader _image = null!;

    /// <summary>"A -> B" for each room A that uses B, with the types that do.</summary>
    internal IReadOnlyDictionary<string, SortedSet<string>> Arrows
    {
        get { return _reasons; }
    }

    /// <param name="folder">Where each has its .dll and its .pdb.</param>
    /// <param name="projects">The assemblies, the lowest first; each has the name of its project's folder.</param>
    internal static RoomGraph Read(string folder, params string[] projects)
    {
        RoomGraph graph = new();
        foreach (string project in projects)
        {
            string assembly = Path.Combine(folder, project + ".dll");
            using PEReader image = new PEReader(File.OpenRead(assembly));
            using MetadataReaderProvider symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
            graph.Add(image, symbols.GetMetadataReader(), project);
        }

        return graph;
    }

    private void Add(PEReader image, MetadataReader symbols, string project)
    {
        _rooms.Clear();
        _image = image;
        _metadata = image.GetMetadataReader();
        FindRooms(symbols, project);
        foreach (TypeDefinitionHandle type in _metadata.TypeDefinitions)
        {
            Walk(type);
        }

        foreach ((TypeDefinitionHandle type, string room) in _rooms)
        {
            _roomsBelow[_metadata.GetString(_metadata.GetTypeDefinition(type).Name)] = room;
        }
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
            if (_rooms.TryGetValue(other, out string? to))
            {
                Draw(handle, _metadata.GetString(_metadata.GetTypeDefinition(other).Name), to);
            }
        }

        foreach (string other in used.Others)
        {
            if (_roomsBelow.TryGetValue(other, out string? to))
            {
                Draw(handle, other, to);
            }
        }
    }

    private void Draw(TypeDefinitionHandle user, string used, string to)
    {
        if (!_rooms.TryGetValue(user, out string? from) || from == to)
        {
            return;
        }

        string arrow = from + " -> " + to;
        if (!_reasons.TryGetValue(arrow, out SortedSet<string>? reasons))
        {
            _reasons[arrow] = reasons = new SortedSet<string>(StringComparer.Ordinal);
        }

        reasons.Add(_metadata.GetString(_metadata.GetTypeDefinition(user).Name) + " uses " + used);
    }
}
