using BouncySuite = Org.BouncyCastle.Tls.CipherSuite;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>A suite under the names that the peers have for it.</summary>
internal sealed record PeerSuite(string OpenSsl, string GnuTls, int BouncyCastle, string Mbed)
{
    internal static PeerSuite EcdsaCcm8 { get; } = new("ECDHE-ECDSA-AES128-CCM8", "+ECDHE-ECDSA:+AES-128-CCM-8:+AEAD", BouncySuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8, "TLS-ECDHE-ECDSA-WITH-AES-128-CCM-8");
    internal static PeerSuite EcdsaCcm { get; } = new("ECDHE-ECDSA-AES128-CCM", "+ECDHE-ECDSA:+AES-128-CCM:+AEAD", BouncySuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM, "TLS-ECDHE-ECDSA-WITH-AES-128-CCM");
    internal static PeerSuite EcdsaGcm128 { get; } = new("ECDHE-ECDSA-AES128-GCM-SHA256", "+ECDHE-ECDSA:+AES-128-GCM:+AEAD", BouncySuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256");
    internal static PeerSuite EcdsaGcm256 { get; } = new("ECDHE-ECDSA-AES256-GCM-SHA384", "+ECDHE-ECDSA:+AES-256-GCM:+AEAD", BouncySuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "TLS-ECDHE-ECDSA-WITH-AES-256-GCM-SHA384");
    internal static PeerSuite EcdsaChaCha { get; } = new("ECDHE-ECDSA-CHACHA20-POLY1305", "+ECDHE-ECDSA:+CHACHA20-POLY1305:+AEAD", BouncySuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, "TLS-ECDHE-ECDSA-WITH-CHACHA20-POLY1305-SHA256");
    internal static PeerSuite EcdsaCbc { get; } = new("ECDHE-ECDSA-AES128-SHA256", "+ECDHE-ECDSA:+AES-128-CBC:+SHA256", BouncySuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, "TLS-ECDHE-ECDSA-WITH-AES-128-CBC-SHA256");
    internal static PeerSuite RsaGcm128 { get; } = new("ECDHE-RSA-AES128-GCM-SHA256", "+ECDHE-RSA:+AES-128-GCM:+AEAD", BouncySuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256");
    internal static PeerSuite RsaGcm256 { get; } = new("ECDHE-RSA-AES256-GCM-SHA384", "+ECDHE-RSA:+AES-256-GCM:+AEAD", BouncySuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384");
    internal static PeerSuite RsaChaCha { get; } = new("ECDHE-RSA-CHACHA20-POLY1305", "+ECDHE-RSA:+CHACHA20-POLY1305:+AEAD", BouncySuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "TLS-ECDHE-RSA-WITH-CHACHA20-POLY1305-SHA256");
    internal static PeerSuite RsaCbc { get; } = new("ECDHE-RSA-AES128-SHA256", "+ECDHE-RSA:+AES-128-CBC:+SHA256", BouncySuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, "TLS-ECDHE-RSA-WITH-AES-128-CBC-SHA256");
    internal static PeerSuite PlainCbcSha { get; } = new("AES128-SHA", "+RSA:+AES-128-CBC:+SHA1", BouncySuite.TLS_RSA_WITH_AES_128_CBC_SHA, "TLS-RSA-WITH-AES-128-CBC-SHA");
    internal static PeerSuite PlainCbc128 { get; } = new("AES128-SHA256", "+RSA:+AES-128-CBC:+SHA256", BouncySuite.TLS_RSA_WITH_AES_128_CBC_SHA256, "TLS-RSA-WITH-AES-128-CBC-SHA256");
    internal static PeerSuite PlainCbc256 { get; } = new("AES256-SHA256", "+RSA:+AES-256-CBC:+SHA256", BouncySuite.TLS_RSA_WITH_AES_256_CBC_SHA256, "TLS-RSA-WITH-AES-256-CBC-SHA256");
    internal static PeerSuite PlainGcm128 { get; } = new("AES128-GCM-SHA256", "+RSA:+AES-128-GCM:+AEAD", BouncySuite.TLS_RSA_WITH_AES_128_GCM_SHA256, "TLS-RSA-WITH-AES-128-GCM-SHA256");
}
