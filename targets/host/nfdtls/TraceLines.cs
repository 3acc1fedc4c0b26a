using System.Collections.Generic;
using System.Diagnostics;

namespace NfDtls.Tool;

/// <summary>Lines about what the engines of this process do, with their times, in order; kept until they are shown.</summary>
internal sealed class TraceLines
{
    private readonly Screen _screen;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Queue<string> _lines = new Queue<string>();

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
        while (true)
        {
            string? line;
            lock (_lines)
            {
                if (!_lines.TryDequeue(out line))
                {
                    return;
                }
            }

            _screen.Info(line);
        }
    }
}
