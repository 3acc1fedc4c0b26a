namespace NfDtls.Crypto.Software
{
    /// <summary>The shared secret of a private key and a peer's point: the product's x coordinate.</summary>
    internal sealed class AgreeOperation : EccOperation
    {
        private readonly Curve _curve;
        private readonly PointTask _task;
        private readonly byte[] _privateKey;
        private readonly int _privateOffset;
        private readonly byte[] _peerKey;
        private readonly int _peerOffset;
        private readonly int _peerCount;
        private readonly byte[] _secret;
        private readonly int _secretOffset;
        private bool _hasBegun;

        internal AgreeOperation(
            Curve curve, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            _curve = curve;
            _task = new PointTask(curve);
            _privateKey = privateKey;
            _privateOffset = privateOffset;
            _peerKey = peerKey;
            _peerOffset = peerOffset;
            _peerCount = peerCount;
            _secret = secret;
            _secretOffset = secretOffset;
        }

        protected override void Advance()
        {
            if (!_hasBegun)
            {
                Begin();
            }
            else if (_task.Advance())
            {
                PrimeField field = _curve.Field;
                long[] number = _task.Point.Scratch0;
                field.Leave(number, _task.X);
                field.Modulus.Store(number, _secret, _secretOffset, field.Size);
                End(DtlsError.None, 0);
            }
        }

        protected override void Clear()
        {
            _task.Clear();
        }

        private void Begin()
        {
            JacobianPoint point = _task.Point;
            if (!_curve.TryLoad(_peerKey, _peerOffset, _peerCount, point.OtherX, point.OtherY, point.Scratch0, point.Scratch3))
            {
                End(DtlsError.IllegalParameter, 0);
            }
            else if (!Scalar.IsInRange(_privateKey, _privateOffset, _curve.OrderBytes))
            {
                End(DtlsError.InternalError, 0);
            }
            else
            {
                _hasBegun = true;
                _task.Begin(_privateKey, _privateOffset);
            }
        }
    }
}
