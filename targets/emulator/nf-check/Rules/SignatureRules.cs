using System.Reflection.Metadata;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF101-NF104: types that the runtime cannot represent, wherever they stand. Generic ones it can from version 2 on.</summary>
internal sealed class SignatureRules(CoreLibrary version) : Rule
{
    private const string InitOnly = "System.Runtime.CompilerServices.IsExternalInit";
    private const string Volatile = "System.Runtime.CompilerServices.IsVolatile";

    public override void Check(CheckedType type, Findings findings)
    {
        if (version == CoreLibrary.One && type.Definition.GetGenericParameters().Count > 0)
        {
            findings.Error("NF101", Place.Of(type), "a generic type: the program does not start; write it for object, or once for each type");
        }

        foreach (TypeUse use in TypeUse.Of(type))
        {
            CheckUse(use, findings);
        }
    }

    public override void Check(CheckedMethod method, Findings findings)
    {
        if (version == CoreLibrary.One && method.Definition.GetGenericParameters().Count > 0)
        {
            findings.Error("NF101", Place.Of(method), "a generic method: calls of it compute nonsense; write it for object, or once for each type");
        }

        foreach (TypeUse use in TypeUse.Of(method))
        {
            CheckUse(use, findings);
        }
    }

    private void CheckUse(TypeUse use, Findings findings)
    {
        (Place? place, string? role, SignatureType? type) = use;
        if (version == CoreLibrary.One && type.Has(TypeTraits.Generic))
        {
            findings.Error("NF101", place,
                $"{role} {type.Name} is generic: the program does not start, or computes nonsense; declare a delegate, class or overload of its own");
        }

        if (type.Has(TypeTraits.MultiDimensional))
        {
            findings.Error("NF102", place,
                $"{role} {type.Name} has more than one dimension: the program does not start; use an array of arrays, or index [row * width + column]");
        }

        if (type.Has(TypeTraits.Pointer | TypeTraits.FunctionPointer))
        {
            findings.Error("NF103", place,
                $"{role} {type.Name} is a pointer: there is no unsafe code on the device; pass the array with an offset, or a delegate");
        }

        if (type.Has(TypeTraits.Modified) && type.Modifier != InitOnly)
        {
            findings.Error("NF104", place, Modified(role, type));
        }
    }

    private static string Modified(string role, SignatureType type) => type.Modifier == Volatile
        ? $"{role} of type {type.Name} is volatile: the metadata processor loses its type; use Interlocked, or a lock"
        : $"{role} of type {type.Name} carries the modifier {type.Modifier}: the metadata processor loses its type; "
            + "on a virtual method pass by value or ref instead of in";
}
