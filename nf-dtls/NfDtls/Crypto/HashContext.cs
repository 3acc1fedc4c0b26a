namespace NfDtls
{
    /// <summary>A hash being computed. Made by <see cref="CryptoProvider.CreateHash"/>; allocates nothing after that.</summary>
    public abstract class HashContext
    {
        /// <summary>Length of the digest in bytes.</summary>
        public abstract int Size { get; }

        /// <summary>Adds bytes to what is hashed.</summary>
        public abstract void Update(byte[] data, int offset, int count);

        /// <summary>Writes the digest of what was added so far (<see cref="Size"/> bytes) and goes on: later bytes may be added.</summary>
        public abstract void Peek(byte[] destination, int offset);

        /// <summary>Forgets all that was added, as if just made.</summary>
        public abstract void Reset();
    }
}
