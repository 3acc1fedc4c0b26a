using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Makes a key pair of a curve.</summary>
    internal sealed class GenerateOperation : EccOperation
    {
        private readonly CryptoProvider _random;
        private readonly Curve _curve;
        private readonly PointTask _task;
        private readonly byte[] _privateKey;
        private readonly int _privateOffset;
        private readonly byte[] _publicKey;
        private readonly int _publicOffset;
        private bool _isDrawn;

        internal GenerateOperation(CryptoProvider random, Curve curve, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            _random = random;
            _curve = curve;
            _task = new PointTask(curve);
            _privateKey = privateKey;
            _privateOffset = privateOffset;
            _publicKey = publicKey;
            _publicOffset = publicOffset;
        }

        protected override void Advance()
        {
            if (!_isDrawn)
            {
                Draw();
            }
            else if (_task.Advance())
            {
                if (_task.HasFailed)
                {
                    _isDrawn = false;
                    return;
                }

                _task.Store(_publicKey, _publicOffset);
                End(DtlsError.None, 0);
            }
        }

        protected override void Clear()
        {
            _task.Clear();
            if (Error != DtlsError.None)
            {
                Array.Clear(_privateKey, _privateOffset, _curve.Size);
            }
        }

        private void Draw()
        {
            try
            {
                _random.Random(_privateKey, _privateOffset, _curve.Size);
            }
            catch (InvalidOperationException)
            {
                End(DtlsError.NoEntropy, 0);
                return;
            }

            // What is out of range, once in 2^32 times, is drawn again in the next unit.
            if (Scalar.IsInRange(_privateKey, _privateOffset, _curve.OrderBytes))
            {
                _isDrawn = true;
                _task.BeginBase(_privateKey, _privateOffset);
            }
        }
    }
}
