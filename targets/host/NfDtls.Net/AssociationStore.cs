using System;
using System.Threading;
using System.Threading.Tasks;

namespace NfDtls.Net;

/// <summary>An association in a store: what a node stored of it last.</summary>
/// <param name="Saved">Sealed under <see cref="DtlsListenerOptions.AssociationKey"/>.</param>
/// <param name="Owner">The node that stored it (<see cref="ListenerNode.Name"/>).</param>
public sealed record StoredAssociation(byte[] Saved, byte[] Owner);

/// <summary>
/// Which store of an association this is, by which a store tells whether it may still be done. A generation alone does not tell: a node
/// that the store was out of reach for counts on, while another has taken its association over.
/// </summary>
/// <param name="Life">16 random bytes, fresh each time that a node gets an association, by a handshake or from the store.</param>
/// <param name="Generation">1 or more; counts up with each promise of an association, over all its lives.</param>
/// <param name="Follows">
/// What must be there: 0 for a life's stores until one has succeeded where it began by a handshake (nothing, or the same life's), the
/// generation that was found for a take-over (that one), null for all further ones (the same life's).
/// </param>
public sealed record AssociationFence(byte[] Life, long Generation, long? Follows);

/// <summary>
/// Where listeners keep their associations, so that another node goes on with them when one falls
/// (<see cref="DtlsListenerOptions.Associations"/>). What is stored must not be lost and come back: an older copy that is found
/// after a newer one was stored would let numbers be used twice.
/// </summary>
public abstract class AssociationStore
{
    /// <summary>
    /// Stores an association with its life and generation, in one step, whoever else does the same: where the same life stored the one
    /// that is there, and a lower generation; where there is none, if <see cref="AssociationFence.Follows"/> is 0; where the one that is
    /// there has the generation <see cref="AssociationFence.Follows"/>, whoever stored it. Nowhere else, and never over what was removed:
    /// two nodes would use the same numbers under the same keys.
    /// </summary>
    /// <param name="id">The connection ID that its client sends.</param>
    /// <param name="association">What to store.</param>
    /// <param name="fence">Of whom, and after what.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// False: it is another's, or over, and the node lets go of it. What fails otherwise throws, and is tried again with the next
    /// generation; it may have been stored all the same, or be stored later.
    /// </returns>
    public abstract ValueTask<bool> StoreAsync(ReadOnlyMemory<byte> id, StoredAssociation association, AssociationFence fence, CancellationToken cancellationToken);

    /// <summary>Finds an association; null where there is none, or it was removed.</summary>
    /// <param name="id">The connection ID of a record.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract ValueTask<StoredAssociation?> FindAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets an association that is over, where the same life stored it, or nobody did: its content, but not that it was there, so
    /// that nobody stores it again. That may be forgotten when no node can come back that had it: as late as what is stored.
    /// </summary>
    /// <param name="id">The connection ID.</param>
    /// <param name="fence">Of whom, with the highest generation that it tried to store.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract ValueTask RemoveAsync(ReadOnlyMemory<byte> id, AssociationFence fence, CancellationToken cancellationToken);
}
