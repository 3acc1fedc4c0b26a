using System;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.X509;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>Our ends of a row.</summary>
internal static class OurEnd
{
    internal const int Messages = 100;
    internal const int LongestMessage = 1200;

    /// <summary>Our client: it trusts the root of the row's server, and has a certificate where the row wants one.</summary>
    internal static DtlsOptions Client(Row row, Party? trusted = null, Party? own = null, bool knowsIntermediates = false)
    {
        DtlsOptions options = Options(row, row.IsMutual ? own ?? Party.Client(row) : null, trusted ?? Party.Server(row), isServer: false, knowsIntermediates);
        options.ServerName = Party.ServerName;
        return options;
    }

    /// <summary>Our server: it has the row's certificate, and wants one of the client where the row does.</summary>
    internal static DtlsOptions Server(Row row, Party? trusted = null, Party? own = null, bool knowsIntermediates = false)
    {
        DtlsOptions options = Options(row, own ?? Party.Server(row), row.IsMutual ? trusted ?? Party.Client(row) : null, isServer: true, knowsIntermediates);
        options.ClientCertificates = row.IsMutual ? ClientCertificates.Require : ClientCertificates.None;
        return options;
    }

    /// <summary>Messages of all sizes there and back, as far as the row's MTU allows.</summary>
    /// <param name="driver">The end that sends.</param>
    /// <param name="program">The peer, where it sends back in pieces of its own making.</param>
    internal static void Echo(Driver driver, PeerProgram? program = null)
    {
        driver.Echo(Messages, Math.Min(LongestMessage, driver.Association.MaxPayload), program);
    }

    internal static CryptoProvider Crypto(bool software, bool decrypts)
    {
        SoftwareProvider symmetric = new(new SystemEntropy());
        SoftwareRsaProvider rsa = new(symmetric);
        if (software)
        {
            return new CompositeProvider([symmetric, new SoftwareEccProvider(symmetric), rsa]);
        }

        // .NET tells of bad padding, and so its provider does not decrypt by RSA.
        return decrypts ? new CompositeProvider([new HostProvider(), rsa]) : new HostProvider();
    }

    private static DtlsOptions Options(Row row, Party? own, Party? trusted, bool isServer, bool knowsIntermediates)
    {
        DtlsOptions options = DtlsOptions.Gateway();
        options.MaxSessions = 4;
        options.MaxHandshakes = 4;
        options.Crypto = Crypto(row.IsSoftware, isServer && row.IsRsaKeyExchange);
        options.Suites = new CipherSuiteTable().Add(row.Suite);
        options.StepBudget = 1000;
        TestSuite.LeaveTime(options);
        options.Mtu = row.Mtu;
        options.ReceiveSize = 1500;
        options.MaxChainBytes = 8192;
        options.MaxChainLength = 5;
        options.TranscriptBytes = row.UsesEd25519 ? 16384 : 0;
        CertificateStore store = new(options.Crypto) { Clock = new SystemClock() };
        own?.AddTo(store);
        if (trusted != null)
        {
            store.AddTrusted(new DtlsCertificate(trusted.Root.Der));
            foreach (byte[] intermediate in knowsIntermediates ? trusted.Sent[1..] : [])
            {
                store.AddIntermediate(new DtlsCertificate(intermediate));
            }
        }

        options.Authenticator = new CertificateAuthenticator(store);
        return options;
    }
}
