using System;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>One node's way to the store, which may be cut.</summary>
internal sealed class Link(AssociationStore store) : AssociationStore
{
    private int _failed;

    /// <summary>Nothing reaches the store.</summary>
    internal volatile bool IsCut;

    /// <summary>What is stored is, but nobody hears that it was.</summary>
    internal volatile bool LosesAnswers;

    /// <summary>Stores that came to nothing, as far as the node knows.</summary>
    internal int Failed => Volatile.Read(ref _failed);

    public override async ValueTask<bool> StoreAsync(ReadOnlyMemory<byte> id, StoredAssociation association, AssociationFence fence, CancellationToken cancellationToken)
    {
        Check();
        bool isStored = await store.StoreAsync(id, association, fence, cancellationToken);
        return LosesAnswers ? throw Failure() : isStored;
    }

    public override ValueTask<StoredAssociation?> FindAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken)
    {
        Check();
        return store.FindAsync(id, cancellationToken);
    }

    public override ValueTask RemoveAsync(ReadOnlyMemory<byte> id, AssociationFence fence, CancellationToken cancellationToken)
    {
        Check();
        return store.RemoveAsync(id, fence, cancellationToken);
    }

    private void Check()
    {
        if (IsCut)
        {
            throw Failure();
        }
    }

    private TimeoutException Failure()
    {
        Interlocked.Increment(ref _failed);
        return new TimeoutException("As the test has it.");
    }
}
