namespace NfDtls
{
    /// <summary>One pre-shared key. Never changed after it was made, so that a running handshake keeps what it began with.</summary>
    internal sealed class PskEntry
    {
        internal readonly byte[] Key;
        internal readonly byte[] Identity;
        internal readonly byte[] Hint;

        internal PskEntry(byte[] key, byte[] identity, byte[] hint)
        {
            Key = key;
            Identity = identity;
            Hint = hint;
        }
    }
}
