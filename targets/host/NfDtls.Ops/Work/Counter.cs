using System;
using System.Threading;

namespace NfDtls.Ops;

/// <summary>Does pieces of work, each in as many turns as it likes, and says where they begin and end.</summary>
internal sealed class Counter
{
    private readonly SendOrPostCallback _mark;

    /// <param name="mark">Is called with a work's name where it begins, and with null where it ends. A delegate of the class library: a type of this program's own would be another one where the work is linked.</param>
    internal Counter(SendOrPostCallback mark)
    {
        _mark = mark;
    }

    /// <summary>Does something, and counts it as part of a piece of work.</summary>
    internal void Count(string work, Action action)
    {
        _mark(work);
        action();
        _mark(null);
    }
}
