using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Signs by Ed25519 (RFC 8032 section 5.1.6), or computes the public key where there is nothing to sign. The nonce comes of 32
    /// random bytes, the key's prefix and the message (draft-irtf-cfrg-det-sigs-with-noise): neither a weak generator nor a fault,
    /// nor a public key that is another's, gives the key away. In no time that depends on the key.
    /// </summary>
    internal sealed class Ed25519SignOperation : EccOperation
    {
        private const int HashBlock = 128;
        private const int Noise = 32;

        private const int Load = 0;
        private const int OpenKey = 1;
        private const int HashForNonce = 2;
        private const int ReduceNonce = 3;
        private const int Multiply = 4;
        private const int HashForSum = 5;
        private const int ReduceSum = 6;
        private const int MakeS = 7;

        private readonly CryptoProvider _crypto;
        private readonly Edwards25519 _curve;
        private readonly HashContext _hash;
        private readonly EdwardsTask _task;
        private readonly HashReduction _reduction;
        private readonly Ed25519Key _key;
        private readonly byte[] _data;
        private readonly int _offset;
        private readonly int _count;
        private readonly byte[] _result;
        private readonly int _resultOffset;
        private readonly byte[] _digest = new byte[64];
        private readonly byte[] _nonce = new byte[32];
        private readonly byte[] _r = new byte[32];
        private readonly byte[] _block = new byte[HashBlock];
        private int _hashed;
        private int _phase;

        /// <param name="crypto">Gives the noise and SHA-512.</param>
        /// <param name="curve">The curve.</param>
        /// <param name="key">The key.</param>
        /// <param name="data">What is signed; null to compute the public key alone.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        /// <param name="result">Receives the signature, 64 bytes, or the public key, 32.</param>
        /// <param name="resultOffset">Where it goes.</param>
        internal Ed25519SignOperation(
            CryptoProvider crypto, Edwards25519 curve, StoredPrivateKey key, byte[] data, int offset, int count, byte[] result, int resultOffset)
        {
            _crypto = crypto;
            _curve = curve;
            _hash = crypto.CreateHash(CryptoAlgorithm.Sha512);
            _task = new EdwardsTask(curve);

            // Between two products the point's numbers are free.
            EdwardsPoint free = _task.Point;
            _reduction = new HashReduction(curve, free.X, free.T, free.Z, free.Scratch0);
            _key = new Ed25519Key(_hash, _task, _reduction, key);
            _data = data;
            _offset = offset;
            _count = count;
            _result = result;
            _resultOffset = resultOffset;
        }

        protected override void Advance()
        {
            switch (_phase)
            {
                case Load:
                    Begin();
                    break;
                case OpenKey:
                    if (_key.Advance())
                    {
                        UseKey();
                    }

                    break;
                case HashForNonce:
                    HashMessage(ReduceNonce);
                    break;
                case ReduceNonce:
                    if (_reduction.Advance(_digest))
                    {
                        Array.Copy(_digest, 0, _nonce, 0, _nonce.Length);
                        _task.Begin(_nonce);
                        _phase = Multiply;
                    }

                    break;
                case Multiply:
                    if (_task.Advance(_r, 0))
                    {
                        BeginSum();
                    }

                    break;
                case HashForSum:
                    HashMessage(ReduceSum);
                    break;
                case ReduceSum:
                    _phase = _reduction.Advance(_digest) ? MakeS : ReduceSum;
                    break;
                default:
                    ComputeS();
                    break;
            }
        }

        protected override void Clear()
        {
            _hash.Reset();
            _task.Clear();
            _key.Clear();
            Array.Clear(_digest, 0, _digest.Length);
            Array.Clear(_nonce, 0, _nonce.Length);
            Array.Clear(_r, 0, _r.Length);
            Array.Clear(_block, 0, _block.Length);
        }

        private void Begin()
        {
            if (!_key.IsWhole)
            {
                End(DtlsError.InternalError, 0);
                return;
            }

            _phase = OpenKey;
        }

        private void UseKey()
        {
            if (_data == null)
            {
                Array.Copy(_key.Public, 0, _result, _resultOffset, _key.Public.Length);
                End(DtlsError.None, 0);
                return;
            }

            try
            {
                _crypto.Random(_block, 0, Noise);
            }
            catch (InvalidOperationException)
            {
                End(DtlsError.NoEntropy, 0);
                return;
            }

            // A whole block, so that the prefix meets nothing but noise.
            Array.Copy(_key.Prefix, 0, _block, Noise, _key.Prefix.Length);
            _hash.Reset();
            _hash.Update(_block, 0, HashBlock);
            _hashed = 0;
            _phase = HashForNonce;
        }

        private void BeginSum()
        {
            _hash.Reset();
            _hash.Update(_r, 0, _r.Length);
            _hash.Update(_key.Public, 0, _key.Public.Length);
            _hashed = 0;
            _phase = HashForSum;
        }

        /// <summary>One block of the message a unit.</summary>
        private void HashMessage(int next)
        {
            int count = _count - _hashed < HashBlock ? _count - _hashed : HashBlock;
            _hash.Update(_data, _offset + _hashed, count);
            _hashed += count;
            if (_hashed == _count)
            {
                _hash.Peek(_digest, 0);
                _phase = next;
            }
        }

        /// <summary>S = r + k a.</summary>
        private void ComputeS()
        {
            Modulus order = _curve.Order;
            EdwardsPoint free = _task.Point;
            order.Load(free.X, _digest, 0, 32);
            order.Load(free.Y, _key.Scalar, 0, 32);
            order.MultiplyPlain(free.Z, free.X, free.Y, free.T, free.Scratch0);
            order.Load(free.X, _nonce, 0, 32);
            order.Add(free.Z, free.X);
            Array.Copy(_r, 0, _result, _resultOffset, _r.Length);
            order.StoreLittle(free.Z, _result, _resultOffset + _r.Length, 32);
            End(DtlsError.None, 64);
        }
    }
}
