using System;

namespace NfDtls.X509
{
    /// <summary>
    /// The DER of one private key: PKCS#1 (RFC 8017 appendix A.1.2), SEC 1 (RFC 5915) or PKCS#8 in both versions (RFC 5958,
    /// RFC 8410). Numbers with zeros too many or, on a curve, too few are taken: tools wrote such. Everything else is strict.
    /// </summary>
    internal sealed class KeyFile
    {
        // First bytes of a point (SEC 1 section 2.3.3): 2 or 3, 4, 6 or 7.
        private const int LastCompressed = 3;
        private const int Uncompressed = 4;
        private const int LastMixed = 7;

        private const int ExplicitPublicKey = DerTag.ContextConstructed + 1;
        private const int ImplicitPublicKey = DerTag.Context + 1;

        private readonly DerReader _reader = new DerReader();
        private StoredPrivateKey _rsa;
        private long _curve;
        private bool _isCurveNamed;
        private int _kind;
        private int _offset;
        private int _count;
        private PublicKey _public;

        private KeyFile()
        {
        }

        /// <summary>Reads a key of an array that holds nothing else.</summary>
        /// <exception cref="ArgumentException">It is none; the message says what to do.</exception>
        internal static StoredPrivateKey Read(byte[] der)
        {
            KeyFile file = new KeyFile();
            file._reader.Reset(der, 0, der.Length);
            if (!file.ReadForm() || !file._reader.Leave() || !file._reader.IsAtEnd)
            {
                throw new ArgumentException(KeyText.Malformed);
            }

            return file._rsa != null ? file._rsa : new StoredPrivateKey(file._kind, der, file._offset, file._count, file._public);
        }

        /// <summary>By what stands behind the version: PKCS#1 has a number there, SEC 1 an octet string, PKCS#8 an algorithm.</summary>
        private bool ReadForm()
        {
            DerReader reader = _reader;
            reader.Enter(DerTag.Sequence);
            if (reader.Tag == DerTag.Sequence)
            {
                CheckEncrypted();
            }

            int version = reader.ReadSmall();
            if (version > 1)
            {
                return false;
            }

            switch (reader.Tag)
            {
                case DerTag.Integer: return ReadRsa(version);
                case DerTag.OctetString: return version == 1 && ReadCurveKey();
                case DerTag.Sequence: return ReadPkcs8();
                default: return false;
            }
        }

        /// <summary>An EncryptedPrivateKeyInfo is an algorithm and an octet string.</summary>
        private void CheckEncrypted()
        {
            _reader.ReadAny();
            if (_reader.Read(DerTag.OctetString) && _reader.Leave() && _reader.IsAtEnd)
            {
                throw new ArgumentException(KeyText.Encrypted);
            }
        }

        /// <summary>What stands behind an RSAPrivateKey's version: eight numbers, of which a key that lost some has zeros or nothing.</summary>
        private bool ReadRsa(int version)
        {
            int[] offsets = new int[StoredPrivateKey.RsaParts];
            int[] counts = new int[StoredPrivateKey.RsaParts];
            for (int i = 0; i < offsets.Length && !_reader.IsAtEnd; i++)
            {
                if (!ReadNumber())
                {
                    return false;
                }

                offsets[i] = _offset;
                counts[i] = _count;
            }

            bool isKey = !_reader.Failed && counts[StoredPrivateKey.Modulus] > 0 && counts[StoredPrivateKey.PublicExponent] > 0
                && counts[StoredPrivateKey.PrivateExponent] > 0;
            for (int i = StoredPrivateKey.Prime1; isKey && i < counts.Length; i++)
            {
                if (counts[i] == 0)
                {
                    throw new ArgumentException(KeyText.BareRsa);
                }
            }

            if (isKey && version != 0)
            {
                throw new ArgumentException(KeyText.ManyPrimes);
            }

            _rsa = isKey ? new StoredPrivateKey(_reader.Buffer, offsets, counts) : null;
            return isKey;
        }

        /// <summary>A number that is not negative, without its leading zeros, be there one too many or not.</summary>
        private bool ReadNumber()
        {
            if (!_reader.Read(DerTag.Integer) || _reader.Length == 0 || _reader.Buffer[_reader.Offset] >= 0x80)
            {
                return _reader.Fail();
            }

            _offset = _reader.Offset;
            _count = _reader.Length;
            while (_count > 0 && _reader.Buffer[_offset] == 0)
            {
                _offset++;
                _count--;
            }

            return true;
        }

        /// <summary>What stands behind an ECPrivateKey's version: the scalar, the curve unless it is known, and perhaps the point.</summary>
        private bool ReadCurveKey()
        {
            DerReader reader = _reader;
            reader.Read(DerTag.OctetString);
            int offset = reader.Offset;
            int count = reader.Length;
            if (reader.Tag == DerTag.ContextConstructed)
            {
                reader.Enter(DerTag.ContextConstructed);
                if (!ReadCurve() || !reader.Leave())
                {
                    return false;
                }
            }

            if (reader.Failed)
            {
                return false;
            }

            _kind = SubjectKeyReader.KindOf(Oid.EcPublicKey, _curve);
            if (_kind == 0)
            {
                throw new ArgumentException(_isCurveNamed ? KeyText.OtherCurve : KeyText.NoCurve);
            }

            TakeScalar(offset, count);
            return reader.Tag != ExplicitPublicKey || ReadPublicKey();
        }

