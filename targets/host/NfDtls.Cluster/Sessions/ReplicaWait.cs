using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using System.Threading.Tasks;
using StackExchange.Redis;

namespace NfDtls.Cluster;

/// <summary>
/// Writes to Redis that count when so many replicas have them. WAIT holds up its connection, so this one is used for nothing else; and
/// it speaks of all that was written on it before, so that one WAIT serves all the writes that came while the last one waited. It
/// speaks of nothing that another connection wrote: where one broke between the writes and their WAIT, they count as failed.
/// </summary>
internal sealed class ReplicaWait : IAsyncDisposable
{
    private readonly IDatabase _database;
    private readonly TimeSpan _most;
    private readonly Channel<Write> _writes = Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _working;

    internal ReplicaWait(IDatabase database, int replicas, TimeSpan most)
    {
        _database = database;
        Replicas = replicas;
        _most = most;
        _working = Task.Run(WorkAsync);
    }

    internal int Replicas { get; }

    /// <summary>What Redis says to a write that so many replicas have.</summary>
    /// <exception cref="TimeoutException">They have it not in time.</exception>
    internal Task<RedisResult> WriteAsync(Func<IDatabase, Task<RedisResult>> send)
    {
        Write write = new(send);
        return _writes.Writer.TryWrite(write) ? write.Done.Task : throw new ObjectDisposedException(nameof(RedisAssociations));
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _working.ConfigureAwait(false);
    }

    private async Task WorkAsync()
    {
        List<Write> together = [];
        while (await _writes.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            together.Clear();
            while (_writes.Reader.TryRead(out Write? write))
            {
                together.Add(write);
            }

            await DoAsync(together).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, those who wait are told.")]
    private async Task DoAsync(List<Write> together)
    {
        try
        {
            // One connection keeps their order. Its name tells whether it was one: a new connection has another, at whichever server,
            // and its WAIT need not know of what was written before it.
            string name = "nfdtls-" + Guid.NewGuid().ToString("N");
            Task<RedisResult> named = _database.ExecuteAsync("CLIENT", "SETNAME", name);
            together.ForEach(write => write.Begin(_database));
            Task<RedisResult> waited = _database.ExecuteAsync("WAIT", Replicas, (long)_most.TotalMilliseconds);
            Task<RedisResult> found = _database.ExecuteAsync("CLIENT", "GETNAME");
            await Task.WhenAll(named, waited, found).ConfigureAwait(false);
            Exception? late = ReasonNotToCount((int)await waited.ConfigureAwait(false), name == (string?)await found.ConfigureAwait(false));
            foreach (Write write in together)
            {
                await write.EndAsync(late).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            together.ForEach(write => write.Done.TrySetException(e));
        }
    }

    private Exception? ReasonNotToCount(int have, bool isOneConnection)
    {
        if (!isOneConnection)
        {
            return new RedisConnectionException(ConnectionFailureType.SocketClosed, "The connection broke before it was known which replicas have the promise.");
        }

        return have >= Replicas ? null : new TimeoutException($"{have} of {Replicas} replicas have the promise.");
    }

    private sealed class Write(Func<IDatabase, Task<RedisResult>> send)
    {
        private Task<RedisResult>? _sent;

        internal TaskCompletionSource<RedisResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Begin(IDatabase database)
        {
            _sent = send(database);
        }

        [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, who waits is told.")]
        internal async Task EndAsync(Exception? late)
        {
            try
            {
                RedisResult result = await _sent!.ConfigureAwait(false);

                // What was not stored needs nobody to have it.
                if (late == null || (int)result == 0)
                {
                    Done.TrySetResult(result);
                }
                else
                {
                    Done.TrySetException(late);
                }
            }
            catch (Exception e)
            {
                Done.TrySetException(e);
            }
        }
    }
}
