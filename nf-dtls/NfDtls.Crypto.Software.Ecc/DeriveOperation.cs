using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>The public key of a curve's private key.</summary>
    internal sealed class DeriveOperation : EccOperation
    {
        private readonly Curve _curve;
        private readonly PointTask _task;
        private readonly StoredPrivateKey _key;
        private readonly byte[] _publicKey;
        private readonly int _offset;
        private bool _hasBegun;

        internal DeriveOperation(Curve curve, StoredPrivateKey key, byte[] publicKey, int offset)
        {
            _curve = curve;
            _task = new PointTask(curve);
            _key = key;
            _publicKey = publicKey;
            _offset = offset;
        }

        protected override void Advance()
        {
            if (!_hasBegun)
            {
                Begin();
            }
            else if (_task.Advance())
            {
                _task.Store(_publicKey, _offset);
                End(DtlsError.None, 0);
            }
        }

        protected override void Clear()
        {
            _task.Clear();
        }

        private void Begin()
        {
            byte[] scalar = new byte[_curve.Size];
            if (Scalar.TryCopy(_key, scalar, _curve.OrderBytes))
            {
                _hasBegun = true;
                _task.BeginAny(scalar, 0);
            }
            else
            {
                End(DtlsError.InternalError, 0);
            }

            Array.Clear(scalar, 0, scalar.Length);
        }
    }
}
