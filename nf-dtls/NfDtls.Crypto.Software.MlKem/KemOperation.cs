using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// A key pair, an encapsulation or a decapsulation of ML-KEM-768 (FIPS 203, algorithms 16 to 18). It advances by a permutation of Keccak,
    /// two or three, with a transform behind it or not. Zeroes what it held when it ends.
    /// </summary>
    internal sealed class KemOperation : CryptoOperation
    {
        private const int Rank = 3;
        private const int Seed = 32;
        private const int Row = 384;
        private const int Piece = 320;
        private const int LastPiece = 128;
        private const int KeyLength = NamedGroup.MlKem768PublicLength;

        // Units of a budget that an advance takes, as other operations count them.
        private const int Cost = 32;

        // What is done, one behind the other.
        private const int Making = 0;
        private const int Decrypting = 1;
        private const int Checking = 2;
        private const int Hashing = 3;
        private const int Encrypting = 4;
        private const int Rejecting = 5;

        private readonly Polynomials _ring;
        private readonly Keccak _sponge;
        private readonly ushort[][] _vector = new ushort[Rank][];
        private readonly ushort[] _sum = new ushort[Polynomials.Degree];
        private readonly ushort[] _other = new ushort[Polynomials.Degree];

        // Two seeds or digests, and behind them the message.
        private readonly byte[] _bytes = new byte[3 * Seed];
        private readonly byte[] _piece = new byte[Piece];

        private readonly byte[] _private;
        private readonly int _privateAt;
        private readonly byte[] _key;
        private readonly int _keyAt;

        /// <summary>The ciphertext that is made or, with a private key, that came; null where a key pair is made.</summary>
        private readonly byte[] _cipher;
        private readonly int _cipherAt;
        private readonly byte[] _secret;
        private readonly int _secretAt;
        private readonly bool _decapsulates;

        private int _phase;
        private int _task;
        private int _filled = -1;
        private int _different;
        private bool _hasEnded;

        private KemOperation(KemTables tables, byte[] privateKey, int privateAt, byte[] key, int keyAt, byte[] cipher, int cipherAt, byte[] secret, int secretAt, int phase)
        {
            _ring = new Polynomials(tables);
            _sponge = new Keccak(tables);
            for (int i = 0; i < Rank; i++)
            {
                _vector[i] = new ushort[Polynomials.Degree];
            }

            _private = privateKey;
            _privateAt = privateAt;
            _key = key;
            _keyAt = keyAt;
            _cipher = cipher;
            _cipherAt = cipherAt;
            _secret = secret;
            _secretAt = secretAt;
            _decapsulates = privateKey != null && cipher != null;
            _phase = phase;
        }

        /// <summary>The public key of a seed.</summary>
        internal static KemOperation Generate(KemTables tables, byte[] seed, int seedAt, byte[] key, int keyAt)
        {
            return new KemOperation(tables, seed, seedAt, key, keyAt, null, 0, null, 0, Making);
        }

        /// <summary>A secret of 32 bytes, behind it the ciphertext, for a public key.</summary>
        internal static KemOperation Encapsulate(KemTables tables, CryptoProvider random, byte[] key, int keyAt, byte[] answer, int answerAt)
        {
            KemOperation operation = new KemOperation(tables, null, 0, key, keyAt, answer, answerAt + Seed, answer, answerAt, Checking);
            random.Random(operation._bytes, 2 * Seed, Seed);
            return operation;
        }

        /// <summary>The secret of a ciphertext.</summary>
        internal static KemOperation Decapsulate(KemTables tables, byte[] seed, int seedAt, byte[] cipher, int cipherAt, byte[] secret, int secretAt)
        {
            return new KemOperation(tables, seed, seedAt, new byte[KeyLength], 0, cipher, cipherAt, secret, secretAt, Making);
        }

        public override bool Step(int budget)
        {
            for (; budget > 0 && !_hasEnded; budget -= Cost)
            {
                Advance();
            }

            return _hasEnded;
        }

        public override void Cancel()
        {
            if (!_hasEnded)
            {
                End(DtlsError.InternalError);
            }
        }

        private void Advance()
        {
            if (!Work())
            {
                return;
            }

            _task++;
            if (_task < TasksOf(_phase))
            {
                return;
            }

            _task = 0;
            switch (_phase)
            {
                case Making:
                    Array.Copy(_bytes, 0, _key, _keyAt + (Rank * Row), Seed);
                    if (_decapsulates)
                    {
                        _phase = Decrypting;
                        return;
                    }

                    End(DtlsError.None);
                    return;
                case Decrypting:
                    _phase = Hashing;
                    return;
                case Checking:
                    _phase = Hashing;
                    return;
                case Hashing:
                    _phase = Encrypting;
                    return;
                case Encrypting:
                    if (_decapsulates)
                    {
                        _phase = Rejecting;
                        return;
                    }

                    Array.Copy(_bytes, 0, _secret, _secretAt, Seed);
                    End(DtlsError.None);
                    return;
                default:
                    Choose();
                    End(DtlsError.None);
                    return;
            }
        }

        private static int TasksOf(int phase)
        {
            switch (phase)
            {
                case Making: return 1 + Rank + (Rank * (Rank + 1));
                case Decrypting: return Rank + 1;
                case Checking: return 1;
                case Encrypting: return Rank + (Rank * (Rank + 1)) + 2;
                // Blocks of the key, or of a seed and the ciphertext, and what follows on the last one.
                default: return (KeyLength / Keccak.Sha3256) + 1;
            }
        }

        /// <summary>A unit of a task; whether that was its last.</summary>
        private bool Work()
        {
            switch (_phase)
            {
                case Making: return Make();
                case Decrypting: return Decrypt();
                case Checking: return Check();
                case Hashing: return HashKey();
                case Encrypting: return Encrypt();
                default: return HashRejection();
            }
        }

        /// <summary>K-PKE.KeyGen (algorithm 13): the key, and the secret in the vector.</summary>
        private bool Make()
        {
            if (_task == 0)
            {
                Begin(Keccak.Sha3512, _private, _privateAt, Seed);
                _sponge.Absorb(Rank);
                Finish(Keccak.HashEnd, 2 * Seed);
                return true;
            }

            if (_task <= Rank)
            {
                SampleSmall(_vector[_task - 1], _task - 1);
                _ring.Transform(_vector[_task - 1]);
                return true;
            }

            int row = (_task - 1 - Rank) / (Rank + 1);
            int column = (_task - 1 - Rank) % (Rank + 1);
            if (column < Rank)
            {
                return AddProduct(_bytes, 0, column, row, column);
            }

            Polynomials.Scale(_sum, Polynomials.Square);
            SampleSmall(_other, Rank + row);
            _ring.Transform(_other);
            Polynomials.Add(_sum, _other);
            Polynomials.Write(_key, _keyAt + (row * Row), _sum);
            Array.Clear(_sum, 0, Polynomials.Degree);
            return true;
        }

        /// <summary>K-PKE.Decrypt (algorithm 15) with the secret in the vector.</summary>
        private bool Decrypt()
        {
            if (_task < Rank)
            {
                Polynomials.ReadCompressed(_other, _cipher, _cipherAt + (_task * Piece), 10);
                _ring.Transform(_other);
                _ring.Multiply(_sum, _other, _vector[_task]);
                return true;
            }

            _ring.TransformBack(_sum);
            Polynomials.ReadCompressed(_other, _cipher, _cipherAt + (Rank * Piece), 4);
            for (int i = 0; i < Polynomials.Degree; i++)
            {
                int bit = Polynomials.Compress(Polynomials.Once(_other[i] + Polynomials.Q - _sum[i]), 1);
                int at = (2 * Seed) + (i >> 3);
                _bytes[at] = (byte)(((i & 7) == 0 ? 0 : _bytes[at]) | bit << (i & 7));
            }

            Array.Clear(_sum, 0, Polynomials.Degree);
            return true;
        }

        /// <summary>A peer's key, whose numbers must be below 3329 (section 7.2).</summary>
        private bool Check()
        {
            bool isRight = true;
            for (int i = 0; i < Rank; i++)
            {
                isRight &= Polynomials.Read(_other, _key, _keyAt + (i * Row));
            }

            if (!isRight)
            {
                End(DtlsError.IllegalParameter);
            }

            return isRight;
        }

        /// <summary>The secret and, behind it, the randomness of the encryption, of the message and the key's hash, block by block.</summary>
        private bool HashKey()
        {
            if (!AbsorbBlock(_key, _keyAt, 0, KeyLength))
            {
                return true;
            }

            Finish(Keccak.HashEnd, Seed);
            Begin(Keccak.Sha3512, _bytes, 2 * Seed, Seed);
            _sponge.Absorb(_bytes, 0, Seed);
            Finish(Keccak.HashEnd, 2 * Seed);
            return true;
        }

        /// <summary>K-PKE.Encrypt (algorithm 14): the ciphertext or, where one came, whether it is that.</summary>
        private bool Encrypt()
        {
            if (_task < Rank)
            {
                SampleSmall(_vector[_task], _task);
                _ring.Transform(_vector[_task]);
                return true;
            }

            int row = (_task - Rank) / (Rank + 1);
            int column = (_task - Rank) % (Rank + 1);
            if (row < Rank && column < Rank)
            {
                return AddProduct(_key, _keyAt + (Rank * Row), row, column, column);
            }

            if (row < Rank)
            {
                _ring.TransformBack(_sum);
                SampleSmall(_other, Rank + row);
                Polynomials.Add(_sum, _other);
                Place(10, row * Piece, Piece);
                return true;
            }

            if (column == 0)
            {
                for (int i = 0; i < Rank; i++)
                {
                    Polynomials.Read(_other, _key, _keyAt + (i * Row));
                    _ring.Multiply(_sum, _other, _vector[i]);
                }

                _ring.TransformBack(_sum);
                return true;
            }

            SampleSmall(_other, 2 * Rank);
            Polynomials.Add(_sum, _other);
            for (int i = 0; i < Polynomials.Degree; i++)
            {
                // A one is half of Q, rounded up.
                _other[i] = (ushort)(-((_bytes[(2 * Seed) + (i >> 3)] >> (i & 7)) & 1) & ((Polynomials.Q + 1) / 2));
            }

            Polynomials.Add(_sum, _other);
            Place(4, Rank * Piece, LastPiece);
            return true;
        }

        /// <summary>What a wrong ciphertext gives, of the seed's other half: in the place of the message.</summary>
        private bool HashRejection()
        {
            const int Count = Seed + NamedGroup.MlKem768CipherLength;
            if (_task == 0)
            {
                Begin(Keccak.Shake256, _private, _privateAt + Seed, Seed);
            }

            if (AbsorbBlock(_cipher, _cipherAt, Seed, Count))
            {
                _sponge.Turn(Keccak.ShakeEnd);
                _sponge.Squeeze(_bytes, 2 * Seed, Seed);
            }

            return true;
        }

        private void Choose()
        {
            int mask = (_different | -_different) >> 31;
            for (int i = 0; i < Seed; i++)
            {
                _secret[_secretAt + i] = (byte)((_bytes[(2 * Seed) + i] & mask) | (_bytes[i] & ~mask));
            }
        }

        /// <summary>An entry of the matrix, which is public, times one of the vector: block by block, and true with the last one.</summary>
        private bool AddProduct(byte[] matrix, int at, int first, int second, int of)
        {
            if (_filled < 0)
            {
                Begin(Keccak.Shake128, matrix, at, Seed);
                _sponge.Absorb(first);
                _sponge.Absorb(second);
                _sponge.Turn(Keccak.ShakeEnd);
                _filled = 0;
            }

            for (int i = 0; i < Keccak.Shake128 && _filled < Polynomials.Degree; i += 3)
            {
                int low = _sponge.Next();
                int middle = _sponge.Next();
                int one = low | (middle & 15) << 8;
                int two = middle >> 4 | _sponge.Next() << 4;
                if (one < Polynomials.Q)
                {
                    _other[_filled] = (ushort)one;
                    _filled++;
                }

                if (two < Polynomials.Q && _filled < Polynomials.Degree)
                {
                    _other[_filled] = (ushort)two;
                    _filled++;
                }
            }

            if (_filled < Polynomials.Degree)
            {
                return false;
            }

            _filled = -1;
            _ring.Multiply(_sum, _other, _vector[of]);
            return true;
        }

        private void SampleSmall(ushort[] poly, int number)
        {
            Begin(Keccak.Shake256, _bytes, Seed, Seed);
            _sponge.Absorb(number);
            _sponge.Turn(Keccak.ShakeEnd);
            Polynomials.Sample(_sponge, poly);
        }

        /// <summary>Puts a piece of ciphertext where it goes, or notes how it differs from what stands there.</summary>
        private void Place(int bits, int at, int count)
        {
            Polynomials.WriteCompressed(_piece, _sum, bits);
            for (int i = 0; i < count; i++)
            {
                if (_decapsulates)
                {
                    _different |= _piece[i] ^ _cipher[_cipherAt + at + i];
                }
                else
                {
                    _cipher[_cipherAt + at + i] = _piece[i];
                }
            }

            Array.Clear(_sum, 0, Polynomials.Degree);
        }

        /// <summary>Takes in the task's block of a range, before which some bytes went in already; whether it was the last.</summary>
        private bool AbsorbBlock(byte[] bytes, int offset, int before, int all)
        {
            if (_task == 0 && before == 0)
            {
                _sponge.Begin(Keccak.Sha3256);
            }

            int begin = _task * Keccak.Sha3256;
            int end = begin + Keccak.Sha3256 < all ? begin + Keccak.Sha3256 : all;
            begin = begin > before ? begin : before;
            _sponge.Absorb(bytes, offset + begin - before, end - begin);
            return end == all;
        }

        private void Begin(int rate, byte[] bytes, int offset, int count)
        {
            _sponge.Begin(rate);
            _sponge.Absorb(bytes, offset, count);
        }

        /// <summary>So many bytes of output, to where seeds and digests are.</summary>
        private void Finish(int end, int count)
        {
            _sponge.Turn(end);
            _sponge.Squeeze(_bytes, 0, count);
        }

        /// <summary>What was made of a key pair or a ciphertext goes.</summary>
        private void Discard()
        {
            if (_cipher != null)
            {
                Array.Clear(_cipher, _cipherAt, NamedGroup.MlKem768CipherLength);
                return;
            }

            Array.Clear(_private, _privateAt, NamedGroup.MlKem768PrivateLength);
            Array.Clear(_key, _keyAt, KeyLength);
        }

        private void End(DtlsError error)
        {
            _hasEnded = true;
            Error = error;
            if (error != DtlsError.None && !_decapsulates)
            {
                Discard();
            }

            _sponge.Clear();
            Array.Clear(_bytes, 0, _bytes.Length);
            Array.Clear(_piece, 0, _piece.Length);
            Array.Clear(_sum, 0, Polynomials.Degree);
            Array.Clear(_other, 0, Polynomials.Degree);
            for (int i = 0; i < Rank; i++)
            {
                Array.Clear(_vector[i], 0, Polynomials.Degree);
            }
        }
    }
}
