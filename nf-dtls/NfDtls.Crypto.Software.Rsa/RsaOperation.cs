using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Work with an RSA key, in steps. A unit is a pass of four rows over up to 38 limbs of a Montgomery multiplication, about
    /// 2,100 IL instructions; what cannot be divided (a hash's compression, a draw of random bytes) may take a step over its budget.
    /// </summary>
    internal abstract class RsaOperation : CryptoOperation
    {
        /// <summary>Units that a hash over a short input takes.</summary>
        protected const int HashCost = 5;

        private bool _hasEnded;

        public override bool Step(int budget)
        {
            try
            {
                do
                {
                    if (!_hasEnded)
                    {
                        budget -= Work();
                    }
                }
                while (!_hasEnded && budget > 0);
            }
            catch (InvalidOperationException)
            {
                // Nothing here throws it but a source of random bytes that has none.
                End(DtlsError.NoEntropy);
            }

            return _hasEnded;
        }

        public override void Cancel()
        {
            _hasEnded = true;
            Clear();
        }

        /// <summary>Multiplications begun, for the tests.</summary>
        internal abstract int Multiplications { get; }

        /// <summary>Works on, as little as can be; returns the units it took.</summary>
        protected abstract int Work();

        /// <summary>Zeroes all that it holds.</summary>
        protected abstract void Clear();

        protected void End(DtlsError error)
        {
            Error = error;
            _hasEnded = true;
            Clear();
        }
    }
}
