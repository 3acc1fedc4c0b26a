using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;

namespace NfDtls.Tool;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            // No @file: an identity may begin with that character.
            ParseResult result = CommandLine.Make().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (result.Errors.Count > 0)
            {
                throw ToolException.Usage(string.Join(" ", result.Errors.Select(e => e.Message)) + " `nfdtls --help` says more.");
            }

            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (ToolException e)
        {
            new Screen().Error(e.Message);
            return e.ExitCode;
        }
        catch (Exception e)
        {
            new Screen().Error($"{e.GetType().Name}: {e.Message}");
            return ExitCode.Unclean;
        }
    }
}
