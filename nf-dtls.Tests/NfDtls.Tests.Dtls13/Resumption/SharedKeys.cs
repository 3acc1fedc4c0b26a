using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>One key for several servers, for ever.</summary>
internal sealed class SharedKeys : TicketKeys
{
    private readonly TicketKey _key = new(TestBed.Bytes(4, 1), CryptoAlgorithm.Aes128Ccm, TestBed.Bytes(16, 0x30));

    public override TicketKey GetCurrent(CryptoProvider crypto, long now)
    {
        return _key;
    }

    public override TicketKey Find(byte[] name, int offset, long now)
    {
        return name[offset] == 1 ? _key : null!;
    }
}
