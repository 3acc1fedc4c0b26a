using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace NfDtls.Net;

/// <summary>
/// What a connection has received and nobody has taken, and who waits for more. Putting something in and telling who waits are two
/// steps, as the first happens under the engine's lock, and what waits is the application. Safe from any thread.
/// </summary>
/// <param name="capacity">Datagrams that there is room for.</param>
internal sealed class ReceiveQueue(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<Received> _received = new();
    private readonly List<Waiter> _waiting = [];
    private Waiter? _spare;
    private bool _isComplete;

    /// <summary>Puts a datagram in; false where there is no room, or the end was told.</summary>
    /// <param name="datagram">What was received; stays the caller's where there is no room.</param>
    /// <param name="isWaitedFor">Whether somebody is to be woken.</param>
    internal bool TryAdd(Received datagram, out bool isWaitedFor)
    {
        lock (_lock)
        {
            bool isTaken = !_isComplete && _received.Count < capacity;
            if (isTaken)
            {
                _received.Enqueue(datagram);
            }

            isWaitedFor = isTaken && _waiting.Count > 0;
            return isTaken;
        }
    }

    /// <summary>Nothing more comes. Wakes who waits.</summary>
    internal void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
        }

        Wake(false);
    }

    /// <summary>Takes a datagram; false where there is none.</summary>
    /// <param name="room">Bytes that its taker has room for.</param>
    /// <param name="datagram">The taker's from now on.</param>
    /// <exception cref="DtlsException">MessageTooLarge: it is longer, and stays.</exception>
    internal bool TryTake(int room, out Received datagram)
    {
        lock (_lock)
        {
            if (_received.TryPeek(out datagram) && datagram.Length > room)
            {
                throw new DtlsException(DtlsError.MessageTooLarge, $"The datagram has {datagram.Length} bytes, the buffer has room for {room}.");
            }

            return _received.TryDequeue(out datagram);
        }
    }

    /// <summary>Waits until there may be something to take; false where nothing comes any more.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_received.Count > 0 || _isComplete)
            {
                return ValueTask.FromResult(_received.Count > 0);
            }

            waiter = _spare ?? new Waiter(this);
            _spare = null;
            _waiting.Add(waiter);
        }

        return waiter.Begin(cancellationToken);
    }

    /// <summary>Tells all who wait to look again.</summary>
    /// <param name="here">Whether they go on in this thread, before this returns, and not in one of the pool.</param>
    internal void Wake(bool here)
    {
        for (Waiter? waiter = NextWaiting(); waiter != null; waiter = NextWaiting())
        {
            waiter.GoOn(here);
        }
    }

    // Whoever goes on here may wait again, and is not told again: there is something to take, or the next who puts something in tells.
    private Waiter? NextWaiting()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || (_received.Count == 0 && !_isComplete))
            {
                return null;
            }

            Waiter waiter = _waiting[0];
            _waiting.RemoveAt(0);
            return waiter;
        }
    }

    private bool Remove(Waiter waiter)
    {
        lock (_lock)
        {
            return _waiting.Remove(waiter);
        }
    }

    private void GiveBack(Waiter waiter)
    {
        lock (_lock)
        {
            _spare = waiter;
        }
    }

    /// <summary>One who waits. One of each queue is kept, so that the usual one reader makes none.</summary>
    private sealed class Waiter(ReceiveQueue queue) : IValueTaskSource<bool>
    {
        private ManualResetValueTaskSourceCore<bool> _core;
        private CancellationTokenRegistration _registration;
        private CancellationToken _cancellation;

        internal ValueTask<bool> Begin(CancellationToken cancellationToken)
        {
            ValueTask<bool> task = new(this, _core.Version);
            _cancellation = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(static waiter => ((Waiter)waiter!).Cancel(), this);
            return task;
        }

        internal void GoOn(bool here)
        {
            _core.RunContinuationsAsynchronously = !here;
            _core.SetResult(true);
        }

        public bool GetResult(short token)
        {
            try
            {
                _registration.Dispose();
                return _core.GetResult(token);
            }
            finally
            {
                _registration = default;
                _cancellation = default;
                _core.Reset();
                queue.GiveBack(this);
            }
        }

        public ValueTaskSourceStatus GetStatus(short token)
        {
            return _core.GetStatus(token);
        }

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            _core.OnCompleted(continuation, state, token, flags);
        }

        private void Cancel()
        {
            if (queue.Remove(this))
            {
                _core.RunContinuationsAsynchronously = true;
                _core.SetException(new OperationCanceledException(_cancellation));
            }
        }
    }
}
