using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>An ECDSA signature (FIPS 186-5 section 6.4.1).</summary>
    internal sealed class SignOperation : EccOperation
    {
        private const int Extra = 32;

        private const int Load = 0;
        private const int MakeNonce = 1;
        private const int Multiply = 2;
        private const int MakeR = 3;
        private const int Invert = 4;
        private const int MakeSum = 5;
        private const int MakeS = 6;

        private readonly CryptoProvider _crypto;
        private readonly Curve _curve;
        private readonly StoredPrivateKey _key;
        private readonly byte[] _data;
        private readonly int _offset;
        private readonly int _count;
        private readonly byte[] _signature;
        private readonly int _signatureOffset;

        private readonly PointTask _task;
        private readonly Nonce _nonce;
        private readonly EcdsaNumbers _numbers;
        private readonly byte[] _scalar;
        private readonly byte[] _number;
        private int _phase;

        internal SignOperation(
            CryptoProvider crypto, Curve curve, int hash, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            _crypto = crypto;
            _curve = curve;
            _key = key;
            _data = data;
            _offset = offset;
            _count = count;
            _signature = signature;
            _signatureOffset = signatureOffset;
            _task = new PointTask(curve);
            _nonce = new Nonce(crypto, curve.OrderBytes, hash, Extra);
            _numbers = new EcdsaNumbers(curve.Order);
            _scalar = new byte[curve.Size];
            _number = new byte[curve.Size];
        }

        protected override void Advance()
        {
            Modulus order = _curve.Order;
            EcdsaNumbers numbers = _numbers;
            switch (_phase)
            {
                case Load:
                    Begin();
                    break;
                case MakeNonce:
                    if (_nonce.Advance())
                    {
                        _task.BeginBase(_nonce.Value, 0);
                        _phase = Multiply;
                    }

                    break;
                case Multiply:
                    if (_task.Advance())
                    {
                        _phase = _task.HasFailed ? MakeNonce : MakeR;
                    }

                    break;
                case MakeR:
                    ComputeR();
                    break;
                case Invert:
                    if (_task.Inversion.Advance())
                    {
                        _task.Inversion.Finish(numbers.Inverse);
                        _phase = MakeSum;
                    }

                    break;
                case MakeSum:
                    // s = (hash + r d) / k
                    order.Load(numbers.S, _scalar, 0, _scalar.Length);
                    numbers.Multiply(numbers.S, numbers.R, numbers.S);
                    order.Add(numbers.S, numbers.Hash);
                    _phase = MakeS;
                    break;
                default:
                    numbers.Multiply(numbers.S, numbers.Inverse, numbers.S);
                    WriteSignature();
                    break;
            }
        }

        protected override void Clear()
        {
            _task.Clear();
            _nonce.Clear();
            _numbers.Clear();
            Array.Clear(_scalar, 0, _scalar.Length);
            Array.Clear(_number, 0, _number.Length);
        }

        private void Begin()
        {
            if (!Scalar.TryCopy(_key, _scalar, _curve.OrderBytes))
            {
                End(DtlsError.InternalError, 0);
                return;
            }

            try
            {
                _crypto.Random(_nonce.Message, _nonce.ExtraOffset, Extra);
            }
            catch (InvalidOperationException)
            {
                End(DtlsError.NoEntropy, 0);
                return;
            }

            _numbers.LoadHash(_data, _offset, _count, _curve.Size);
            _curve.Order.Store(_numbers.Hash, _number, 0, _number.Length);
            _nonce.Begin(_scalar, _number);
            _phase = MakeNonce;
        }

        private void ComputeR()
        {
            Modulus order = _curve.Order;
            long[] x = _task.Point.Scratch0;
            _curve.Field.Leave(x, _task.X);

            // The limbs of field and order are the same, and x is below twice the order.
            Array.Copy(x, _numbers.R, x.Length);
            order.SubtractOnce(_numbers.R);
            if (IsZero(_numbers.R))
            {
                _phase = MakeNonce;
                return;
            }

            order.Load(x, _nonce.Value, 0, _curve.Size);
            _task.Inversion.Begin(order, x);
            _phase = Invert;
        }

        private void WriteSignature()
        {
            if (IsZero(_numbers.S))
            {
                _phase = MakeNonce;
                return;
            }

            int size = _curve.Size;
            _curve.Order.Store(_numbers.R, _number, 0, size);
            _curve.Order.Store(_numbers.S, _scalar, 0, size);
            End(DtlsError.None, DerSignature.Write(_number, _scalar, _signature, _signatureOffset));
        }

        private static bool IsZero(long[] value)
        {
            long bits = 0;
            for (int i = 0; i < value.Length; i++)
            {
                bits |= value[i];
            }

            return bits == 0;
        }
    }
}
