using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// X25519 (RFC 7748 section 5): a key pair, or a shared secret. The Montgomery ladder, 255 turns of 9 multiplications in
    /// two units each, and an inversion; in constant time.
    /// </summary>
    internal sealed class X25519Operation : EccOperation
    {
        private const int Size = 32;
        private const int Draw = 0;
        private const int Load = 1;
        private const int Ladder = 2;
        private const int Invert = 3;
        private const int Finish = 4;

        private readonly CryptoProvider _random;
        private readonly PrimeField _field;
        private readonly byte[] _privateKey;
        private readonly int _privateOffset;
        private readonly byte[] _peerKey;
        private readonly int _peerOffset;
        private readonly int _peerCount;
        private readonly byte[] _result;
        private readonly int _resultOffset;

        private readonly byte[] _scalar = new byte[Size];
        private readonly Inversion _inversion;
        private readonly long[] _x1;
        private readonly long[] _x2;
        private readonly long[] _z2;
        private readonly long[] _x3;
        private readonly long[] _z3;
        private readonly long[] _t0;
        private readonly long[] _t1;
        private int _phase;
        private int _bit = 254;
        private int _part;
        private int _swapped;

        private X25519Operation(
            CryptoProvider random, PrimeField field, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount,
            byte[] result, int resultOffset)
        {
            _random = random;
            _field = field;
            _privateKey = privateKey;
            _privateOffset = privateOffset;
            _peerKey = peerKey;
            _peerOffset = peerOffset;
            _peerCount = peerCount;
            _result = result;
            _resultOffset = resultOffset;
            _phase = peerKey == null ? Draw : Load;
            _inversion = new Inversion(field.Limbs, 256, field.Modulus.LimbBits);
            _x1 = field.NewElement();
            _x2 = field.NewElement();
            _z2 = field.NewElement();
            _x3 = field.NewElement();
            _z3 = field.NewElement();
            _t0 = field.NewElement();
            _t1 = field.NewElement();
        }

        /// <summary>A key pair.</summary>
        internal static X25519Operation Generate(CryptoProvider random, PrimeField field, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            return new X25519Operation(random, field, privateKey, privateOffset, null, 0, 0, publicKey, publicOffset);
        }

        /// <summary>A shared secret.</summary>
        internal static X25519Operation Agree(
            PrimeField field, byte[] privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            return new X25519Operation(null, field, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);
        }

        protected override void Advance()
        {
            switch (_phase)
            {
                case Draw:
                    DrawKey();
                    break;
                case Load:
                    LoadPeer();
                    break;
                case Ladder:
                    AdvanceLadder();
                    break;
                case Invert:
                    if (_inversion.Advance())
                    {
                        _phase = Finish;
                    }

                    break;
                default:
                    FinishSecret();
                    break;
            }
        }

        protected override void Clear()
        {
            Array.Clear(_scalar, 0, Size);
            _inversion.Clear();
            Array.Clear(_x1, 0, _x1.Length);
            Array.Clear(_x2, 0, _x2.Length);
            Array.Clear(_z2, 0, _z2.Length);
            Array.Clear(_x3, 0, _x3.Length);
            Array.Clear(_z3, 0, _z3.Length);
            Array.Clear(_t0, 0, _t0.Length);
            Array.Clear(_t1, 0, _t1.Length);
            _swapped = 0;
            if (_random != null && Error != DtlsError.None)
            {
                Array.Clear(_privateKey, _privateOffset, Size);
            }
        }

        private void DrawKey()
        {
            try
            {
                _random.Random(_privateKey, _privateOffset, Size);
            }
            catch (InvalidOperationException)
            {
                End(DtlsError.NoEntropy, 0);
                return;
            }

            _x1[0] = 9;
            Begin();
        }

        private void LoadPeer()
        {
            if (_peerCount != Size)
            {
                End(DtlsError.IllegalParameter, 0);
                return;
            }

            // Bit 255 is ignored, and a coordinate from p on is taken modulo p (RFC 7748 section 5).
            _field.Modulus.LoadLittle(_x1, _peerKey, _peerOffset, Size);
            _x1[8] &= 0x7FFFFF;
            Begin();
        }

        private void Begin()
        {
            Array.Copy(_privateKey, _privateOffset, _scalar, 0, Size);
            _scalar[0] &= 0xF8;
            _scalar[31] = (byte)(_scalar[31] & 0x7F | 0x40);
            _field.Copy(_field.Unit, _x2);
            _field.Copy(_x1, _x3);
            _field.Copy(_field.Unit, _z3);
            _phase = Ladder;
        }

        private void AdvanceLadder()
        {
            PrimeField field = _field;
            if (_part == 0)
            {
                int bit = _scalar[_bit >> 3] >> (_bit & 7) & 1;
                Swap(bit);

                // t0 = A^2, x2 = B^2, x3 = DA, z3 = CB; only one factor of a product may be a sum without its carries.
                field.Combine(_t0, _x2, _z2, 1);
                field.Subtract(_t1, _x2, _z2);
                field.Subtract(_x2, _x3, _z3);
                field.Add(_z3, _x3, _z3);
                field.Multiply(_x3, _x2, _t0);
                field.Multiply(_z3, _z3, _t1);
                field.Square(_t0, _t0);
                field.Square(_x2, _t1);
                _part = 1;
                return;
            }

            // E = A^2 - B^2; x2 = A^2 B^2, z2 = E (A^2 + 121665 E), x3 = (DA + CB)^2, z3 = x1 (DA - CB)^2.
            field.Subtract(_t1, _t0, _x2);
            field.Multiply(_x2, _x2, _t0);
            field.Combine(_t0, _t0, _t1, 121665);
            field.Multiply(_z2, _t0, _t1);
            field.Subtract(_t1, _x3, _z3);
            field.Combine(_x3, _x3, _z3, 1);
            field.Square(_x3, _x3);
            field.Square(_z3, _t1);
            field.Multiply(_z3, _z3, _x1);
            _part = 0;
            _bit--;
            if (_bit < 0)
            {
                Swap(0);
                field.Leave(_t0, _z2);
                _inversion.Begin(field.Modulus, _t0);
                _phase = Invert;
            }
        }

        /// <summary>Swaps both points where the bit is not the one that they were swapped for.</summary>
        private void Swap(int bit)
        {
            _field.Swap(_x2, _x3, _z2, _z3, -(bit ^ _swapped));
            _swapped = bit;
        }

        private void FinishSecret()
        {
            _inversion.Finish(_t0);
            _field.Multiply(_t0, _t0, _x2);
            _field.Leave(_t1, _t0);
            long bits = 0;
            for (int i = 0; i < _t1.Length; i++)
            {
                bits |= _t1[i];
            }

            if (bits == 0)
            {
                End(DtlsError.IllegalParameter, 0);
                return;
            }

            _field.Modulus.StoreLittle(_t1, _result, _resultOffset, Size);
            End(DtlsError.None, 0);
        }
    }
}
