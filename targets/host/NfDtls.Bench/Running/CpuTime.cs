using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NfDtls.Bench;

/// <summary>The processor's time of this process, all of its threads and the kernel's work for them: what else runs on the machine is not in it.</summary>
internal static partial class CpuTime
{
    private const int ProcessClock = 2;
    private const int ThreadClock = 3;

    /// <summary>Nanoseconds so far.</summary>
    internal static long Now => Of(ProcessClock);

    /// <summary>The same of the calling thread alone.</summary>
    internal static long OfThread => Of(ThreadClock);

    private static long Of(int clock)
    {
        if (Read(clock, out Time time) != 0)
        {
            throw new Win32Exception();
        }

        return (time.Seconds * 1_000_000_000L) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
