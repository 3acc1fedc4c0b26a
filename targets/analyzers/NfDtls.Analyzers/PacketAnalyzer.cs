using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NfDtls.Analyzers;

/// <summary>NFD002: a packet that was lent is neither given back nor handed on within the method. Paths are not followed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PacketAnalyzer : DiagnosticAnalyzer
{
    private const string Packet = "NfDtls.Packet";
    private const string Datagram = "NfDtls.Net.DtlsDatagram";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.PacketKept];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(OnCall, OperationKind.Invocation);
        context.RegisterOperationAction(OnLoop, OperationKind.Loop);
    }

    // Whoever gets a packet of a call has it: Rent, PollDatagram, TakePacket, ReceivePacket.
    private static void OnCall(OperationAnalysisContext context)
    {
        IInvocationOperation call = (IInvocationOperation)context.Operation;
        if (!call.TargetMethod.ReturnType.Is(Packet) || !call.TargetMethod.ContainingAssembly.Name.StartsWith("NfDtls", System.StringComparison.Ordinal))
        {
            return;
        }

        IOperation holder = call;
        while (holder.Parent is IConversionOperation or ICoalesceOperation)
        {
            holder = holder.Parent;
        }

        ILocalSymbol? local = holder.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation assignment => assignment.Target.Local(),
            IIsPatternOperation { Pattern: IDeclarationPatternOperation pattern } => pattern.DeclaredSymbol as ILocalSymbol,
            IIsPatternOperation { Pattern: IRecursivePatternOperation pattern } => pattern.DeclaredSymbol as ILocalSymbol,
            _ => null,
        };
        if (holder.Parent is IExpressionStatementOperation || (local != null && IsKept(call, local, "Return")))
        {
            Report(context, call, local?.Name ?? call.Syntax.ToString(), "Return()");
        }
    }

    // Datagrams of a connection, one after the other.
    private static void OnLoop(OperationAnalysisContext context)
    {
        if (context.Operation is IForEachLoopOperation loop)
        {
            foreach (ILocalSymbol datagram in loop.Locals.Where(local => local.Type.Is(Datagram) && IsKept(loop, local, "Dispose")))
            {
                Report(context, loop.LoopControlVariable, datagram.Name, "Dispose()");
            }
        }
    }

    /// <summary>Whether nothing in the method gives it back, hands it on, keeps it elsewhere or returns it.</summary>
    private static bool IsKept(IOperation place, ILocalSymbol local, string giveBack)
    {
        return !place.Body().PlacesOf(local).Any(reference => IsGivenOn(reference, giveBack));
    }

    private static bool IsGivenOn(ILocalReferenceOperation reference, string giveBack)
    {
        IOperation used = reference;
        while (used.Parent is IConversionOperation or ICoalesceOperation or IConditionalOperation or ISwitchExpressionArmOperation || used is ISwitchExpressionArmOperation)
        {
            used = used.Parent!;
        }

        return used.Parent switch
        {
            IInvocationOperation call => call.Instance == used && call.TargetMethod.Name == giveBack,
            IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } => call.TargetMethod.Name == giveBack,
            IArgumentOperation or IReturnOperation or IUsingOperation or IArrayInitializerOperation or ICollectionExpressionOperation or ITupleOperation => true,
            IMethodReferenceOperation method => method.Method.Name == giveBack,
            IAssignmentOperation assignment => assignment.Value == used,
            IVariableInitializerOperation => true,

            // A pattern gives it another name, by which it may be given back.
            IIsPatternOperation or ISwitchOperation or ISwitchExpressionOperation => used.Parent.Descendants().Any(
                pattern => pattern is IDeclarationPatternOperation { DeclaredSymbol: not null } or IRecursivePatternOperation { DeclaredSymbol: not null }),
            _ => false,
        };
    }

    private static void Report(OperationAnalysisContext context, IOperation place, string name, string giveBack)
    {
        context.ReportDiagnostic(Diagnostic.Create(Rules.PacketKept, place.Syntax.GetLocation(), name, giveBack));
    }
}
