using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text;

namespace NfDtls.Tests.Engine;

/// <summary>
/// What objects would take of nanoCLR's 32-bit heap: 12 bytes an object and 12 a field, 20 an array and its content, in blocks of
/// 12. Goes from an object to all that it holds, but for what the application passes in: options, providers and their contexts,
/// suites, pools and packets.
/// </summary>
internal sealed class BoardSize
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly SortedDictionary<string, (int Count, int Bytes)> _byType = new(StringComparer.Ordinal);

    internal int Bytes { get; private set; }

    /// <summary>Leaves an object out.</summary>
    internal BoardSize Without(params object?[] objects)
    {
        foreach (object? one in objects)
        {
            if (one != null)
            {
                _seen.Add(one);
            }
        }

        return this;
    }

    internal BoardSize Add(object? root, string where = "")
    {
        if (root == null || IsOutside(root) || !_seen.Add(root))
        {
            return this;
        }

        Type type = root.GetType();
        if (root is Array array)
        {
            Type element = type.GetElementType()!;
            Count(type.Name + where, (20 + (array.Length * SizeOf(element)) + 11) / 12 * 12);
            if (!element.IsPrimitive)
            {
                foreach (object? one in array)
                {
                    Add(one);
                }
            }

            return this;
        }

        List<FieldInfo> fields = new();
        for (Type? level = type; level != null && level != typeof(object); level = level.BaseType)
        {
            fields.AddRange(level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        }

        Count(type.Name, 12 * (1 + fields.Count));
        foreach (FieldInfo field in fields)
        {
            if (!field.FieldType.IsPrimitive && !field.FieldType.IsEnum)
            {
                Add(field.GetValue(root), " of " + type.Name + "." + field.Name);
            }
        }

        return this;
    }

    /// <summary>What it is made of, a line for each type.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach ((string name, (int count, int bytes)) in _byType)
        {
            text.Append(count).Append(" x ").Append(name).Append(": ").Append(bytes).Append('\n');
        }

        return text.ToString();
    }

    private void Count(string what, int bytes)
    {
        Bytes += bytes;
        _byType.TryGetValue(what, out (int Count, int Bytes) before);
        _byType[what] = (before.Count + 1, before.Bytes + bytes);
    }

    private static int SizeOf(Type element)
    {
        return element == typeof(byte) || element == typeof(bool) ? 1 : element == typeof(ushort) || element == typeof(short) ? 2
            : element == typeof(long) || element == typeof(ulong) ? 8 : 4;
    }

    private static bool IsOutside(object one)
    {
        return one is string or Delegate or Type or CryptoProvider or EndpointOptions or CipherSuite or CipherSuiteTable or PacketPool or Packet
            or TraceSink or KeyLog or HashContext or HmacContext or AeadContext or CbcContext or MaskContext || one.GetType().IsPointer;
    }
}
