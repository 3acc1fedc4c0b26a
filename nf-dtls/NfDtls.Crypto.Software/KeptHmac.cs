namespace NfDtls.Crypto.Software
{
    /// <summary>An HMAC that keeps the hash's states after the key's blocks: two blocks less for each use.</summary>
    internal sealed class KeptHmac : HmacContext
    {
        private readonly HmacState _state;

        /// <summary>Makes one over a hash that is free for other use in between.</summary>
        internal KeptHmac(HmacState state)
        {
            _state = state;
        }

        public override void SetKey(byte[] key, int offset, int count)
        {
            _state.SetKey(key, offset, count);
        }

        public override void Compute(byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            _state.Start();
            _state.Update(data, offset, count);
            _state.Finish(destination, destinationOffset);
        }
    }
}
