using System;
using System.Collections.Generic;
using System.IO;
using Mono.Cecil;
using NfDtls.Nano.Link.Names;

namespace NfDtls.Ops;

/// <summary>What methods are called in a bill, Assembly: Type.Method, those of a linked program as well.</summary>
internal sealed class MethodNames
{
    private readonly NameMap? _map;
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    /// <param name="map">The linked program's names; null: methods have their own.</param>
    internal MethodNames(NameMap? map)
    {
        _map = map;
        if (map == null)
        {
            return;
        }

        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "NfDtls*.dll"))
        {
            using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(file);
            foreach (TypeDefinition type in assembly.MainModule.GetTypes())
            {
                _types.TryAdd(type.FullName.Replace('/', '.'), $"{assembly.Name.Name}: {NameOf(type)}.");
            }
        }
    }

    internal string Of(MethodDefinition method)
    {
        if (_map == null)
        {
            return $"{method.Module.Assembly.Name.Name}: {NameOf(method.DeclaringType)}.{method.Name}";
        }

        string full = _map.Explain($"{method.DeclaringType.FullName}::{method.Name}");
        int middle = full.IndexOf("::", StringComparison.Ordinal);
        int end = full.IndexOf('(', middle);
        return _types[full[..middle]] + full[(middle + 2)..(end < 0 ? full.Length : end)];
    }

    private static string NameOf(TypeDefinition type)
    {
        return type.DeclaringType == null ? type.Name : NameOf(type.DeclaringType) + "." + type.Name;
    }
}
