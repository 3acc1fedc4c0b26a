using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using StackExchange.Redis;

namespace NfDtls.Cluster;

/// <summary>
/// Nodes that tell each other by Redis that they live: each counts up a number of its own beside its address, and one whose number
/// stands still for some beats of this node's is taken for dead. No two clocks are compared.
/// </summary>
public sealed class RedisMembers : IFleetMembers, IAsyncDisposable
{
    private readonly IDatabase _database;
    private readonly string _table;
    private readonly string _own;
    private readonly TimeSpan _beat;
    private readonly int _missed;
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, Member> _all = [];
    private IReadOnlyDictionary<string, IPEndPoint> _living = new Dictionary<string, IPEndPoint>();
    private string? _address;
    private Task _beating = Task.CompletedTask;
    private long _count;
    private long _failures;

    /// <param name="redis">The connection, which stays the caller's.</param>
    /// <param name="nodeId">This node's ID.</param>
    /// <param name="fleet">Keeps one fleet's nodes from another's.</param>
    /// <param name="beat">How often; null for half a second.</param>
    /// <param name="missedBeats">After how many beats of this node's without one of another's that one is dead, 2 or more.</param>
    public RedisMembers(IConnectionMultiplexer redis, ReadOnlySpan<byte> nodeId, string fleet = "nfdtls", TimeSpan? beat = null, int missedBeats = 6)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentException.ThrowIfNullOrEmpty(fleet);
        ArgumentOutOfRangeException.ThrowIfLessThan(missedBeats, 2);
        _database = redis.GetDatabase();
        _table = fleet + ":nodes";
        _own = Convert.ToHexString(nodeId);
        _beat = beat ?? TimeSpan.FromMilliseconds(500);
        _missed = missedBeats;
    }

    /// <summary>Beats that Redis did not take. The nodes known last count as living meanwhile.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Nodes that live, this one among them.</summary>
    public int Count => Volatile.Read(ref _living).Count;

    /// <summary>Tells the others where this node is reached, and goes on doing so.</summary>
    /// <param name="handOver">Where; not all of a machine's addresses, and with a port.</param>
    /// <exception cref="ArgumentException">Nobody can send there.</exception>
    /// <exception cref="RedisException">Redis is out of reach.</exception>
    public async Task JoinAsync(IPEndPoint handOver)
    {
        ArgumentNullException.ThrowIfNull(handOver);
        if (!IsUsable(handOver))
        {
            throw new ArgumentException($"The other nodes reach this one at an address and port of its own, not at {handOver}.", nameof(handOver));
        }

        _address = handOver.ToString();
        await BeatAsync().ConfigureAwait(false);
        _beating = Task.Run(GoOnAsync);
    }

    /// <inheritdoc/>
    public IPEndPoint? Find(ReadOnlySpan<byte> name)
    {
        return Volatile.Read(ref _living).GetValueOrDefault(Convert.ToHexString(name));
    }

    /// <summary>Leaves: the others know at their next beat.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        try
        {
            await _database.HashDeleteAsync(_table, _own).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // They find out.
        }

        _end.Dispose();
    }

    private static bool IsUsable(IPEndPoint address)
    {
        return address.Port != 0 && FleetNode.IsReachable(address);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps one beat from Redis, the next one may get there.")]
    private async Task GoOnAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(_beat, _end.Token).ConfigureAwait(false);
                await BeatAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception)
            {
                Interlocked.Increment(ref _failures);
            }
        }
    }

    private async Task BeatAsync()
    {
        _count++;
        await _database.HashSetAsync(_table, _own, _count.ToString(CultureInfo.InvariantCulture) + " " + _address).ConfigureAwait(false);
        Dictionary<string, IPEndPoint> living = [];
        foreach (HashEntry entry in await _database.HashGetAllAsync(_table).ConfigureAwait(false))
        {
            string name = entry.Name.ToString();
            string said = entry.Value.ToString();
            if (!_all.TryGetValue(name, out Member? member) || member.Said != said)
            {
                // One that is met for the first time gets the doubt: it may have fallen long ago.
                _all[name] = member = new Member(said, _count);
            }

            if (_count - member.Since < _missed && IPEndPoint.TryParse(said[(said.IndexOf(' ', StringComparison.Ordinal) + 1)..], out IPEndPoint? address) && IsUsable(address))
            {
                living[name] = address;
            }
            else if (_count - member.Since > 100L * _missed)
            {
                _all.Remove(name);
                await _database.HashDeleteAsync(_table, name).ConfigureAwait(false);
            }
        }

        Volatile.Write(ref _living, living);
    }

    private sealed record Member(string Said, long Since);
}
