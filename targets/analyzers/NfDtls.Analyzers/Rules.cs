using Microsoft.CodeAnalysis;

namespace NfDtls.Analyzers;

/// <summary>The rules; docs/analyzers.md says why, and how to silence one.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor KeyInSource = Make(
        "NFD001", "Security", "A key stands in the source", "The key stands in the source: who has the program, or its repository, has the key");

    public static readonly DiagnosticDescriptor PacketKept = Make(
        "NFD002", "Reliability", "A packet is not given back", "'{0}' is never given back by {1}, and its pool is empty some day");

    public static readonly DiagnosticDescriptor OptionsChanged = Make(
        "NFD003", "Usage", "Options are changed after they were used", "'{0}' was read when it was given away before; what is set now may change nothing, or half");

    public static readonly DiagnosticDescriptor AnswerIgnored = Make(
        "NFD004", "Usage", "Nobody looks whether it is connected", "{0} returns false while the handshake is still under way, and nobody looks");

    public static readonly DiagnosticDescriptor OptionMissing = Make(
        "NFD005", "Usage", "An option that is required is not set", "'{0}' is used without {1}, which is required: this throws");

    private static DiagnosticDescriptor Make(string id, string category, string title, string message)
    {
        return new DiagnosticDescriptor(id, title, message, category, DiagnosticSeverity.Warning, true);
    }
}
