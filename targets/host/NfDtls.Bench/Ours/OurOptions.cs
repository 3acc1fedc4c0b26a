using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.OpenSsl;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.X509;

namespace NfDtls.Bench;

/// <summary>Options of a row's client and server: those of a gateway, with one suite.</summary>
internal static class OurOptions
{
    private static readonly int[] P256 = [NamedGroup.Secp256r1];

    internal static CryptoProvider Provider(string contestant)
    {
        SoftwareProvider software = new(new SystemEntropy());
        SoftwareEccProvider curves = new(software);
        SoftwareRsaProvider rsa = new(software);
        return contestant switch
        {
            Contestant.Software => new CompositeProvider([software, curves, rsa]),
            Contestant.Host => new HostProvider(),
            Contestant.Native => new CompositeProvider([new NativeProvider(), new HostProvider()]),
            _ => new OpenSslProvider(),
        };
    }

    internal static string Version(string contestant)
    {
        return contestant switch
        {
            Contestant.Software => "managed code",
            Contestant.Host => ".NET " + Environment.Version,
            Contestant.Native => "native core",
            _ => OpenSslProvider.LibraryVersion,
        };
    }

    internal static DtlsOptions Client(Row row, CryptoProvider crypto, string folder)
    {
        DtlsOptions options = Common(row, crypto, false);
        options.ServerName = Identities.ServerName;
        if (HasCertificates(row))
        {
            CertificateStore store = new(crypto) { Clock = new SystemClock() };
            if (row.IsFirstContact)
            {
                store.RememberedSignatures = 0;
            }

            store.AddTrusted(new DtlsCertificate(Der(Identities.File(folder, row.Suite, "root"))));
            options.Authenticator = new CertificateAuthenticator(store);
        }

        return options;
    }

    internal static DtlsOptions Server(Row row, CryptoProvider crypto, string folder)
    {
        DtlsOptions options = Common(row, crypto, true);
        if (HasCertificates(row))
        {
            CertificateStore store = new(crypto) { Clock = new SystemClock() };
            using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(Identities.File(folder, row.Suite, "leaf"), Identities.File(folder, row.Suite, "key"));
            byte[] key = row.Suite == Suite.RsaGcm ? certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKey() : certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey();
            store.AddLocal(new DtlsCertificate(certificate.RawData), [], PrivateKeyReader.Read(key));
            options.Authenticator = new CertificateAuthenticator(store);
        }

        return options;
    }

    internal static bool HasCertificates(Row row)
    {
        return row.Suite is Suite.EcdsaGcm or Suite.RsaGcm;
    }

    private static DtlsOptions Common(Row row, CryptoProvider crypto, bool isServer)
    {
        DtlsOptions options = DtlsOptions.Gateway();
        options.Crypto = crypto;
        options.PoolPackets = 64;
        options.MaxSessions = 4;
        options.MaxHandshakes = 2;
        options.Suites = new CipherSuiteTable().Add(SuiteOf(row));
        if (!HasCertificates(row))
        {
            options.Psk = new PskStore();
            options.Psk.Add(Identities.Psk, Identities.PskIdentity);
        }

        if (row.Is13)
        {
            int[] groups = HasCertificates(row) ? P256 : [];
            options.Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups, !HasCertificates(row)) : new Version13(groups, !HasCertificates(row)));
        }

        if (row.IsResumed)
        {
            options.Features = [new SessionResumption()];
        }

        return options;
    }

    private static CipherSuite SuiteOf(Row row)
    {
        if (row.Is13)
        {
            return row.Suite == Suite.PskCcm8 ? Suites13.Aes128Ccm8Sha256() : Suites13.Aes128GcmSha256();
        }

        EcdheExtensions extensions = new(new GroupTable().Add(NamedGroup.Secp256r1), SchemeTable.All());
        return row.Suite switch
        {
            Suite.PskCcm8 => PskSuites.Aes128Ccm8(),
            Suite.PskGcm => PskSuites.Aes128GcmSha256(),
            Suite.EcdsaGcm => EcdheSuites.EcdsaAes128GcmSha256(extensions),
            _ => EcdheSuites.RsaAes128GcmSha256(extensions),
        };
    }

    private static byte[] Der(string file)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        return certificate.RawData;
    }
}
