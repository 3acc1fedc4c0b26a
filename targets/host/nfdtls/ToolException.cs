using System;

namespace NfDtls.Tool;

/// <summary>Ends the tool with an exit code and a reason of one line.</summary>
internal sealed class ToolException : Exception
{
    public ToolException(int exitCode, string reason)
        : base(reason)
    {
        ExitCode = exitCode;
    }

    public int ExitCode { get; }

    public static ToolException Usage(string reason)
    {
        return new ToolException(Tool.ExitCode.Usage, reason);
    }
}
