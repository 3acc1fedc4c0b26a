using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF213: a thread's number identifies nothing.</summary>
internal sealed class ThreadNumberRule : Rule
{
    private const string Message = "a thread's number: it is 0 on the main thread, and becomes 0 for a started thread whose Thread object was collected; "
        + "keep the Thread object and compare it with Thread.CurrentThread";

    private const string IteratorMessage = "an iterator that returns IEnumerable asks for the thread's number, which identifies nothing: "
        + "threads that enumerate the same object at the same time may share its state; return an IEnumerator, or let each thread ask for an object of its own";

    public override void Check(CheckedMethod method, Findings findings)
    {
        foreach (Instruction instruction in method.Instructions.Where(i => i.IsCall))
        {
            if (MemberName.Of(method.Type.Assembly.Reader, instruction.Token) is not { Type: "System.Threading.Thread", Name: "get_ManagedThreadId" })
            {
                continue;
            }

            if (method.Type.IsIterator && IsOfTheCompiler(method.Name))
            {
                findings.Warning("NF213", Place.Of(method.Type), IteratorMessage);
            }
            else
            {
                findings.Error("NF213", Place.Of(method, instruction), Message);
            }
        }
    }
    /// <summary>What asks for the number in an iterator's class of itself; all else there is the author's: its steps, and its finally blocks.</summary>
    private static bool IsOfTheCompiler(string method)
    {
        return method == ".ctor" || method.EndsWith(".GetEnumerator", StringComparison.Ordinal);
    }
}
