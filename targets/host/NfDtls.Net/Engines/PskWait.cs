using System;
using System.Threading;
using System.Threading.Tasks;

namespace NfDtls.Net;

/// <summary>
/// A handshake's question for a pre-shared key, with the application's call-back behind it. It is answered when the call-back is
/// ready, refused when it fails, takes too long or has to give way; what a call-back does afterwards is of no concern.
/// </summary>
internal sealed class PskWait
{
    private readonly EngineDriver _driver;
    private readonly PskRequest _request;
    private readonly DtlsServerPskCallback? _ofServer;
    private readonly DtlsClientPskCallback? _ofClient;
    private readonly CancellationTokenSource _end;
    private bool _isOver;

    internal PskWait(EngineDriver driver, PskRequest request, DtlsServerPskCallback callback, TimeSpan timeout, TimeProvider time)
        : this(driver, request, timeout, time)
    {
        _ofServer = callback;
    }

    internal PskWait(EngineDriver driver, PskRequest request, DtlsClientPskCallback callback, TimeSpan timeout, TimeProvider time)
        : this(driver, request, timeout, time)
    {
        _ofClient = callback;
    }

    private PskWait(EngineDriver driver, PskRequest request, TimeSpan timeout, TimeProvider time)
    {
        _driver = driver;
        _request = request;
        _end = new CancellationTokenSource(timeout, time);
    }

    /// <summary>Called under the driver's lock when there is an answer, or none will come.</summary>
    internal Action<PskWait>? Answered { get; init; }

    /// <summary>Why there was none, for who counts.</summary>
    internal bool IsTimedOut { get; private set; }

    internal void Begin()
    {
        _ = Task.Run(AskAsync);
    }

    /// <summary>
    /// Under the driver's lock: nobody waits for the answer any more, or somebody else needs the place. It is refused at once, for
    /// the pool's threads may all be in call-backs that never return; the driver's next turn sees it. Runs nothing of the application's.
    /// </summary>
    internal void Cancel()
    {
        if (!_isOver)
        {
            End(true);
            _ = _end.CancelAsync();
        }
    }

    private async Task AskAsync()
    {
        bool isTimedOut = false;
        try
        {
            // On the pool even where the call-back blocks, so that its time can end.
            Task<Action> asking = Task.Run(CallAsync);
            _ = asking.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            Action answer = await asking.WaitAsync(_end.Token).ConfigureAwait(false);
            answer();
        }
        catch (Exception e)
        {
            isTimedOut = e is OperationCanceledException && _end.IsCancellationRequested;
        }

        lock (_driver.Gate)
        {
            if (!_isOver)
            {
                End(isTimedOut);
                _driver.Turn();
            }
        }
    }

    // The token may still be with the call-back, so its source is left to the collector.
    private void End(bool isTimedOut)
    {
        _isOver = true;
        IsTimedOut = isTimedOut;
        _request.Refuse(); // Where it was answered, that stands.
        Answered?.Invoke(this);
    }

    private async Task<Action> CallAsync()
    {
        if (_ofServer != null)
        {
            byte[]? key = await _ofServer(_request.Asked, _end.Token).ConfigureAwait(false);
            return key == null ? _request.Refuse : () => _request.Answer(key);
        }

        DtlsPskCredential? credential = await _ofClient!(_request.Asked, _end.Token).ConfigureAwait(false);
        return credential == null ? _request.Refuse : () => _request.Answer(credential.Key, credential.Identity);
    }
}
