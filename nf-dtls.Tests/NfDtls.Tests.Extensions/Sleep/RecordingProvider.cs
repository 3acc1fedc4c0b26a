using System;

namespace NfDtls.Tests.Extensions;

/// <summary>A provider whose contexts tell a <see cref="SealRecorder"/> of all that they seal.</summary>
internal sealed class RecordingProvider : CryptoProvider
{
    private const int NonceLength = 12;

    private readonly CryptoProvider _inner;
    private readonly SealRecorder _recorder;

    internal RecordingProvider(CryptoProvider inner, SealRecorder recorder)
    {
        _inner = inner;
        _recorder = recorder;
    }

    public override bool Supports(int algorithm)
    {
        return _inner.Supports(algorithm);
    }

    public override int Reserve(int contexts)
    {
        return _inner.Reserve(contexts);
    }

    public override void Random(byte[] destination, int offset, int count)
    {
        _inner.Random(destination, offset, count);
    }

    public override HashContext CreateHash(int algorithm)
    {
        return _inner.CreateHash(algorithm);
    }

    public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
    {
        int length = algorithm is CryptoAlgorithm.Aes128Ccm or CryptoAlgorithm.Aes128Gcm ? 16 : 32;
        return new RecordingAead(_inner.CreateAead(algorithm, key, offset, tagLength), _recorder, key.AsSpan(offset, length).ToArray());
    }

    public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
    {
        return _inner.CreateMask(algorithm, key, offset);
    }

    public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
    {
        return new RecordingCbc(_inner.CreateCbc(algorithm, keys, offset, encryptThenMac), _recorder, keys.AsSpan(offset).ToArray());
    }

    public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        _inner.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
    }

    public override void Prf(
        int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
    {
        _inner.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
    }

    private sealed class RecordingAead : AeadContext
    {
        private readonly AeadContext _inner;
        private readonly SealRecorder _recorder;
        private readonly byte[] _key;

        internal RecordingAead(AeadContext inner, SealRecorder recorder, byte[] key)
        {
            _inner = inner;
            _recorder = recorder;
            _key = key;
        }

        public override int TagLength
        {
            get { return _inner.TagLength; }
        }

        public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            _recorder.Add(_key, nonce.AsSpan(nonceOffset, NonceLength));
            _recorder.Content?.Invoke(data.AsSpan(offset, count).ToArray());
            _inner.Seal(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
        {
            return _inner.Open(nonce, nonceOffset, aad, aadOffset, aadCount, data, offset, count);
        }

        public override void Clear()
        {
            _inner.Clear();
        }
    }

    private sealed class RecordingCbc : CbcContext
    {
        private const int NumberLength = 8;

        private readonly CbcContext _inner;
        private readonly SealRecorder _recorder;
        private readonly byte[] _key;

        internal RecordingCbc(CbcContext inner, SealRecorder recorder, byte[] key)
        {
            _inner = inner;
            _recorder = recorder;
            _key = key;
        }

        public override int MaxOverhead
        {
            get { return _inner.MaxOverhead; }
        }

        public override int Seal(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            // With a connection ID the number stands behind eight bytes of 0xFF, the type twice, the ID's length and the version.
            ReadOnlySpan<byte> bytes = header.AsSpan(headerOffset, headerCount);
            bool hasId = bytes[..NumberLength].IndexOfAnyExcept((byte)0xFF) < 0;
            _recorder.Add(_key, bytes.Slice(hasId ? NumberLength + 5 : 0, NumberLength));
            return _inner.Seal(header, headerOffset, headerCount, iv, ivOffset, data, offset, count);
        }

        public override int Open(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
        {
            return _inner.Open(header, headerOffset, headerCount, iv, ivOffset, data, offset, count);
        }

        public override void Clear()
        {
            _inner.Clear();
        }
    }
}
