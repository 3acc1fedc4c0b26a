using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net.Loads;

/// <summary>A listener and clients that do what a plan says, until nothing of them is left.</summary>
internal sealed class Stage
{
    // What a connection, or the handshake before it, may end with here: nothing is lost on the way, but a version, a key or a place may be missing.
    private static readonly DtlsError[] MayEnd =
    [
        DtlsError.SessionClosed, DtlsError.Timeout, DtlsError.KeyMismatchSuspected, DtlsError.AlertReceived, DtlsError.DecryptError, DtlsError.Superseded, DtlsError.Evicted, DtlsError.IdleTimeout,
    ];

    private readonly Plan _plan;
    private readonly DtlsConnection?[] _clients = new DtlsConnection?[Plan.Connectors];
    private readonly ConcurrentStack<DtlsConnection> _accepted = new();
    private readonly ConcurrentBag<DtlsConnection> _all = [];
    private readonly ConcurrentBag<Task> _connecting = [];
    private readonly ConcurrentBag<Task> _calls = [];
    private readonly CancellationTokenSource[] _ends = Enumerable.Range(0, Plan.Connectors).Select(_ => new CancellationTokenSource()).ToArray();
    private DtlsListener _listener = null!;
    private bool _isDisposed;
    private int _answers;
    private int _connected;
    private int _received;

    internal Stage(Plan plan)
    {
        _plan = plan;
    }

    internal int Connected => _connected;

    internal int Received => _received;

    internal async Task PlayAsync()
    {
        _listener = await Ends.ListenAsync(options =>
        {
            options.EnabledProtocols = _plan.Listener;
            options.Shards = _plan.Shards;
            options.UnsafePreferInlineScheduling = _plan.IsInline;
            options.ReceiveQueueLength = _plan.Queue;
            options.ListenBacklog = _plan.Backlog;
            options.MaxConnections = _plan.Connections;
            options.MaxHandshakes = 4;
            options.PskCallback = AnswerAsync;
            options.PskCallbackTimeout = TimeSpan.FromMilliseconds(100);
            options.HandshakeTimeout = TimeSpan.FromSeconds(1);
            options.CloseTimeout = TimeSpan.FromMilliseconds(50);
            options.IdleTimeout = TimeSpan.FromSeconds(1);
        });
        for (int i = 0; i < _plan.Opened; i++)
        {
            await PlayAsync([new Step(Do.Connect, i, 100, true), new Step(Do.Accept, i, 20, true)]);
        }

        await Task.WhenAll(_plan.Lanes.Select(steps => Task.Run(() => PlayAsync(steps)))).WaitAsync(Ends.Patience);
        foreach (CancellationTokenSource end in _ends)
        {
            await end.CancelAsync();
        }

        // Connections that were still being made come to light only now.
        await Task.WhenAll(_connecting).WaitAsync(Ends.Patience);
        await Task.WhenAll(_all.Select(one => one.DisposeAsync().AsTask())).WaitAsync(Ends.Patience);
        if (!_isDisposed)
        {
            // Each is told by its client's end, but where that was cancelled in the last moment of its handshake, of which nobody hears.
            await Ends.UntilAsync(() => _listener.GetStatistics() is { Sessions: 0, Handshakes: 0 }, "the end of all sessions");
        }

        await _listener.DisposeAsync().AsTask().WaitAsync(Ends.Patience);
        await Task.WhenAll(_calls).WaitAsync(Ends.Patience);
        foreach (DtlsConnection one in _all)
        {
            await one.Closed.WaitAsync(Ends.Patience);
            Assert.AreEqual(0, one.MaxSendSize);
        }
    }

    private async Task PlayAsync(Step[] steps)
    {
        foreach (Step step in steps)
        {
            Task call = MayFailAsync(step);
            (step.What == Do.Connect ? _connecting : _calls).Add(call);
            if (step.IsAwaited)
            {
                // What waits for others is waited for a moment.
                await Task.WhenAny(call, Task.Delay(step.Size));
            }
        }
    }

    private async Task MayFailAsync(Step step)
    {
        try
        {
            await MakeAsync(step);
        }
        catch (DtlsException e) when (Array.IndexOf(MayEnd, e.Error) >= 0 || (step.What == Do.Connect && e.Error is DtlsError.ProtocolVersion or DtlsError.UnexpectedMessage or DtlsError.NoFreeSession))
        {
            // It depends on what the others do at this moment.
        }
        catch (DtlsException e) when (step.What is Do.Receive or Do.ServerReceive && e.Error == DtlsError.MessageTooLarge && step.Size < 9)
        {
            // The buffer was made short.
        }
        catch (OperationCanceledException) when (step.What is Do.Connect or Do.Receive or Do.ReadAll or Do.Close or Do.Accept or Do.ServerReceive or Do.Drain or Do.Send)
        {
            // Its token was cancelled.
        }
        catch (ObjectDisposedException) when (step.What is not (Do.Connect or Do.Close or Do.ServerClose or Do.ReadAll or Do.Look))
        {
            // As documented after Dispose.
        }
    }

