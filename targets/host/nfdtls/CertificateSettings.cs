using System;
using NfDtls.Ecdhe;
using NfDtls.X509;

namespace NfDtls.Tool;

/// <summary>What the options of certificates and raw public keys said.</summary>
internal sealed class CertificateSettings
{
    public const int ChainBytes = 16384;
    public const int ChainLength = 10;

    public required (string File, DtlsCertificate Certificate)[] Trusted { get; init; }
    public required byte[][] TrustedKeys { get; init; }
    public required string? CertificateFile { get; init; }
    public required DtlsCertificate[] Chain { get; init; }
    public required StoredPrivateKey? Key { get; init; }
    public required string? RawKeyFile { get; init; }
    public required StoredPrivateKey? RawKey { get; init; }
    public required string? Name { get; init; }
    public required ClientCertificates Verify { get; init; }

    public void ApplyTo(DtlsOptions options)
    {
        bool hasCertificates = Trusted.Length > 0 || Key != null;
        bool hasRawKeys = TrustedKeys.Length > 0 || RawKey != null;
        options.Authenticator = hasCertificates && hasRawKeys
            ? new CertificateAuthenticator(MakeStore(options.Crypto), MakeRawKeys(options.Crypto), rawKeysFirst: true)
            : hasRawKeys ? new CredentialAuthenticator([MakeRawKeys(options.Crypto)]) : new CertificateAuthenticator(MakeStore(options.Crypto));
        options.ServerName = Name;
        options.ClientCertificates = Verify;
        options.MaxChainBytes = ChainBytes;
        options.MaxChainLength = ChainLength;
        options.MaxFlight = 2 * ChainBytes;
        options.TranscriptBytes = 4 * ChainBytes;
    }

    private CertificateStore MakeStore(CryptoProvider crypto)
    {
        CertificateStore store = new CertificateStore(crypto) { Clock = new SystemClock() };
        foreach ((string file, DtlsCertificate certificate) in Trusted)
        {
            CredentialFiles.Read("--ca", file, () => store.AddTrusted(certificate));
        }

        if (Key != null)
        {
            CredentialFiles.Read("--cert", CertificateFile!, () => store.AddLocal(Chain[0], Chain[1..], Key));
        }

        return store;
    }

    private RawKeyStore MakeRawKeys(CryptoProvider crypto)
    {
        RawKeyStore store = new RawKeyStore();
        Array.ForEach(TrustedKeys, store.AddTrusted);
        if (RawKey != null)
        {
            CredentialFiles.Read("--raw-key", RawKeyFile!, () =>
            {
                store.AddLocal(PrivateKeyReader.WithPublicPart(RawKey, crypto));
                return store;
            });
        }

        return store;
    }
}
