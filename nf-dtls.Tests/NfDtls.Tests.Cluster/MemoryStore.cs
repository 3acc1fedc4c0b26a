using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>Associations in memory, as a store must keep them.</summary>
internal sealed class MemoryStore : AssociationStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (StoredAssociation Association, long Generation)> _all = [];

    /// <summary>How many more calls fail.</summary>
    internal int Failures;

    internal int Stores;

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _all.Count;
            }
        }
    }

    public override ValueTask<bool> StoreAsync(ReadOnlyMemory<byte> id, StoredAssociation association, long generation, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref Failures) >= 0)
        {
            throw new TimeoutException("As the test has it.");
        }

        lock (_lock)
        {
            string key = Convert.ToHexString(id.Span);
            if (_all.TryGetValue(key, out (StoredAssociation Association, long Generation) stored) && stored.Generation >= generation)
            {
                return ValueTask.FromResult(false);
            }

            _all[key] = (association, generation);
            Stores++;
            return ValueTask.FromResult(true);
        }
    }

    public override ValueTask<StoredAssociation?> FindAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(_all.TryGetValue(Convert.ToHexString(id.Span), out (StoredAssociation Association, long Generation) stored) ? stored.Association : null);
        }
    }

    public override ValueTask RemoveAsync(ReadOnlyMemory<byte> id, long generation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            string key = Convert.ToHexString(id.Span);
            if (_all.TryGetValue(key, out (StoredAssociation Association, long Generation) stored) && stored.Generation <= generation)
            {
                _all.Remove(key);
            }
        }

        return ValueTask.CompletedTask;
    }
}
