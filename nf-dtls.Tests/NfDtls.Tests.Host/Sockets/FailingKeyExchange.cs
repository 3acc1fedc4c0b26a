using System;

namespace NfDtls.Tests.Host;

/// <summary>A key exchange without a secret, which fails at its last step where it is told to.</summary>
internal sealed class FailingKeyExchange : KeyExchange
{
    private readonly string _how;

    public FailingKeyExchange(string how)
    {
        _how = how;
    }

    public override int Flags => 0;

    /// <summary>A table with a suite of this exchange alone.</summary>
    public static CipherSuiteTable Suites(string how)
    {
        return new CipherSuiteTable().Add(new CipherSuite(0xFE43, "TEST_WITH_AES_128_GCM", CryptoAlgorithm.Aes128Gcm, 16, CryptoAlgorithm.Sha256, new Factory(how)));
    }

    public override void Write(Handshake handshake, int messageType, WireWriter writer)
    {
        writer.WriteUInt16(7);
    }

    public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
    {
        return reader.ReadUInt16() == 7 ? DtlsError.None : DtlsError.IllegalParameter;
    }

    public override CryptoOperation? AfterReading(Handshake handshake, int messageType) => _how == "throws later" ? new Work() : null;

    public override CryptoOperation? BeforeWriting(Handshake handshake, int messageType) => _how == "throws later" ? new Work() : null;

    public override int WritePremasterSecret(byte[] destination, int offset, int count)
    {
        if (_how == "throws")
        {
            throw new NotSupportedException("thrown by a key exchange");
        }

        return _how == "does not fit" ? -1 : 16;
    }

    /// <summary>Throws in its second step.</summary>
    private sealed class Work : CryptoOperation
    {
        private bool _hasBegun;

        public override bool Step(int budget)
        {
            if (_hasBegun)
            {
                throw new NotSupportedException("thrown by a key exchange's work");
            }

            _hasBegun = true;
            return false;
        }

        public override void Cancel()
        {
        }
    }

    private sealed class Factory : KeyExchangeFactory
    {
        private readonly string _how;

        public Factory(string how)
        {
            _how = how;
        }

        public override KeyExchange Create() => new FailingKeyExchange(_how);
    }
}
