using System.Diagnostics;

namespace NfDtls.Tests.Peers.Programs;

/// <summary>
/// How long a test waits for another program before it takes it for stuck. No test measures time by it: what is waited for is
/// seen at once when it comes, and how long that takes is the machine's affair.
/// </summary>
internal static class Patience
{
    private const int Long = 300000;

    // Once a test has waited in vain the run has failed, and the others need not take as long to say the same.
    private const int Short = 20000;

    private static int _milliseconds = Long;

    internal static int Milliseconds
    {
        get { return _milliseconds; }
    }

    /// <summary>Whether a wait that began with this clock is over in vain.</summary>
    internal static bool IsOver(Stopwatch clock)
    {
        return clock.ElapsedMilliseconds >= _milliseconds && WaitedInVain();
    }

    /// <summary>Tells of a wait that was in vain. Always true.</summary>
    internal static bool WaitedInVain()
    {
        _milliseconds = Short;
        return true;
    }
}
