using System;
using System.Text;
using NfDtls.Ecdhe;
using BouncySuite = Org.BouncyCastle.Tls.CipherSuite;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>A suite under the names that the peers have for it, and the credentials of all tests.</summary>
internal sealed class TestSuite
{
    internal const string Identity = "device";

    /// <summary>Printable, since libcoap takes a key as text.</summary>
    internal const string KeyText = "0123456789abcdef";

    // Milliseconds; the second is above what any wait takes.
    private const int RetransmitTimeout = 20000;
    private const int HandshakeTimeout = 1000000;

    private TestSuite(CipherSuite suite, string openSsl, string gnuTls, int bouncyCastle)
    {
        Suite = suite;
        OpenSsl = openSsl;
        GnuTls = gnuTls;
        BouncyCastle = bouncyCastle;
    }

    /// <summary>A message where one is enough.</summary>
    internal static byte[] Data
    {
        get { return [1, 2, 3]; }
    }

    internal static byte[] Key
    {
        get { return Encoding.ASCII.GetBytes(KeyText); }
    }

    internal static string KeyHex
    {
        get { return Convert.ToHexString(Key); }
    }

    internal CipherSuite Suite { get; }

    internal string OpenSsl { get; }

    internal string GnuTls { get; }

    internal int BouncyCastle { get; }

    internal static TestSuite Named(string name)
    {
        return name switch
        {
            "AES_128_CCM_8" => new TestSuite(PskSuites.Aes128Ccm8(), "PSK-AES128-CCM8", "+AES-128-CCM-8:+AEAD", BouncySuite.TLS_PSK_WITH_AES_128_CCM_8),
            "AES_128_CCM" => new TestSuite(PskSuites.Aes128Ccm(), "PSK-AES128-CCM", "+AES-128-CCM:+AEAD", BouncySuite.TLS_PSK_WITH_AES_128_CCM),
            "AES_128_GCM_SHA256" => new TestSuite(PskSuites.Aes128GcmSha256(), "PSK-AES128-GCM-SHA256", "+AES-128-GCM:+AEAD", BouncySuite.TLS_PSK_WITH_AES_128_GCM_SHA256),
            "AES_256_GCM_SHA384" => new TestSuite(PskSuites.Aes256GcmSha384(), "PSK-AES256-GCM-SHA384", "+AES-256-GCM:+AEAD", BouncySuite.TLS_PSK_WITH_AES_256_GCM_SHA384),
            "AES_128_CBC_SHA256" => new TestSuite(PskSuites.Aes128CbcSha256(), "PSK-AES128-CBC-SHA256", "+AES-128-CBC:+SHA256", BouncySuite.TLS_PSK_WITH_AES_128_CBC_SHA256),
            "CHACHA20_POLY1305_SHA256" => new TestSuite(
                PskSuites.ChaCha20Poly1305Sha256(), "PSK-CHACHA20-POLY1305", "+CHACHA20-POLY1305:+AEAD", BouncySuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256),
            "ECDHE_AES_128_CBC_SHA256" => new TestSuite(
                EcdheSuites.PskAes128CbcSha256(Elliptic()), "ECDHE-PSK-AES128-CBC-SHA256", "+ECDHE-PSK:+GROUP-ALL:+AES-128-CBC:+SHA256",
                BouncySuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256),
            "ECDHE_CHACHA20_POLY1305_SHA256" => new TestSuite(
                EcdheSuites.PskChaCha20Poly1305Sha256(Elliptic()), "ECDHE-PSK-CHACHA20-POLY1305", "+ECDHE-PSK:+GROUP-ALL:+CHACHA20-POLY1305:+AEAD",
                BouncySuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256),
            "ECDHE_AES_128_CCM_8_SHA256" => new TestSuite(
                EcdheSuites.PskAes128Ccm8Sha256(Elliptic()), "", "", BouncySuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256),
            "ECDHE_AES_128_CCM_SHA256" => new TestSuite(
                EcdheSuites.PskAes128CcmSha256(Elliptic()), "", "", BouncySuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256),
            "ECDHE_AES_128_GCM_SHA256" => new TestSuite(
                EcdheSuites.PskAes128GcmSha256(Elliptic()), "", "", BouncySuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such suite."),
        };
    }

    private static EcdheExtensions Elliptic()
    {
        return new EcdheExtensions(GroupTable.All(), SchemeTable.Elliptic());
    }

    /// <summary>Options with this suite alone, and datagrams that take 1,300 bytes of payload under every suite.</summary>
    internal DtlsOptions Options()
    {
        DtlsOptions options = DtlsOptions.Gateway();
        options.MaxSessions = 4;
        options.MaxHandshakes = 4;
        options.Crypto = new NfDtls.Crypto.Host.HostProvider();
        options.Suites = new CipherSuiteTable().Add(Suite);
        options.Psk = new PskStore();
        options.Psk.Add(Key, Identity);
        LeaveTime(options);
        return options;
    }

    /// <summary>However slow the machine is, no flight goes out again because of it, and no handshake ends.</summary>
    internal static void LeaveTime(DtlsOptions options)
    {
        options.RetransmitTimeout = RetransmitTimeout;
        options.HandshakeTimeout = HandshakeTimeout;
    }
}
