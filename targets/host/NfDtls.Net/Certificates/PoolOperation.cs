using System;
using System.Threading;

namespace NfDtls.Net;

/// <summary>
/// Work that would hold an engine up (a chain, a call-back, a key somewhere else): done on the thread pool, while the handshake
/// waits and the engine goes on. It may outlive its handshake, so it has all that it needs by itself, and hands its result over when
/// the engine asks.
/// </summary>
internal abstract class PoolOperation : CryptoOperation, IThreadPoolWorkItem
{
    private readonly Action _wake;
    private readonly Lock _lock = new();
    private bool _isDone;
    private bool _isCancelled;
    private DtlsError _error;

    /// <param name="wake">Tells the engine's driver that there is a result.</param>
    private protected PoolOperation(Action wake)
    {
        _wake = wake;
    }

    public override bool IsWaiting => !Volatile.Read(ref _isDone);

    public override bool Step(int budget)
    {
        lock (_lock)
        {
            if (!_isDone)
            {
                return false;
            }

            Error = _error;
            if (!_isCancelled && Error == DtlsError.None)
            {
                Deliver();
            }

            return true;
        }
    }

    public override void Cancel()
    {
        lock (_lock)
        {
            _isCancelled = true;
            Volatile.Write(ref _isDone, true);
        }
    }

    public void Execute()
    {
        DtlsError error;
        try
        {
            error = Work();
        }
        catch (Exception)
        {
            error = DtlsError.InternalError;
        }

        lock (_lock)
        {
            if (_isCancelled)
            {
                return;
            }

            _error = error;
            Volatile.Write(ref _isDone, true);
        }

        _wake();
    }

    internal PoolOperation Begin()
    {
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return this;
    }

    /// <summary>On the pool; touches nothing of the engine's.</summary>
    private protected abstract DtlsError Work();

    /// <summary>On the engine's thread: hands the result over.</summary>
    private protected virtual void Deliver()
    {
    }

    private protected void SetLength(int length)
    {
        Length = length;
    }
}
