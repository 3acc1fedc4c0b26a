using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NfDtls.Analyzers;

/// <summary>NFD001: a key that is written in the source is given to what takes secret keys.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeyAnalyzer : DiagnosticAnalyzer
{
    // How far a value is followed: a variable or a field, and the calls that make it of another.
    private const int MaxDepth = 8;

    // The types whose parameters and properties of these names are secret.
    private static readonly string[] s_owners =
    [
        "NfDtls.PskStore", "NfDtls.PskRequest", "NfDtls.StoredPrivateKey", "NfDtls.X509.PrivateKeyReader", "NfDtls.Extensions.TicketKey", "NfDtls.TicketKey",
        "NfDtls.Net.DtlsPskCredential", "NfDtls.Net.DtlsListenerOptions", "NfDtls.Cluster.QuicLbOptions", "NfDtls.Cluster.FleetNode",
        "NfDtls.Sockets.DtlsClient", "NfDtls.Sockets.DtlsSession", "NfDtls.Sockets.DtlsServer",
    ];

    private static readonly string[] s_names = ["key", "derOrPem", "pem", "buffer", "fleetKey"];
    private static readonly string[] s_properties = ["AssociationKey", "Key"];

    // What makes bytes of its first argument, and what makes bytes or a text of the object that it is called on, and no others of them.
    private static readonly string[] s_readers = ["GetBytes", "FromHexString", "FromBase64String"];
    private static readonly string[] s_copiers = ["ToArray", "Clone", "Trim", "Replace"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.KeyInSource];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(OnArgument, OperationKind.Argument);
        context.RegisterOperationAction(OnAssignment, OperationKind.SimpleAssignment);
    }

    private static void OnArgument(OperationAnalysisContext context)
    {
        IArgumentOperation argument = (IArgumentOperation)context.Operation;
        if (TakesKey(argument))
        {
            Check(context, argument.Value);
        }
    }

    private static void OnAssignment(OperationAnalysisContext context)
    {
        ISimpleAssignmentOperation assignment = (ISimpleAssignmentOperation)context.Operation;
        if (TakesKey(assignment))
        {
            Check(context, assignment.Value);
        }
    }

    // A buffer is one of many things, but for the constructor of a private key.
    private static bool TakesKey(IArgumentOperation argument)
    {
        return argument.Parameter is { } parameter && s_names.Contains(parameter.Name) && parameter.ContainingSymbol.ContainingType is { } owner && owner.Is(s_owners)
            && (parameter.Name != "buffer" || owner.Is("NfDtls.StoredPrivateKey"));
    }

    private static bool TakesKey(ISimpleAssignmentOperation assignment)
    {
        return assignment.Target is IPropertyReferenceOperation { Property: { } property } && s_properties.Contains(property.Name) && property.ContainingType.Is(s_owners);
    }

    private static void Check(OperationAnalysisContext context, IOperation value)
    {
        if (IsWritten(value.Bare(), MaxDepth, context.CancellationToken))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.KeyInSource, value.Syntax.GetLocation()));
        }
    }

    /// <summary>Whether the value stands in the source, byte by byte or as text.</summary>
    private static bool IsWritten(IOperation? value, int depth, CancellationToken cancellation)
    {
        if (value == null || depth == 0)
        {
            return false;
        }

        if (value.ConstantValue is { HasValue: true, Value: string text })
        {
            return text.Length > 0;
        }

        return value switch
        {
            IArrayCreationOperation { Initializer: { } elements } => AreWritten(elements.ElementValues),
            IArrayInitializerOperation elements => AreWritten(elements.ElementValues),
            ICollectionExpressionOperation list => AreWritten(list.Elements),
            IUtf8StringOperation => true,
            IInvocationOperation call => IsWritten(Source(call), depth - 1, cancellation),
            ILocalReferenceOperation local => !local.Body().PlacesOf(local.Local).Any(MayChange) && IsWritten(local.Body().Initial(local.Local), depth - 1, cancellation),
            IFieldReferenceOperation { Field: { IsReadOnly: true } field } => IsWritten(field, value.SemanticModel!, depth - 1, cancellation),
            _ => false,
        };
    }

    private static bool AreWritten(ImmutableArray<IOperation> elements)
    {
        return elements.Length > 0 && elements.All(element => element.Bare().ConstantValue.HasValue || element.ConstantValue.HasValue);
    }

    /// <summary>What a call makes its bytes or its text of, and of nothing else; or null.</summary>
    private static IOperation? Source(IInvocationOperation call)
    {
        IArgumentOperation? first = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0);
        if (s_readers.Contains(call.TargetMethod.Name))
        {
            // And not one that fills what it is given.
            return call.TargetMethod.ReturnType is IArrayTypeSymbol ? first?.Value.Bare() : null;
        }

        if (!s_copiers.Contains(call.TargetMethod.Name))
        {
            return null;
        }

        bool isExtension = call.Instance == null;
        IOperation? source = isExtension ? first?.Value : call.Instance;
        return call.Arguments.All(argument => (isExtension && argument == first) || IsFixed(argument)) ? source?.Bare() : null;
    }

    // What a text is trimmed of, or what is put into it. Several characters of Trim are an array or a span.
    private static bool IsFixed(IArgumentOperation argument)
    {
        return argument.Value.Bare().ConstantValue.HasValue || argument.ArgumentKind is ArgumentKind.ParamArray or ArgumentKind.ParamCollection;
    }

    /// <summary>Whether a variable may have, by what is done at a place, other bytes than those it was declared with.</summary>
    private static bool MayChange(IOperation place)
    {
        // A text does not change, a variable with one does.
        return place.Change() != null || (place.Type?.SpecialType != SpecialType.System_String && !IsOnlyRead(place));
    }

    private static bool IsOnlyRead(IOperation place)
    {
        IOperation used = place;
        while (used.Parent is IConversionOperation)
        {
            used = used.Parent;
        }

        return used.Parent switch
        {
            IArgumentOperation argument => TakesKey(argument) || (argument.Parent is IInvocationOperation call && Source(call) == place),
            IInvocationOperation call => Source(call) == place,
            ISimpleAssignmentOperation assignment => TakesKey(assignment),
            IArrayElementReferenceOperation element => element.Change() == null,
            IPropertyReferenceOperation or IBinaryOperation or IForEachLoopOperation => true,
            _ => false,
        };
    }

    // A field that nobody changes: what it was declared with, where that is in this file.
    private static bool IsWritten(IFieldSymbol field, SemanticModel model, int depth, CancellationToken cancellation)
    {
        return field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } initial }
            && initial.SyntaxTree == model.SyntaxTree && IsWritten(model.GetOperation(initial, cancellation)?.Bare(), depth, cancellation)
            && !PlacesOf(field, model, cancellation).Any(MayChange);
    }

    private static IEnumerable<IOperation> PlacesOf(IFieldSymbol field, SemanticModel model, CancellationToken cancellation)
    {
        return model.SyntaxTree.GetRoot(cancellation).DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == field.Name)
            .Select(name => model.GetOperation(name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name, cancellation))
            .OfType<IFieldReferenceOperation>().Where(place => SymbolEqualityComparer.Default.Equals(place.Field, field));
    }
}
