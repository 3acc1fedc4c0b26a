using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NfDtls.Analyzers;

/// <summary>What an operation is about, by names: the assemblies for boards and for .NET have the same.</summary>
internal static class Symbols
{
    /// <summary>Whether a type, or one that it is derived from, has this full name.</summary>
    public static bool Is(this ITypeSymbol? type, params string[] names)
    {
        for (ITypeSymbol? one = type; one != null; one = one.BaseType)
        {
            if (names.Contains(one.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What stands behind conversions.</summary>
    public static IOperation Bare(this IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        return operation;
    }

    /// <summary>The body of the member or the program that an operation stands in.</summary>
    public static IOperation Body(this IOperation operation)
    {
        while (operation.Parent != null)
        {
            operation = operation.Parent;
        }

        return operation;
    }

    /// <summary>The local variable that an operation reads or writes, or null.</summary>
    public static ILocalSymbol? Local(this IOperation? operation)
    {
        return (operation?.Bare() as ILocalReferenceOperation)?.Local;
    }

    /// <summary>Every place in a body that names a local variable.</summary>
    public static ILocalReferenceOperation[] PlacesOf(this IOperation body, ILocalSymbol local)
    {
        return body.Descendants().OfType<ILocalReferenceOperation>().Where(place => SymbolEqualityComparer.Default.Equals(place.Local, local)).ToArray();
    }

    /// <summary>The assignment, the increment or the call that writes what an operation names, be it alone or in a tuple; or null.</summary>
    public static IOperation? Change(this IOperation place)
    {
        IOperation used = place;
        while (used.Parent is ITupleOperation or IConversionOperation)
        {
            used = used.Parent;
        }

        return used.Parent switch
        {
            IAssignmentOperation assignment when assignment.Target == used || assignment is ISimpleAssignmentOperation { IsRef: true } => assignment,
            IIncrementOrDecrementOperation or IAddressOfOperation => used.Parent,
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => argument,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.RefKind: RefKind.Ref } declarator } => declarator,
            _ => null,
        };
    }

    /// <summary>What a local variable is declared with, or null.</summary>
    public static IOperation? Initial(this IOperation body, ILocalSymbol local)
    {
        return body.Descendants().OfType<IVariableDeclaratorOperation>().FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Symbol, local))?.GetVariableInitializer()?.Value.Bare();
    }
}
