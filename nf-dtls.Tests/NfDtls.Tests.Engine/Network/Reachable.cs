using System;
using System.Collections.Generic;
using System.Reflection;

namespace NfDtls.Tests.Engine;

/// <summary>What an engine still holds: every array of bytes that can be reached from it, but for its options and its provider.</summary>
internal static class Reachable
{
    private const int ShortestSecret = 12;

    /// <summary>The place of a secret among what can be reached, or null.</summary>
    internal static string? Find(object root, IEnumerable<byte[]> secrets)
    {
        List<byte[]> wanted = new();
        foreach (byte[] secret in secrets)
        {
            if (secret.Length >= ShortestSecret && secret.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
            {
                wanted.Add(secret);
            }
        }

        HashSet<object> seen = new(ReferenceEqualityComparer.Instance) { root };
        Queue<(object Owner, string Path)> open = new();
        open.Enqueue((root, root.GetType().Name));
        while (open.Count > 0)
        {
            (object owner, string path) = open.Dequeue();
            for (Type? type = owner.GetType(); type != null && type != typeof(object); type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    object? value = field.FieldType.IsPrimitive ? null : field.GetValue(owner);
                    if (value is byte[] or byte[][])
                    {
                        foreach (byte[] bytes in value as byte[][] ?? [(byte[])value])
                        {
                            if (bytes != null && wanted.Exists(secret => bytes.AsSpan().IndexOf(secret) >= 0))
                            {
                                return path + "." + field.Name;
                            }
                        }
                    }
                    else if (value is object[] objects)
                    {
                        foreach (object? element in objects)
                        {
                            Add(element, path + "." + field.Name + "[]");
                        }
                    }
                    else
                    {
                        Add(value, path + "." + field.Name);
                    }
                }
            }
        }

        return null;

        void Add(object? value, string path)
        {
            if (value != null && IsOurs(value.GetType()) && seen.Add(value))
            {
                open.Enqueue((value, path));
            }
        }
    }

    private static bool IsOurs(Type type)
    {
        return type.Namespace != null && type.Namespace.StartsWith("NfDtls", StringComparison.Ordinal) && !type.Namespace.StartsWith("NfDtls.Tests", StringComparison.Ordinal)
            && !typeof(CryptoProvider).IsAssignableFrom(type) && type != typeof(DtlsOptions);
    }
}
