using System.Collections.Generic;
using NfDtls.Dtls13;
using NfDtls.Ecdhe;

namespace NfDtls.Tool;

/// <summary>Names of the numbers on the wire, as IANA has them.</summary>
internal static class WireNames
{
    private static readonly Dictionary<int, CipherSuite> Ours = ReadOurs();

    /// <summary>Suites that NfDtls has not, but that a server may speak.</summary>
    private static readonly Dictionary<int, string> OtherSuites = new()
    {
        [0x0001] = "TLS_RSA_WITH_NULL_MD5", [0x0002] = "TLS_RSA_WITH_NULL_SHA", [0x0005] = "TLS_RSA_WITH_RC4_128_SHA", [0x000A] = "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
        [0x0016] = "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", [0x002C] = "TLS_PSK_WITH_NULL_SHA", [0x002F] = "TLS_RSA_WITH_AES_128_CBC_SHA",
        [0x0033] = "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", [0x0035] = "TLS_RSA_WITH_AES_256_CBC_SHA", [0x0039] = "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
        [0x003B] = "TLS_RSA_WITH_NULL_SHA256", [0x003D] = "TLS_RSA_WITH_AES_256_CBC_SHA256", [0x0067] = "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
        [0x006B] = "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", [0x008B] = "TLS_PSK_WITH_3DES_EDE_CBC_SHA", [0x008C] = "TLS_PSK_WITH_AES_128_CBC_SHA",
        [0x008D] = "TLS_PSK_WITH_AES_256_CBC_SHA", [0x0090] = "TLS_DHE_PSK_WITH_AES_128_CBC_SHA", [0x0091] = "TLS_DHE_PSK_WITH_AES_256_CBC_SHA",
        [0x0094] = "TLS_RSA_PSK_WITH_AES_128_CBC_SHA", [0x0095] = "TLS_RSA_PSK_WITH_AES_256_CBC_SHA", [0x009D] = "TLS_RSA_WITH_AES_256_GCM_SHA384",
        [0x009E] = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", [0x009F] = "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", [0x00AA] = "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256",
        [0x00AB] = "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384", [0x00AC] = "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256", [0x00AD] = "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384",
        [0x00AF] = "TLS_PSK_WITH_AES_256_CBC_SHA384", [0x00B2] = "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256", [0x00B3] = "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384",
        [0xC006] = "TLS_ECDHE_ECDSA_WITH_NULL_SHA", [0xC008] = "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", [0xC009] = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        [0xC00A] = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", [0xC010] = "TLS_ECDHE_RSA_WITH_NULL_SHA", [0xC012] = "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
        [0xC013] = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", [0xC014] = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", [0xC024] = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        [0xC028] = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", [0xC035] = "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA", [0xC036] = "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA",
        [0xC038] = "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384", [0xC09C] = "TLS_RSA_WITH_AES_128_CCM", [0xC09D] = "TLS_RSA_WITH_AES_256_CCM",
        [0xC09E] = "TLS_DHE_RSA_WITH_AES_128_CCM", [0xC09F] = "TLS_DHE_RSA_WITH_AES_256_CCM", [0xC0A0] = "TLS_RSA_WITH_AES_128_CCM_8",
        [0xC0A1] = "TLS_RSA_WITH_AES_256_CCM_8", [0xC0A5] = "TLS_PSK_WITH_AES_256_CCM", [0xC0A6] = "TLS_DHE_PSK_WITH_AES_128_CCM",
        [0xC0A7] = "TLS_DHE_PSK_WITH_AES_256_CCM", [0xC0A9] = "TLS_PSK_WITH_AES_256_CCM_8", [0xC0AA] = "TLS_PSK_DHE_WITH_AES_128_CCM_8",
        [0xC0AD] = "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", [0xC0AF] = "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", [0xCCAA] = "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        [0xCCAD] = "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256", [0xD002] = "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384", [0xC0FF] = "TLS_ECJPAKE_WITH_AES_128_CCM_8",
    };

    /// <summary>Every suite that has a name here, those of NfDtls first.</summary>
    public static IEnumerable<int> Suites
    {
        get { return [.. Ours.Keys, .. OtherSuites.Keys]; }
    }

    /// <summary>The suite as NfDtls has it, or null.</summary>
    public static CipherSuite? FindSuite(int id)
    {
        return Ours.GetValueOrDefault(id);
    }

