namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// A digest of 512 bits, the least significant byte first, modulo edwards25519's order, half by half. Works in arrays of its
    /// caller's. A part is one multiplication; in no time that depends on the digest.
    /// </summary>
    internal sealed class HashReduction
    {
        private readonly Edwards25519 _curve;
        private readonly long[] _half;
        private readonly long[] _sum;
        private readonly long[] _product;
        private readonly long[] _scratch;
        private int _part;

        internal HashReduction(Edwards25519 curve, long[] half, long[] sum, long[] product, long[] scratch)
        {
            _curve = curve;
            _half = half;
            _sum = sum;
            _product = product;
            _scratch = scratch;
        }

        /// <summary>Does one part; true when the first 32 bytes of the digest hold the number, the most significant first.</summary>
        internal bool Advance(byte[] digest)
        {
            Modulus order = _curve.Order;
            switch (_part)
            {
                case 0:
                    order.LoadLittle(_half, digest, 0, 32);
                    order.Enter(_sum, _half, _scratch);
                    break;
                case 1:
                    order.LoadLittle(_half, digest, 32, 32);
                    order.Multiply(_product, _half, _curve.UpperFactor, _scratch);
                    order.Add(_sum, _product);
                    break;
                default:
                    order.Leave(_half, _sum, _scratch);
                    order.Store(_half, digest, 0, 32);
                    _part = 0;
                    return true;
            }

            _part++;
            return false;
        }
    }
}
