using System;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Net;
using StackExchange.Redis;

namespace NfDtls.Cluster;

/// <summary>
/// Associations in Redis: a hash for each connection ID, with the life and the generation that stored it; of one that is over the
/// generation stays. Redis must keep what it has acknowledged: one primary with `appendonly yes` that evicts nothing, and replicas that
/// take over only whole (WAIT is asked of <see cref="Replicas"/> of them).
/// </summary>
public sealed class RedisAssociations : AssociationStore, IAsyncDisposable
{
    // Generation, life, what it follows ("" for nothing), how long it is kept, content, owner. Without content it is over.
    private const string Store = """
        local stored = redis.call('HMGET', KEYS[1], 'g', 'l', 's')
        if not stored[1] then
            if ARGV[3] ~= '0' then return 0 end
        elseif not stored[3] then
            return 0
        elseif stored[2] == ARGV[2] then
            if tonumber(stored[1]) >= tonumber(ARGV[1]) then return 0 end
        elseif stored[1] ~= ARGV[3] then
            return 0
        end
        redis.call('HSET', KEYS[1], 'g', ARGV[1], 'l', ARGV[2], 's', ARGV[5], 'o', ARGV[6])
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        return 1
        """;

    private const string Remove = """
        local stored = redis.call('HMGET', KEYS[1], 'g', 'l', 's')
        if stored[1] and (not stored[3] or stored[2] ~= ARGV[2]) then return 0 end
        if not stored[1] or tonumber(stored[1]) < tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'g', ARGV[1]) end
        redis.call('HDEL', KEYS[1], 'l', 's', 'o')
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """;

    private static readonly RedisValue[] Fields = ["s", "o"];

    private readonly IDatabase _database;
    private readonly string _prefix;
    private readonly TimeSpan _keep;
    private readonly ReplicaWait? _wait;

    /// <param name="redis">The connection, which stays the caller's.</param>
    /// <param name="fleet">Keeps one fleet's associations from another's.</param>
    /// <param name="keep">How long an association is kept that stores no promise, and that one is over; longer than a node can be cut off from Redis and come back. Null for 30 days.</param>
    public RedisAssociations(IConnectionMultiplexer redis, string fleet = "nfdtls", TimeSpan? keep = null)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentException.ThrowIfNullOrEmpty(fleet);
        _database = redis.GetDatabase();
        _prefix = fleet + ":association:";
        _keep = keep ?? TimeSpan.FromDays(30);
        ArgumentOutOfRangeException.ThrowIfLessThan(_keep, TimeSpan.FromSeconds(1), nameof(keep));
    }

    /// <summary>With replicas that must have a promise before its numbers are used.</summary>
    /// <param name="redis">The connection, which stays the caller's.</param>
    /// <param name="storing">
    /// Another connection to the same Redis, which nothing else uses and which stays the caller's: WAIT holds up whatever comes behind
    /// it on its connection. Stores that come together wait once.
    /// </param>
    /// <param name="replicas">How many, 1 or more.</param>
    /// <param name="patience">How long they have before a store counts as failed, and is tried again; null for a second.</param>
    /// <param name="fleet">Keeps one fleet's associations from another's.</param>
    /// <param name="keep">As above.</param>
    /// <exception cref="ArgumentException">Both connections are the same, or a number is out of its range.</exception>
    public RedisAssociations(IConnectionMultiplexer redis, IConnectionMultiplexer storing, int replicas, TimeSpan? patience = null, string fleet = "nfdtls", TimeSpan? keep = null)
        : this(redis, fleet, keep)
    {
        ArgumentNullException.ThrowIfNull(storing);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        TimeSpan most = patience ?? TimeSpan.FromSeconds(1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, TimeSpan.FromMilliseconds(1), nameof(patience));
        if (ReferenceEquals(redis, storing))
        {
            throw new ArgumentException("What waits for replicas needs a connection of its own: it would hold up everything else of this one.", nameof(storing));
        }

        _wait = new ReplicaWait(storing.GetDatabase(), replicas, most);
    }

    /// <summary>Replicas that must have a promise before its numbers are used; 0 where the primary alone is trusted.</summary>
    public int Replicas => _wait?.Replicas ?? 0;

    /// <inheritdoc/>
    public override async ValueTask<bool> StoreAsync(ReadOnlyMemory<byte> id, StoredAssociation association, AssociationFence fence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentNullException.ThrowIfNull(fence);
        RedisValue follows = fence.Follows is long found ? found : RedisValue.EmptyString;
        RedisKey[] keys = [KeyOf(id)];
        RedisValue[] values = [fence.Generation, fence.Life, follows, (long)_keep.TotalMilliseconds, association.Saved, association.Owner];
        Task<RedisResult> stored = _wait == null ? _database.ScriptEvaluateAsync(Store, keys, values) : _wait.WriteAsync(database => EvalAsync(database, keys[0], values));
        return (int)await stored.WaitAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Ends what waits for replicas.</summary>
    public ValueTask DisposeAsync()
    {
        return _wait?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async ValueTask<StoredAssociation?> FindAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken)
    {
        RedisValue[] found = await _database.HashGetAsync(KeyOf(id), Fields).WaitAsync(cancellationToken).ConfigureAwait(false);
        return found[0].IsNull ? null : new StoredAssociation((byte[])found[0]!, (byte[]?)found[1] ?? []);
    }

    /// <inheritdoc/>
    public override async ValueTask RemoveAsync(ReadOnlyMemory<byte> id, AssociationFence fence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fence);
        await _database.ScriptEvaluateAsync(Remove, [KeyOf(id)], [fence.Generation, fence.Life, (long)_keep.TotalMilliseconds]).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // By EVAL, which goes out once: EVALSHA of a script that Redis has forgotten is sent again by itself, behind the WAIT that is to count it.
    private static Task<RedisResult> EvalAsync(IDatabase database, RedisKey key, RedisValue[] values)
    {
        return database.ExecuteAsync("EVAL", [Store, 1, key, .. values]);
    }

    private RedisKey KeyOf(ReadOnlyMemory<byte> id)
    {
        return _prefix + Convert.ToHexString(id.Span);
    }
}
