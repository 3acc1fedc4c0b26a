namespace NfDtls.Dtls13
{
    /// <summary>
    /// The transcript of DTLS 1.3 (RFC 9147 section 5.2, RFC 8446 section 4.4.1): messages with the header of TLS alone. Before a
    /// HelloRetryRequest the first ClientHello gives way to a message of its hash.
    /// </summary>
    internal sealed class Transcript13 : Transcript
    {
        private const int MessageHash = 254;
        private const int HeaderLength = 4;

        private readonly CryptoProvider _crypto;
        private int _ahead;

        /// <summary>Whose signature <see cref="CopySigned"/> is asked for.</summary>
        internal bool IsSignedByServer;

        /// <summary>Whether a ClientHello waits for <see cref="AddPart"/>: a server first looks what comes before it, and at its binders.</summary>
        internal bool HoldsHello;

        internal Transcript13(CryptoProvider crypto, CipherSuiteTable suites)
            : base(crypto, suites, 0)
        {
            _crypto = crypto;
        }

        internal override bool Takes(int type)
        {
            return true;
        }

        internal override int WriteHeader(byte[] destination, int type, int length, int messageSequence)
        {
            destination[0] = (byte)type;
            destination[1] = (byte)(length >> 16);
            destination[2] = (byte)(length >> 8);
            destination[3] = (byte)length;
            return HeaderLength;
        }

        /// <summary>Adds a message, or what is left of it behind what was added by <see cref="AddPart"/>.</summary>
        internal override void Add(int type, int messageSequence, int length, byte[] bytes, int offset, int count)
        {
            if (type == HandshakeType.ClientHello && HoldsHello)
            {
                return;
            }

            if (type == HandshakeType.ServerHello && HelloRetry.Is(bytes, offset, count))
            {
                ReplaceByHash();
            }

            int ahead = IsInside ? _ahead : 0;
            base.Add(type, messageSequence, length, bytes, offset + ahead, count - ahead);
        }

        /// <summary>Adds the first bytes of a message, or the next ones of one that was begun so.</summary>
        internal void AddPart(int type, int length, byte[] bytes, int offset, int count)
        {
            base.Add(type, 0, length, bytes, offset, count);
            _ahead = count;
        }

        /// <summary>Begins with the hash of a first ClientHello that nobody kept: what a cookie brought back.</summary>
        internal void Begin(byte[] digest, int offset, int count)
        {
            Reset();
            AddPart(MessageHash, count, digest, offset, count);
        }

        /// <summary>The transcript's hash is signed, so any hash will do for that.</summary>
        internal override bool Signs(int hash)
        {
            return hash == 0 || _crypto.Supports(hash);
        }

        /// <summary>Who signs, and the transcript's hash (RFC 8446 section 4.4.3); hashed, or by 0 as it is.</summary>
        internal override byte[] CopySigned(int hash)
        {
            byte[] digest = new byte[Hkdf.MaxHash];
            byte[] content = CertificateVerify.Content(IsSignedByServer, digest, Peek(digest, 0));
            if (hash == 0)
            {
                return content;
            }

            HashContext context = _crypto.CreateHash(hash);
            context.Update(content, 0, content.Length);
            byte[] signed = new byte[context.Size];
            context.Peek(signed, 0);
            return signed;
        }

        /// <summary>All that was added becomes one message, of its hash: by each hash that is kept its own.</summary>
        private void ReplaceByHash()
        {
            byte[] message = new byte[HeaderLength + Hkdf.MaxHash];
            for (int i = 0; i < Contexts.Length; i++)
            {
                HashContext context = Contexts[i];
                WriteHeader(message, MessageHash, context.Size, 0);
                context.Peek(message, HeaderLength);
                context.Reset();
                context.Update(message, 0, HeaderLength + context.Size);
            }
        }
    }
}
