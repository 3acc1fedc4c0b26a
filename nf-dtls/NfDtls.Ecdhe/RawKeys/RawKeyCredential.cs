namespace NfDtls.Ecdhe
{
    /// <summary>A private key and its SubjectPublicKeyInfo.</summary>
    internal sealed class RawKeyCredential : Credential
    {
        private readonly PrivateKey _key;
        private readonly byte[] _info;

        internal RawKeyCredential(PrivateKey key, byte[] info)
        {
            _key = key;
            _info = info;
        }

        public override PrivateKey Key
        {
            get { return _key; }
        }

        public override int MessageLength
        {
            get { return 3 + _info.Length; }
        }

        public override void Write(WireWriter writer)
        {
            writer.WriteUInt24(_info.Length);
            writer.WriteBytes(_info, 0, _info.Length);
        }
    }
}
