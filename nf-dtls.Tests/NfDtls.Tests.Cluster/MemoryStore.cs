using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>Associations in memory, as a store must keep them.</summary>
internal sealed class MemoryStore : AssociationStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _all = [];

    /// <summary>How many more calls fail.</summary>
    internal int Failures;

    internal int Stores;

    /// <summary>How often it was asked.</summary>
    internal int Finds;

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _all.Values.Count(entry => entry.Association != null);
            }
        }
    }

    public override ValueTask<bool> StoreAsync(ReadOnlyMemory<byte> id, StoredAssociation association, AssociationFence fence, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref Failures) >= 0)
        {
            throw new TimeoutException("As the test has it.");
        }

        lock (_lock)
        {
            string key = Convert.ToHexString(id.Span);
            _all.TryGetValue(key, out Entry? stored);
            bool isItsOwn = stored != null && stored.Life.AsSpan().SequenceEqual(fence.Life);
            bool mayBe = stored == null ? fence.Follows == 0
                : stored.Association != null && (isItsOwn ? stored.Generation < fence.Generation : stored.Generation == fence.Follows);
            if (!mayBe)
            {
                return ValueTask.FromResult(false);
            }

            _all[key] = new Entry(association, fence.Life, fence.Generation);
            Stores++;
            return ValueTask.FromResult(true);
        }
    }

    public override ValueTask<StoredAssociation?> FindAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Finds);
        lock (_lock)
        {
            return ValueTask.FromResult(_all.GetValueOrDefault(Convert.ToHexString(id.Span))?.Association);
        }
    }

    public override ValueTask RemoveAsync(ReadOnlyMemory<byte> id, AssociationFence fence, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            string key = Convert.ToHexString(id.Span);
            if (!_all.TryGetValue(key, out Entry? stored) || (stored.Association != null && stored.Life.AsSpan().SequenceEqual(fence.Life)))
            {
                _all[key] = new Entry(null, [], Math.Max(fence.Generation, stored?.Generation ?? 0));
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Without an association it was removed.</summary>
    private sealed record Entry(StoredAssociation? Association, byte[] Life, long Generation);
}
