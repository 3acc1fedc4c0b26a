using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Connection IDs of random bytes and, behind them, the session's place, masked: with an HMAC of the random bytes under a key
    /// that is made anew at each start. So a server finds a session at the price of one HMAC, and who watches the records can
    /// neither link two sessions nor count them.
    /// </summary>
    public sealed class RandomConnectionIds : ConnectionIds
    {
        private const int DigestLength = 32;

        private readonly int _length;
        private readonly byte[] _mask = new byte[DigestLength];
        private CryptoProvider _crypto;
        private HmacContext _hmac;
        private int _places;
        private int _placeLength;
        private bool _hasKey;

        /// <param name="length">
        /// Bytes, 0 to <see cref="ConnectionIds.MaxLength"/>. A server needs one byte for up to 256 sessions and handshakes, two for
        /// more, and random ones before them: with fewer than 6 of those an ID repeats itself now and then, and tells who watches
        /// that much.
        /// </param>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public RandomConnectionIds(int length)
        {
            if (length < 0 || length > MaxLength)
            {
                throw new ArgumentOutOfRangeException("length", "A connection ID has 0 to " + MaxLength.ToString() + " bytes, not " + length.ToString() + ".");
            }

            _length = length;
        }

        /// <inheritdoc/>
        public override int Length
        {
            get { return _length; }
        }

        /// <inheritdoc/>
        public override void Attach(CryptoProvider crypto, int places)
        {
            int placeLength = 0;
            while (placeLength < 4 && (long)places > 1L << (8 * placeLength))
            {
                placeLength++;
            }

            if (_length > 0 && _length < placeLength)
            {
                throw new ArgumentException("A connection ID of " + _length.ToString() + " bytes cannot tell " + places.ToString() + " sessions and handshakes apart: it needs " + placeLength.ToString() + ".");
            }

            _crypto = crypto;
            _places = places;
            _placeLength = placeLength;
            _hasKey = false;
            _hmac = _length == 0 || placeLength == 0 ? null : crypto.CreateHmac(CryptoAlgorithm.Sha256, DigestLength);
        }

        /// <inheritdoc/>
        public override void Create(int place, byte[] destination, int offset)
        {
            int random = _length - _placeLength;
            if (random > 0)
            {
                _crypto.Random(destination, offset, random);
            }

            if (_hmac == null)
            {
                return;
            }

            if (!_hasKey)
            {
                _crypto.Random(_mask, 0, DigestLength);
                _hmac.SetKey(_mask, 0, DigestLength);
                _hasKey = true;
            }

            _hmac.Compute(destination, offset, random, _mask, 0);
            for (int i = 0; i < _placeLength; i++)
            {
                destination[offset + random + i] = (byte)(_mask[i] ^ (place >> (8 * i)));
            }
        }

        /// <inheritdoc/>
        public override int FindPlace(byte[] buffer, int offset)
        {
            if (!_hasKey)
            {
                return -1;
            }

            int random = _length - _placeLength;
            _hmac.Compute(buffer, offset, random, _mask, 0);
            int place = 0;
            for (int i = 0; i < _placeLength; i++)
            {
                place |= (_mask[i] ^ buffer[offset + random + i]) << (8 * i);
            }

            return place >= 0 && place < _places ? place : -1;
        }
    }
}