        /// <summary>A curve by its name; where two places name one, they agree.</summary>
        private bool ReadCurve()
        {
            if (_reader.Tag == DerTag.Sequence)
            {
                throw new ArgumentException(KeyText.ExplicitCurve);
            }

            long curve = _reader.ReadOid();
            bool agrees = !_isCurveNamed || curve == _curve;
            _curve = curve;
            _isCurveNamed = true;
            return agrees && !_reader.Failed;
        }

        /// <summary>
        /// RFC 5915 section 3 wants as many bytes as the curve's order has. About one key in 256 begins with a zero, which some
        /// tools leave out; others put one more before it.
        /// </summary>
        private void TakeScalar(int offset, int count)
        {
            int size = SubjectKeyReader.LengthOf(_kind) / 2;
            byte[] buffer = _reader.Buffer;
            while (count > size && buffer[offset] == 0)
            {
                offset++;
                count--;
            }

            int bits = 0;
            for (int i = 0; i < count; i++)
            {
                bits |= buffer[offset + i];
            }

            if (bits == 0 || count > size)
            {
                throw new ArgumentException(KeyText.ScalarRange);
            }

            _offset = offset;
            _count = count;
        }

        /// <summary>What stands behind the version of PKCS#8: an algorithm, a key, attributes, a public key.</summary>
        private bool ReadPkcs8()
        {
            DerReader reader = _reader;
            reader.Enter(DerTag.Sequence);
            long algorithm = reader.ReadOid();
            if (reader.Failed || !ReadParameters(algorithm) || !reader.Leave())
            {
                return false;
            }

            reader.Enter(DerTag.OctetString);
            bool isRead = algorithm == Oid.Ed25519 ? ReadSeed() : ReadWrapped(algorithm == Oid.RsaEncryption);
            if (!isRead || !reader.Leave())
            {
                return false;
            }

            if (reader.Tag == DerTag.ContextConstructed)
            {
                reader.ReadAny();   // attributes
            }

            return reader.IsAtEnd ? !reader.Failed : ReadPublicKey();
        }

        /// <summary>A curve's name, NULL or nothing for RSA (RFC 8017 appendix A.1 has NULL), nothing for Ed25519 (RFC 8410 section 3).</summary>
        private bool ReadParameters(long algorithm)
        {
            switch (algorithm)
            {
                case Oid.EcPublicKey: return _reader.IsAtEnd || ReadCurve();
                case Oid.RsaEncryption: return _reader.IsAtEnd || _reader.ReadNull();
                case Oid.Ed25519: return true;
                default: throw new ArgumentException(algorithm == Oid.RsaPss ? KeyText.PssAlone : KeyText.OtherAlgorithm);
            }
        }

        /// <summary>PKCS#1 or SEC 1 inside PKCS#8.</summary>
        private bool ReadWrapped(bool isRsa)
        {
            _reader.Enter(DerTag.Sequence);
            int version = _reader.ReadSmall();
            bool isRead = isRsa ? ReadRsa(version) : version == 1 && ReadCurveKey();
            return isRead && _reader.Leave();
        }

        private bool ReadSeed()
        {
            _kind = KeyKind.Ed25519;
            if (!_reader.Read(DerTag.OctetString) || _reader.Length != SubjectKeyReader.LengthOf(_kind))
            {
                return false;
            }

            _offset = _reader.Offset;
            _count = _reader.Length;
            return true;
        }

        /// <summary>A public key: in SEC 1 a bit string inside [1], in PKCS#8 under a tag [1] of its own, where some tools wrote it as in SEC 1.</summary>
        private bool ReadPublicKey()
        {
            if (_reader.Tag == ExplicitPublicKey)
            {
                return _reader.Enter(ExplicitPublicKey) && _reader.ReadBits(DerTag.BitString) && TakePublicKey() && _reader.Leave();
            }

            return _reader.ReadBits(ImplicitPublicKey) && TakePublicKey();
        }

        /// <summary>
        /// Keeps the key just read. A point that is compressed, or is the old mixture of both forms, is passed over: the scalar
        /// tells as much.
        /// </summary>
        private bool TakePublicKey()
        {
            if (_rsa != null || _public != null)
            {
                return true;
            }

            int size = SubjectKeyReader.LengthOf(_kind);
            int length = _reader.Length;
            int form = length == 0 ? -1 : _reader.Buffer[_reader.Offset];
            if (length == size && (_kind == KeyKind.Ed25519 || form == Uncompressed))
            {
                _public = new PublicKey();
                _public.Set(_kind, _reader.Buffer, _reader.Offset, length);
                return true;
            }

            bool isMixed = length == size && (form | 1) == LastMixed;
            bool isCompressed = length == (size + 1) / 2 && (form | 1) == LastCompressed;
            return _kind != KeyKind.Ed25519 && (isMixed || isCompressed);
        }
    }
}
