using System;
using System.Threading;
using System.Threading.Tasks;

namespace NfDtls.Net;

/// <summary>An association in a store: what a node stored of it last.</summary>
/// <param name="Saved">Sealed under <see cref="DtlsListenerOptions.AssociationKey"/>.</param>
/// <param name="Owner">The node that stored it (<see cref="ListenerNode.Name"/>).</param>
public sealed record StoredAssociation(byte[] Saved, byte[] Owner);

/// <summary>
/// Where listeners keep their associations, so that another node goes on with them when one falls
/// (<see cref="DtlsListenerOptions.Associations"/>). What is stored must not be lost and come back: an older copy that is found
/// after a newer one was stored would let numbers be used twice.
/// </summary>
public abstract class AssociationStore
{
    /// <summary>
    /// Stores an association, where none is stored under that ID, or one of a lower generation: in one step, whoever else does the
    /// same. So of two nodes that take an association at one time one has it.
    /// </summary>
    /// <param name="id">The connection ID that its client sends.</param>
    /// <param name="association">What to store.</param>
    /// <param name="generation">Counts up with each promise of an association, over all its lives.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: what is there is as new or newer. What fails otherwise throws, and is tried again.</returns>
    public abstract ValueTask<bool> StoreAsync(ReadOnlyMemory<byte> id, StoredAssociation association, long generation, CancellationToken cancellationToken);

    /// <summary>Finds an association; null where there is none.</summary>
    /// <param name="id">The connection ID of a record.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract ValueTask<StoredAssociation?> FindAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken);

    /// <summary>Forgets an association that is over, unless a higher generation of it was stored.</summary>
    /// <param name="id">The connection ID.</param>
    /// <param name="generation">The one stored last by who asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract ValueTask RemoveAsync(ReadOnlyMemory<byte> id, long generation, CancellationToken cancellationToken);
}
