using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace NfDtls.Tool;

/// <summary>Lines about what the engines of this process do, with their times, in order; kept until they are shown.</summary>
internal sealed class TraceLines
{
    private readonly Screen _screen;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Queue<string> _lines = new Queue<string>();
    private readonly object _showing = new object();

    public TraceLines(Screen screen)
    {
        _screen = screen;
    }

    public void Add(string text)
    {
        lock (_lines)
        {
            _lines.Enqueue($"{_clock.Elapsed.TotalMilliseconds,9:F1} ms  {text}");
        }
    }

    /// <summary>Shows what there is.</summary>
    public void Show()
    {
        // One at a time, or a line that one thread has taken comes behind those that another shows meanwhile.
        lock (_showing)
        {
            while (TryTake(out string? line))
            {
                _screen.Info(line);
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out string? line)
    {
        lock (_lines)
        {
            return _lines.TryDequeue(out line);
        }
    }
}