    public static string OfSuite(int id)
    {
        return Ours.TryGetValue(id, out CipherSuite? suite) ? suite.Name
            : OtherSuites.TryGetValue(id, out string? name) ? name
            : id switch
            {
                0x00FF => "TLS_EMPTY_RENEGOTIATION_INFO_SCSV",
                0x5600 => "TLS_FALLBACK_SCSV",
                _ => $"0x{id:x4}",
            };
    }

    public static string OfVersion(int version)
    {
        return version switch
        {
            0xFEFF => "DTLS 1.0",
            0xFEFD => "DTLS 1.2",
            0xFEFC => "DTLS 1.3",
            0x0100 => "DTLS before 1.0",
            _ => $"0x{version:x4}",
        };
    }

    public static string OfGroup(int group)
    {
        return group switch
        {
            NamedGroup.Secp256r1 => "secp256r1",
            NamedGroup.Secp384r1 => "secp384r1",
            NamedGroup.Secp521r1 => "secp521r1",
            NamedGroup.X25519 => "x25519",
            30 => "x448",
            26 => "brainpoolP256r1",
            27 => "brainpoolP384r1",
            28 => "brainpoolP512r1",
            0x100 => "ffdhe2048",
            0x101 => "ffdhe3072",
            0x102 => "ffdhe4096",
            0x103 => "ffdhe6144",
            0x104 => "ffdhe8192",
            NamedGroup.MlKem768 => "MLKEM768",
            NamedGroup.X25519MlKem768 => "X25519MLKEM768",
            0x11EB => "SecP256r1MLKEM768",
            0x11ED => "SecP384r1MLKEM1024",
            _ => $"0x{group:x4}",
        };
    }

    public static string OfScheme(int scheme)
    {
        return scheme switch
        {
            0x0201 => "rsa_pkcs1_sha1",
            0x0203 => "ecdsa_sha1",
            0x0301 => "rsa_pkcs1_sha224",
            0x0303 => "ecdsa_sha224",
            0x0401 => "rsa_pkcs1_sha256",
            0x0403 => "ecdsa_secp256r1_sha256",
            0x0501 => "rsa_pkcs1_sha384",
            0x0503 => "ecdsa_secp384r1_sha384",
            0x0601 => "rsa_pkcs1_sha512",
            0x0603 => "ecdsa_secp521r1_sha512",
            0x0804 => "rsa_pss_rsae_sha256",
            0x0805 => "rsa_pss_rsae_sha384",
            0x0806 => "rsa_pss_rsae_sha512",
            0x0807 => "ed25519",
            0x0808 => "ed448",
            0x0809 => "rsa_pss_pss_sha256",
            0x080A => "rsa_pss_pss_sha384",
            0x080B => "rsa_pss_pss_sha512",
            _ => $"0x{scheme:x4}",
        };
    }

    public static string OfExtension(int type)
    {
        return type switch
        {
            0 => "server_name",
            1 => "max_fragment_length",
            5 => "status_request",
            10 => "supported_groups",
            11 => "ec_point_formats",
            13 => "signature_algorithms",
            14 => "use_srtp",
            15 => "heartbeat",
            16 => "application_layer_protocol_negotiation",
            19 => "client_certificate_type",
            20 => "server_certificate_type",
            21 => "padding",
            22 => "encrypt_then_mac",
            23 => "extended_master_secret",
            28 => "record_size_limit",
            35 => "session_ticket",
            41 => "pre_shared_key",
            42 => "early_data",
            43 => "supported_versions",
            44 => "cookie",
            45 => "psk_key_exchange_modes",
            47 => "certificate_authorities",
            48 => "oid_filters",
            49 => "post_handshake_auth",
            50 => "signature_algorithms_cert",
            51 => "key_share",
            53 => "connection_id (of a draft)",
            54 => "connection_id",
            61 => "rrc",
            0xFF01 => "renegotiation_info",
            _ => $"extension {type}",
        };
    }

    public static string OfContent(int type)
    {
        return type switch
        {
            20 => "ChangeCipherSpec",
            21 => "alert",
            22 => "handshake",
            23 => "data",
            24 => "heartbeat",
            25 => "with a connection ID",
            26 => "ACK",
            27 => "return routability",
            _ => $"content type {type}",
        };
    }

    private static Dictionary<int, CipherSuite> ReadOurs()
    {
        CipherSuiteTable table = SuiteNames.All(GroupTable.All());
        Dictionary<int, CipherSuite> suites = [];
        for (int i = 0; i < table.Count; i++)
        {
            suites[table.At(i).Id] = table.At(i);
        }

        return suites;
    }
}
