using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NfDtls.Analyzers;

/// <summary>
/// NFD003 and NFD005: options in a local variable that are changed after something was made of them, and options that lack what is
/// required. Options that another method has seen, or a lambda, are left alone.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptionsAnalyzer : DiagnosticAnalyzer
{
    private const string OfEngines = "NfDtls.DtlsOptions";
    private const string OfClient = "NfDtls.Net.DtlsClientOptions";
    private const string OfListener = "NfDtls.Net.DtlsListenerOptions";

    // Whose constructors, and which methods, read options.
    private static readonly string[] s_made = ["NfDtls.Sockets.DtlsClient", "NfDtls.Sockets.DtlsServer", "NfDtls.DtlsClientEngine", "NfDtls.DtlsServerEngine", "NfDtls.Server.DtlsServerEngine"];
    private static readonly string[] s_methods = ["ConnectAsync", "ListenAsync"];

    // Presets: options that somebody else made, with nothing of what is required.
    private static readonly string[] s_presets = ["Iot", "Gateway"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.OptionsChanged, Rules.OptionMissing];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(OnArgument, OperationKind.Argument);
    }

    private static void OnArgument(OperationAnalysisContext context)
    {
        IArgumentOperation argument = (IArgumentOperation)context.Operation;
        IOperation given = argument.Value.Bare();
        string[] required = RequiredOf(given.Type);
        if (required.Length == 0 || !Reads(argument))
        {
            return;
        }

        if (given is ILocalReferenceOperation local)
        {
            OnLocal(context, argument, local, required);
        }
        else if (given is IObjectCreationOperation made)
        {
            Report(context, argument, "The object", required.Except(SetIn(made)));
        }
    }

    private static void OnLocal(OperationAnalysisContext context, IArgumentOperation argument, ILocalReferenceOperation local, string[] required)
    {
        IOperation body = argument.Body();
        ILocalReferenceOperation[] places = body.PlacesOf(local.Local);
        if (places.Any(place => !IsPlain(place)))
        {
            return;
        }

        foreach (IOperation change in ChangesBehind(argument, local.Local))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.OptionsChanged, change.Syntax.GetLocation(), local.Local.Name));
        }

        IEnumerable<string>? set = body.Initial(local.Local) switch
        {
            IObjectCreationOperation made => SetIn(made),
            IInvocationOperation call when s_presets.Contains(call.TargetMethod.Name) && call.TargetMethod.ContainingType.Is(OfEngines) => [],
            _ => null,
        };
        if (set != null)
        {
            Report(context, argument, local.Local.Name, required.Except(set).Except(places.Select(SetBy).OfType<string>()));
        }
    }

    private static void Report(OperationAnalysisContext context, IArgumentOperation argument, string name, IEnumerable<string> missing)
    {
        string names = string.Join(" and ", missing);
        if (names.Length > 0)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.OptionMissing, argument.Syntax.GetLocation(), name, names));
        }
    }

    private static string[] RequiredOf(ITypeSymbol? type)
    {
        return type.Is(OfEngines) ? ["Crypto", "Suites"] : type.Is(OfClient) ? ["RemoteEndPoint"] : type.Is(OfListener) ? ["ListenEndPoint"] : [];
    }

    /// <summary>Whether the call that an argument belongs to reads options.</summary>
    private static bool Reads(IArgumentOperation argument)
    {
        return argument.Parent switch
        {
            IObjectCreationOperation made => made.Type.Is(s_made),
            IInvocationOperation call => s_methods.Contains(call.TargetMethod.Name) && call.TargetMethod.ContainingNamespace.ToDisplayString() == "NfDtls.Net",
            _ => false,
        };
    }

    /// <summary>Whether a place only sets or reads a property of the options, or gives them to what reads them.</summary>
    private static bool IsPlain(ILocalReferenceOperation place)
    {
        for (IOperation? one = place.Parent; one != null; one = one.Parent)
        {
            if (one is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return false;
            }
        }

        return place.Parent is IPropertyReferenceOperation || (place.Parent is IArgumentOperation argument && Reads(argument));
    }

    private static string? SetBy(ILocalReferenceOperation place)
    {
        return place.Parent is IPropertyReferenceOperation property && property.Change() != null ? property.Property.Name : null;
    }

    private static IEnumerable<string> SetIn(IObjectCreationOperation made)
    {
        return made.Initializer == null ? [] : made.Initializer.Initializers.OfType<ISimpleAssignmentOperation>()
            .Select(assignment => assignment.Target).OfType<IPropertyReferenceOperation>().Select(property => property.Property.Name);
    }

    /// <summary>Where the statements behind a call, in its own block, set properties of the options.</summary>
    private static IEnumerable<IOperation> ChangesBehind(IArgumentOperation argument, ILocalSymbol local)
    {
        IOperation statement = argument;
        while (statement.Parent is { } parent and not IBlockOperation)
        {
            statement = parent;
        }

        if (statement.Parent is not IBlockOperation block)
        {
            return [];
        }

        IOperation[] behind = block.Operations.SkipWhile(one => one != statement).Skip(1).ToArray();

        // Options for another one, which begins anew with them: .NET's read theirs when they begin.
        if (!local.Type.Is(OfEngines) && (IsRepeated(argument, local) || behind.SelectMany(one => one.DescendantsAndSelf()).OfType<IArgumentOperation>().Any(other => Reads(other) && SymbolEqualityComparer.Default.Equals(other.Value.Local(), local))))
        {
            return [];
        }

        return behind.SelectMany(one => one.PlacesOf(local)).Where(place => place.Parent is IPropertyReferenceOperation).Select(place => place.Parent!.Change()).OfType<IOperation>().Distinct();
    }

    /// <summary>Whether a loop comes back to a place with the same variable, which is declared outside of it.</summary>
    private static bool IsRepeated(IOperation place, ILocalSymbol local)
    {
        for (IOperation? one = place.Parent; one != null; one = one.Parent)
        {
            // What for begins with stays over its turns; every other variable of a loop is a new one with each.
            bool isNew = one switch
            {
                IBlockOperation block => block.Locals.Contains(local),
                IForLoopOperation loop => loop.ConditionLocals.Contains(local),
                ILoopOperation loop => loop.Locals.Contains(local),
                _ => false,
            };
            if (isNew || one is ILoopOperation)
            {
                return !isNew;
            }
        }

        return false;
    }
}
