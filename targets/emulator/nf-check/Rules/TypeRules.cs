using System.Reflection;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF111-NF114: kinds of types.</summary>
internal sealed class TypeRules : Rule
{
    private const string FixedBufferSuffix = "e__FixedBuffer";

    public override void Check(CheckedType type, Findings findings)
    {
        if (type.IsCompilerData)
        {
            return;
        }

        if (type.IsInterface)
        {
            CheckInterface(type, findings);
        }

        if (type.IsStruct)
        {
            CheckStruct(type, findings);
        }
    }

    private static void CheckInterface(CheckedType type, Findings findings)
    {
        foreach (CheckedMethod method in type.Methods)
        {
            if (method.IsStatic && method.IsVirtual)
            {
                findings.Error("NF112", Place.Of(method),
                    "a static abstract or virtual member: the runtime does not dispatch it; use an instance of a small class");
            }
            else if (!method.IsAbstract)
            {
                findings.Error("NF111", Place.Of(method),
                    "an interface member with a body: calling it throws; use an abstract class or an extension method");
            }
        }
    }

    private static void CheckStruct(CheckedType type, Findings findings)
    {
        // What stands for an array's values: the compiler's, under another name once it has been linked.
        if (type.Fields.Count == 0 && type.Methods.Count == 0)
        {
            return;
        }

        var place = Place.Of(type);
        if (type.Name.EndsWith(FixedBufferSuffix, StringComparison.Ordinal))
        {
            findings.Error("NF113", place, "a fixed-size buffer: using it throws; use an array");
        }
        else if ((type.Definition.Attributes & TypeAttributes.LayoutMask) == TypeAttributes.ExplicitLayout)
        {
            findings.Error("NF113", place,
                "explicit layout: the runtime ignores it, so that fields do not overlap; use BitConverter or shifts");
        }
        else if (type.Name.Contains("<>c__DisplayClass", StringComparison.Ordinal))
        {
            findings.Warning("NF114", place,
                "a local function captures variables: they move to a struct on the heap, each call allocates; pass them as parameters (static local function)");
        }
        else
        {
            findings.Warning("NF114", place,
                "a struct lives on the heap: each local, each copy and each call allocates; use a class, or separate variables");
        }
    }
}
