namespace NfDtls.Crypto.Software
{
    /// <summary>The constants of P-384 (SP 800-186), the points in Montgomery form.</summary>
    internal static class P384
    {
        internal static Curve Make(PrimeField field)
        {
            long[] order = new long[]
            {
                0x0CC52973, 0x0EC196AC, 0x00A77AEC, 0x00DB248B, 0x0DDF581A, 0x081F4372, 0x0FC7634D,
                0x0FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 0x000FFFFF,
            };
            long[] squareOfR = new long[]
            {
                0x060E3CB4, 0x035FD093, 0x090EB460, 0x073C4E12, 0x0FF2DBD2, 0x043A6ADD, 0x02D164EE,
                0x01CC5BF0, 0x09174AAB, 0x095D40D4, 0x0A282668, 0x03FB05B7, 0x0B39BF21, 0x000EE012,
            };
            Curve curve = new Curve(field, new Modulus(order, 28, squareOfR));
            curve.B = new long[]
            {
                0x012DCCCD, 0x08870D04, 0x02EC0811, 0x0D9474C3, 0x0FC429AD, 0x01920022, 0x07F2209B,
                0x0938AE27, 0x074BEE94, 0x02094E33, 0x01F41F02, 0x0F9B62B2, 0x0B604FBF, 0x00008114,
            };
            curve.BaseX = new long[]
            {
                0x00B5284D, 0x07565FCC, 0x0E383DD0, 0x0E2EDD6C, 0x0E6DE378, 0x0541B4D6, 0x079C3AFC,
                0x0A30EFF8, 0x04868459, 0x0DE2B645, 0x0723614E, 0x013812FF, 0x02299E15, 0x0003AADC,
            };
            curve.BaseY = new long[]
            {
                0x03A4FE2B, 0x03DAD200, 0x09AC2304, 0x0BFA6B4A, 0x00CCBFA8, 0x02E83B05, 0x0BADE756,
                0x0F4FFD98, 0x03521968, 0x0A840C6C, 0x02263969, 0x0E9DD800, 0x025A15C5, 0x00078ABC,
            };
            return curve;
        }
    }
}
