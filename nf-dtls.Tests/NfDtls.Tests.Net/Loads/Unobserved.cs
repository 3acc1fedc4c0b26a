using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Net.Loads;

/// <summary>Exceptions of tasks that nobody looked at, from here on.</summary>
internal sealed class Unobserved : IDisposable
{
    private readonly ConcurrentQueue<Exception> _all = new();

    internal Unobserved()
    {
        // What tests before this one left is theirs.
        Collect();
        TaskScheduler.UnobservedTaskException += OnUnobserved;
    }

    public void Dispose()
    {
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
    }

    internal void AssertNone()
    {
        Collect();
        Assert.IsEmpty(_all, string.Join(Environment.NewLine, _all));
    }

    private static void Collect()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        _all.Enqueue(e.Exception);
    }
}
