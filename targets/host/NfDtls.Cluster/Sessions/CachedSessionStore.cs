using System;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Distributed;
using NfDtls.Extensions;

namespace NfDtls.Cluster;

/// <summary>
/// Sessions that are resumed by their id, in a distributed cache (Redis, say) that all nodes share, sealed by Data Protection. The
/// node that made a session has it in its memory too. Writing is behind: it goes on after the call, several at a time and those of one
/// id in order, and what does not fit into <see cref="MaxPending"/> is left out, which costs a full handshake. Only an id that this node does not know is asked of the
/// cache within the call, and for no longer than the cache's own time-out: set that to what a handshake may hold its engine up for.
/// Tickets (<see cref="RingTicketKeys"/>) never ask anybody, and are what a fleet should take.
/// </summary>
public sealed class CachedSessionStore : SessionStore, IAsyncDisposable
{
    /// <summary>Writes that wait for the cache; those on top are left out.</summary>
    public const int MaxPending = 1024;

    private const string Prefix = "nfdtls:session:";

    // Writes at one time: one that hangs holds up its lane alone.
    private const int Lanes = 16;
    private static readonly TimeSpan MostAtEnd = TimeSpan.FromSeconds(10);

    private readonly IDistributedCache _cache;
    private readonly IDataProtector _protector;
    private readonly MemorySessionStore _own;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<Func<CancellationToken, Task>>[] _lanes = new Channel<Func<CancellationToken, Task>>[Lanes];
    private readonly Task[] _writing = new Task[Lanes];
    private long _lost;

    /// <param name="cache">Where sessions go.</param>
    /// <param name="protection">Seals them, so that who reads the cache learns no secret.</param>
    /// <param name="ownCapacity">Sessions of this node's own that it has in memory, 1 to 65,535.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of that range.</exception>
    public CachedSessionStore(IDistributedCache cache, IDataProtectionProvider protection, int ownCapacity = 4096)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(protection);
        _cache = cache;
        _protector = protection.CreateProtector("NfDtls.Cluster.Sessions.v1");
        _own = new MemorySessionStore(ownCapacity);
        for (int i = 0; i < Lanes; i++)
        {
            Channel<Func<CancellationToken, Task>> lane = Channel.CreateBounded<Func<CancellationToken, Task>>(new BoundedChannelOptions(MaxPending / Lanes) { SingleReader = true });
            _lanes[i] = lane;
            _writing[i] = Task.Run(() => WriteAsync(lane.Reader));
        }
    }

    /// <summary>Writes that did not come to pass: the cache was full of others', or out of reach.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <inheritdoc/>
    public override void Put(byte[] id, byte[] session, int seconds, long now)
    {
        string key = KeyOf(id);
        byte[] sealed_ = _protector.Protect(session);
        _own.Put(id, session, seconds, now);
        DistributedCacheEntryOptions options = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(seconds) };
        Enqueue(key, token => _cache.SetAsync(key, sealed_, options, token));
    }

    /// <inheritdoc/>
    public override byte[]? Find(byte[] id, long now)
    {
        // Another node may have removed it meanwhile, where its connection failed: that is asked of the cache by whoever has it not.
        byte[]? own = _own.Find(id, now);
        if (own != null)
        {
            return own;
        }

        byte[]? sealed_ = _cache.Get(KeyOf(id));
        try
        {
            return sealed_ == null ? null : _protector.Unprotect(sealed_);
        }
        catch (CryptographicException)
        {
            return null; // Not ours, or sealed under a key that was revoked.
        }
    }

    /// <inheritdoc/>
    public override void Remove(byte[] id)
    {
        _own.Remove(id);
        string key = KeyOf(id);
        Enqueue(key, token => _cache.RemoveAsync(key, token));
    }

    /// <summary>Waits until what was put so far is written, 10 s at the most.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Channel<Func<CancellationToken, Task>> lane in _lanes)
        {
            lane.Writer.TryComplete();
        }

        Task all = Task.WhenAll(_writing);
        try
        {
            await all.WaitAsync(MostAtEnd).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whatever is left is lost, and counted, if the cache gives it up when it is asked to.
        }

        await _end.CancelAsync().ConfigureAwait(false);
    }

    private static string KeyOf(byte[] id)
    {
        return Prefix + Convert.ToHexString(id);
    }

    private void Enqueue(string key, Func<CancellationToken, Task> write)
    {
        if (!_lanes[(key.GetHashCode(StringComparison.Ordinal) & int.MaxValue) % Lanes].Writer.TryWrite(write))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    private async Task WriteAsync(ChannelReader<Func<CancellationToken, Task>> lane)
    {
        await foreach (Func<CancellationToken, Task> write in lane.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await write(_end.Token).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The cache is out of reach: its session is resumed here, or nowhere.
                Interlocked.Increment(ref _lost);
            }
        }
    }
}