    private async Task MakeAsync(Step step)
    {
        DtlsConnection? client = Volatile.Read(ref _clients[step.Who]);
        CancellationToken end = _ends[step.Who].Token;
        _accepted.TryPeek(out DtlsConnection? server);
        switch (step.What)
        {
            case Do.Connect:
                await ConnectAsync(step, end);
                break;
            case Do.Accept:
                DtlsConnection accepted = await _listener.AcceptConnectionAsync(end);
                _all.Add(accepted);
                _accepted.Push(accepted);
                break;
            case Do.Drain:
                await _listener.DrainAsync(end);
                break;
            case Do.DisposeListener:
                Volatile.Write(ref _isDisposed, true);
                await _listener.DisposeAsync();
                break;
            case Do.Cancel:
                await _ends[step.Who].CancelAsync();
                break;
            case Do.Pause:
                await Task.Delay(step.Size, CancellationToken.None);
                break;
            case Do.Look:
                Assert.IsGreaterThanOrEqualTo(0, _listener.GetStatistics().Sessions);
                Assert.IsTrue(client == null || client.RemoteEndPoint.Equals(_listener.LocalEndPoint));
                break;
            default:
                if ((step.What >= Do.ServerSend ? server : client) is { } one)
                {
                    await OnAsync(one, step, end);
                }

                break;
        }
    }

    private async Task OnAsync(DtlsConnection connection, Step step, CancellationToken end)
    {
        switch (step.What)
        {
            case Do.Send:
                await connection.SendAsync(new byte[step.Size * 20], end);
                break;
            case Do.ServerSend:
                await connection.SendAsync(new byte[step.Size * 20], CancellationToken.None);
                break;
            case Do.SendMuch:
                await SendTooMuchAsync(connection);
                break;
            case Do.Receive:
            case Do.ServerReceive:
                await connection.ReceiveAsync(new byte[step.Size * 20], end);
                Interlocked.Increment(ref _received);
                break;
            case Do.ReadAll:
                await foreach (DtlsDatagram datagram in connection.ReadAllAsync(end))
                {
                    datagram.Dispose();
                    Interlocked.Increment(ref _received);
                }

                break;
            case Do.Close:
                await connection.CloseAsync(end);
                break;
            case Do.ServerClose:
                await connection.CloseAsync(CancellationToken.None);
                break;
            default:
                await connection.DisposeAsync();
                break;
        }
    }

    private async Task ConnectAsync(Step step, CancellationToken end)
    {
        DtlsClientOptions options = Ends.ClientOptions(_listener);
        options.EnabledProtocols = _plan.Client;
        options.ReceiveQueueLength = _plan.Queue;
        options.ConnectionIdLength = _plan.Ids;
        options.HandshakeTimeout = TimeSpan.FromSeconds(1);
        options.CloseTimeout = TimeSpan.FromMilliseconds(50);
        options.ConfigureEngine = Ends.MakeSmall;
        DtlsConnection made = await DtlsConnection.ConnectAsync(options, end);
        _all.Add(made);
        Interlocked.Increment(ref _connected);
        Volatile.Write(ref _clients[step.Who], made);
    }

    private static async Task SendTooMuchAsync(DtlsConnection connection)
    {
        try
        {
            await connection.SendAsync(new byte[20000]);
            Assert.Fail("20,000 bytes are more than a record takes.");
        }
        catch (ArgumentException)
        {
            // As documented.
        }
    }

    private async ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> identity, CancellationToken end)
    {
        switch (_plan.Answers[(Interlocked.Increment(ref _answers) & int.MaxValue) % _plan.Answers.Length])
        {
            case Answer.LateKey:
                await Task.Delay(2, CancellationToken.None);
                return Ends.Key;
            case Answer.WrongKey:
                return new byte[16];
            case Answer.None:
                return null;
            case Answer.Throw:
                throw new InvalidOperationException("As the plan has it.");
            case Answer.Never:
                await Task.Delay(Timeout.Infinite, end);
                return null;
            default:
                return Ends.Key;
        }
    }
}
