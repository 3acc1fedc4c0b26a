using System.Security.Cryptography;

namespace NfDtls.Net;

/// <summary>What is known of one association's copy in the store.</summary>
internal sealed class Kept
{
    private const int LifeLength = 16;

    /// <param name="id">Its connection ID.</param>
    /// <param name="follows">The generation that was found in the store; 0 where it began by a handshake.</param>
    internal Kept(byte[] id, long follows)
    {
        Id = id;
        Follows = follows;
    }

    internal byte[] Id { get; }

    internal byte[] Life { get; } = RandomNumberGenerator.GetBytes(LifeLength);

    /// <summary>Null once a store has succeeded.</summary>
    internal long? Follows { get; set; }

    internal AssociationFence Fence => new(Life, Generation, Follows);

    /// <summary>Whether it keeps within a promise of the keys that it has.</summary>
    internal bool IsBound { get; set; }

    internal long Generation { get; set; }

    /// <summary>Whether the store is at work for it; then the next promise waits.</summary>
    internal bool IsBusy { get; set; }

    internal bool IsWanted { get; set; }

    internal bool IsOver { get; set; }

    /// <summary>Whether it is over here alone: the copy in the store is another node's, or for whoever gets its client's next record.</summary>
    internal bool IsLetGo { get; set; }
}
