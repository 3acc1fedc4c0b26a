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
    // How far a value is followed: a variable or a field, and what that is made of.
    private const int MaxDepth = 4;

    // The types whose parameters and properties of these names are secret.
    private static readonly string[] s_owners =
    [
        "NfDtls.PskStore", "NfDtls.PskRequest", "NfDtls.StoredPrivateKey", "NfDtls.X509.PrivateKeyReader", "NfDtls.Extensions.TicketKey", "NfDtls.TicketKey",
        "NfDtls.Net.DtlsPskCredential", "NfDtls.Net.DtlsListenerOptions", "NfDtls.Cluster.QuicLbOptions", "NfDtls.Cluster.FleetNode",
        "NfDtls.Sockets.DtlsClient", "NfDtls.Sockets.DtlsSession", "NfDtls.Sockets.DtlsServer",
    ];

    private static readonly string[] s_names = ["key", "derOrPem", "pem", "buffer", "fleetKey"];
    private static readonly string[] s_properties = ["AssociationKey", "Key"];

    // What makes bytes of a text or of bytes, and no others of them.
    private static readonly string[] s_makers = ["GetBytes", "FromHexString", "FromBase64String", "ToArray", "Clone", "Trim", "Replace"];

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
        if (argument.Parameter is { } parameter && s_names.Contains(parameter.Name) && TakesKeys(parameter))
        {
            Check(context, argument.Value);
        }
    }

    private static void OnAssignment(OperationAnalysisContext context)
    {
        ISimpleAssignmentOperation assignment = (ISimpleAssignmentOperation)context.Operation;
        if (assignment.Target is IPropertyReferenceOperation { Property: { } property } && s_properties.Contains(property.Name) && property.ContainingType.Is(s_owners))
        {
            Check(context, assignment.Value);
        }
    }

    // A buffer is one of many things, but for the constructor of a private key.
    private static bool TakesKeys(IParameterSymbol parameter)
    {
        INamedTypeSymbol owner = parameter.ContainingSymbol.ContainingType;
        return owner.Is(s_owners) && (parameter.Name != "buffer" || owner.Is("NfDtls.StoredPrivateKey"));
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
            IInvocationOperation call when s_makers.Contains(call.TargetMethod.Name) => IsMade(call, depth, cancellation),
            ILocalReferenceOperation local => IsWritten(local.Body().Initial(local.Local), depth - 1, cancellation),
            IFieldReferenceOperation { Field: { IsReadOnly: true } field } => IsWritten(field, value.SemanticModel!, depth - 1, cancellation),
            _ => false,
        };
    }

    private static bool AreWritten(ImmutableArray<IOperation> elements)
    {
        return elements.Length > 0 && elements.All(element => element.Bare().ConstantValue.HasValue || element.ConstantValue.HasValue);
    }

    private static bool IsMade(IInvocationOperation call, int depth, CancellationToken cancellation)
    {
        IOperation? source = call.Instance is { } instance && call.Arguments.Length == 0 ? instance.Bare() : call.Arguments.FirstOrDefault()?.Value.Bare();
        return IsWritten(source, depth - 1, cancellation);
    }

    // A field that nobody changes: what it was declared with, where that is in this file.
    private static bool IsWritten(IFieldSymbol field, SemanticModel model, int depth, CancellationToken cancellation)
    {
        return field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } initial }
            && initial.SyntaxTree == model.SyntaxTree && IsWritten(model.GetOperation(initial, cancellation)?.Bare(), depth, cancellation);
    }
}
