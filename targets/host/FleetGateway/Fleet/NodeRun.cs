using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace FleetGateway.Fleet;

/// <summary>A node's process. It ends when its input does, and so with this one, however that ends.</summary>
internal sealed partial class NodeRun : IDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Action<string> _tell;
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeRun(Process process, Action<string> tell)
    {
        _process = process;
        _tell = tell;
    }

    internal int ProcessId => _process.Id;

    /// <summary>Where it listens, once it is ready.</summary>
    internal IPEndPoint? EndPoint { get; private set; }

    /// <summary>Its own page, once it is ready.</summary>
    internal Uri? Page { get; private set; }

    /// <summary>Starts one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="environment">What it is told.</param>
    /// <param name="tell">Takes what it writes, but that it is ready.</param>
    internal static NodeRun Start(string name, Dictionary<string, string> environment, Action<string> tell)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no program.");
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] begin = isHost ? ["exec", typeof(NodeRun).Assembly.Location] : [];
        string[] own = ["--urls", "http://127.0.0.1:0", "--coaps", "0", "--Dtls:Address", "127.0.0.1", "--Fleet:Node", name];
        ProcessStartInfo start = new(program, [.. begin, .. Environment.GetCommandLineArgs().Skip(1), .. own])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        NodeRun run = new(Process.Start(start) ?? throw new InvalidOperationException("The node did not start."), tell);
        run._process.OutputDataReceived += run.OnLine;
        run._process.ErrorDataReceived += run.OnLine;
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Whether it serves; false where it ended, or the wait did.</summary>
    internal async Task<bool> WaitUntilReadyAsync(CancellationToken end)
    {
        Task exit = _process.WaitForExitAsync(end);
        return await Task.WhenAny(_ready.Task, exit) == _ready.Task;
    }

    /// <summary>Waits for its end, and brings it about where the wait ends before.</summary>
    internal async Task<int> WaitForExitAsync(CancellationToken end)
    {
        try
        {
            await _process.WaitForExitAsync(end);
        }
        catch (OperationCanceledException)
        {
            _process.StandardInput.Close();
            using CancellationTokenSource most = new(DrainTime);
            await Task.WhenAny(_process.WaitForExitAsync(most.Token));
        }

        Dispose();
        return _process.HasExited ? _process.ExitCode : -1;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    private void OnLine(object sender, DataReceivedEventArgs e)
    {
        if (string.IsNullOrEmpty(e.Data))
        {
            return;
        }

        if (!_ready.Task.IsCompleted && ReadyPattern().Match(e.Data) is { Success: true } match)
        {
            Page = new Uri(match.Groups[1].Value);
            EndPoint = IPEndPoint.Parse(match.Groups[2].Value);
            _ready.TrySetResult(true);
        }
        else
        {
            _tell(e.Data);
        }
    }

    [GeneratedRegex(@"^Page and REST at (\S+), CoAP over DTLS at (\S+)\.$")]
    private static partial Regex ReadyPattern();
}
