namespace NfDtls
{
    /// <summary>
    /// A public key inside somebody's buffer, most often a certificate's: nothing is copied, so the buffer must stay as it is
    /// while the key is used. An object may be pointed at another key by the Set methods.
    /// </summary>
    public sealed class PublicKey
    {
        private int _kind;
        private byte[] _buffer;
        private int _offset;
        private int _count;
        private int _exponentOffset;
        private int _exponentCount;

        /// <summary>A kind of <see cref="KeyKind"/>, 0 before anything was set.</summary>
        public int Kind
        {
            get { return _kind; }
        }

        /// <summary>The buffer that holds the key.</summary>
        public byte[] Buffer
        {
            get { return _buffer; }
        }

        /// <summary>Where the key begins: the modulus of an RSA key, the uncompressed point (04, X, Y), or 32 bytes of Ed25519 or X25519.</summary>
        public int Offset
        {
            get { return _offset; }
        }

        /// <summary>Bytes of it; an RSA modulus has no leading zeros.</summary>
        public int Count
        {
            get { return _count; }
        }

        /// <summary>Where an RSA key's public exponent begins.</summary>
        public int ExponentOffset
        {
            get { return _exponentOffset; }
        }

        /// <summary>Bytes of the public exponent, without leading zeros; 0 for other kinds.</summary>
        public int ExponentCount
        {
            get { return _exponentCount; }
        }

        /// <summary>Size of the key in bits: of the modulus, or of the curve's field.</summary>
        public int Bits
        {
            get
            {
                switch (_kind)
                {
                    case KeyKind.Rsa: return ModulusBits();
                    case KeyKind.Secp384r1: return 384;
                    case KeyKind.Secp521r1: return 521;
                    case 0: return 0;
                    default: return 256;
                }
            }
        }

        /// <summary>The longest signature that such a key makes, in bytes: the modulus, a DER sequence of two integers, or 64 of Ed25519.</summary>
        public int MaxSignatureLength
        {
            get
            {
                switch (_kind)
                {
                    case KeyKind.Rsa: return _count;
                    case KeyKind.Secp256r1: return 72;
                    case KeyKind.Secp384r1: return 104;
                    case KeyKind.Secp521r1: return 139;
                    default: return 64;
                }
            }
        }

        /// <summary>Points at a key that is no RSA key.</summary>
        public void Set(int kind, byte[] buffer, int offset, int count)
        {
            _kind = kind;
            _buffer = buffer;
            _offset = offset;
            _count = count;
            _exponentOffset = 0;
            _exponentCount = 0;
        }

        /// <summary>Points at an RSA key: modulus and exponent, big-endian; leading zeros are passed over.</summary>
        public void SetRsa(byte[] buffer, int modulusOffset, int modulusCount, int exponentOffset, int exponentCount)
        {
            while (modulusCount > 0 && buffer[modulusOffset] == 0)
            {
                modulusOffset++;
                modulusCount--;
            }

            while (exponentCount > 0 && buffer[exponentOffset] == 0)
            {
                exponentOffset++;
                exponentCount--;
            }

            Set(KeyKind.Rsa, buffer, modulusOffset, modulusCount);
            _exponentOffset = exponentOffset;
            _exponentCount = exponentCount;
        }

        /// <summary>Points at nothing.</summary>
        public void Clear()
        {
            _buffer = null;
            _kind = 0;
        }

        private int ModulusBits()
        {
            int bits = 8 * _count;
            int mask = 0x80;
            while (bits > 0 && mask > 0 && (_buffer[_offset] & mask) == 0)
            {
                bits--;
                mask >>= 1;
            }

            return bits;
        }
    }
}
