namespace NfDtls.Tool;

/// <summary>What the tool ends with.</summary>
internal static class ExitCode
{
    /// <summary>A clean close.</summary>
    public const int Clean = 0;
    /// <summary>The command line, or a line of hexadecimal input, is wrong, or this build lacks what it asks for.</summary>
    public const int Usage = 2;
    /// <summary>No association came about.</summary>
    public const int HandshakeFailed = 3;
    /// <summary>An association, or the tool, ended otherwise than by a close.</summary>
    public const int Unclean = 4;
}
