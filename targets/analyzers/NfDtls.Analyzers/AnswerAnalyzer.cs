using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NfDtls.Analyzers;

/// <summary>NFD004: a call that waits for a handshake, whose answer nobody looks at. With a timeout of 0 it does not wait, and with -1 it is connected or throws.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AnswerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.AnswerIgnored];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(OnStatement, OperationKind.ExpressionStatement);
    }

    private static void OnStatement(OperationAnalysisContext context)
    {
        if (((IExpressionStatementOperation)context.Operation).Operation is IInvocationOperation call && Waits(call.TargetMethod) && !call.Arguments.Any(IsNoLimit))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.AnswerIgnored, call.Syntax.GetLocation(), call.TargetMethod.Name));
        }
    }

    private static bool Waits(IMethodSymbol method)
    {
        return method.ReturnType.SpecialType == SpecialType.System_Boolean
            && ((method.Name == "Connect" && method.ContainingType.Is("NfDtls.Sockets.DtlsClient")) || (method.Name == "Start" && method.ContainingType.Is("NfDtls.Sockets.DtlsSession")));
    }

    private static bool IsNoLimit(IArgumentOperation argument)
    {
        return argument.Parameter?.Name == "timeout" && argument.Value.ConstantValue is { HasValue: true, Value: 0 or -1 };
    }
}
