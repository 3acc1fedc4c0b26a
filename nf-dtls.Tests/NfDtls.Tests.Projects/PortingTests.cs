using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>What the pages for those who come from elsewhere call ours is there under that name.</summary>
[TestClass]
public sealed partial class PortingTests
{
    private const string NetX = "docs/netx-migration.md";

    // What nx_secure_dtls_api.h has behind nx_secure_dtls_.
    private static readonly string[] Services =
    [
        "initialize", "session_create", "session_delete", "session_end", "session_receive", "session_reset", "session_send", "session_start", "session_client_info_get",
        "session_local_certificate_add", "session_local_certificate_remove", "session_trusted_certificate_add", "session_trusted_certificate_remove",
        "client_session_send", "client_session_start", "client_protocol_version_override", "server_protocol_version_override", "packet_allocate", "psk_add", "ecc_initialize",
        "server_create", "server_delete", "server_start", "server_stop", "server_session_send", "server_session_start", "server_notify_set", "server_psk_add", "server_ecc_initialize",
        "server_local_certificate_add", "server_local_certificate_remove", "server_trusted_certificate_add", "server_trusted_certificate_remove",
        "server_x509_client_verify_configure", "server_x509_client_verify_disable",
    ];

    // What nx_secure_user_sample.h and the guide's list of options have behind NX_SECURE_.
    private static readonly string[] Macros =
    [
        "ENABLE_DTLS", "ENABLE_PSK_CIPHERSUITES", "ENABLE_ECC_CIPHERSUITE", "DISABLE_ECC_CIPHERSUITE", "ENABLE_AEAD_CIPHER", "AEAD_CIPHER_CHECK", "ENABLE_CLIENT_CERTIFICATE_VERIFY",
        "ENABLE_ECJPAKE_CIPHERSUITE", "ALLOW_SELF_SIGNED_CERTIFICATES", "DISABLE_X509", "DISABLE_ERROR_CHECKING", "DTLS_COOKIE_LENGTH", "DTLS_MAXIMUM_RETRANSMIT_RETRIES",
        "DTLS_MAXIMUM_RETRANSMIT_TIMEOUT", "DTLS_RETRANSMIT_RETRY_SHIFT", "DTLS_RETRANSMIT_TIMEOUT", "KEY_CLEAR", "CUSTOM_SECRET_GENERATION", "HASH_METADATA_CLONE",
        "HASH_CLONE_CLEANUP", "MEMCMP", "MEMCPY", "MEMMOVE", "MEMSET", "POWER_ON_SELF_TEST_MODULE_INTEGRITY_CHECK", "RNG_CHECK_COUNT", "TLS_CLIENT_DISABLED", "TLS_SERVER_DISABLED",
        "TLS_MAX_PSK_ID_SIZE", "TLS_MAX_PSK_KEYS", "TLS_MAX_PSK_SIZE", "TLS_MINIMUM_CERTIFICATE_SIZE", "TLS_MINIMUM_MESSAGE_BUFFER_SIZE", "TLS_PREMASTER_SIZE", "TLS_MASTER_SIZE",
        "TLS_KEY_MATERIAL_SIZE", "TLS_SNI_EXTENSION_DISABLED", "TLS_USE_SCSV_CIPHPERSUITE", "TLS_DISABLE_SECURE_RENEGOTIATION", "TLS_DISABLE_CLIENT_INITIATED_RENEGOTIATION",
        "TLS_REQUIRE_RENEGOTIATION_EXT", "TLS_ENABLE_TLS_1_0", "TLS_ENABLE_TLS_1_1", "TLS_ENABLE_TLS_1_3", "TLS_DISABLE_PROTOCOL_VERSION_DOWNGRADE", "X509_DISABLE_CRL",
        "X509_STRICT_NAME_COMPARE", "X509_USE_EXTENDED_DISTINGUISHED_NAMES",
    ];

    [TestMethod]
    public void Every_service_of_NetX_Secure_DTLS_has_its_row()
    {
        CollectionAssert.IsSubsetOf(Services.Select(name => "nx_secure_dtls_" + name).ToArray(), Named("| NetX Secure | NfDtls |"));
    }

    [TestMethod]
    public void Every_macro_of_NetX_Secure_has_its_row()
    {
        CollectionAssert.IsSubsetOf(Macros.Select(name => "NX_SECURE_" + name).ToArray(), Named("| Macro | NfDtls |"));
    }

    /// <summary>The names in the first column of a table; one that begins with _ takes the last part's place of the one before it.</summary>
    private static string[] Named(string header)
    {
        List<string> names = [];
        foreach (string code in Pages.Table(NetX, header).SelectMany(row => CodePattern().Matches(row[0])).Select(match => match.Value.Trim('`')))
        {
            names.Add(code.StartsWith('_') ? names[^1][..names[^1].LastIndexOf('_')] + code : code);
        }

        return [.. names];
    }

    [TestMethod]
    [DataRow("docs/porting.md", "| mbedTLS | NfDtls |", 1)]
    [DataRow("docs/porting.md", "| BouncyCastle | NfDtls |", 1)]
    [DataRow("docs/netx-migration.md", "| NetX Secure | NfDtls |", 1)]
    [DataRow("docs/netx-migration.md", "| Macro | NfDtls |", 1)]
    [DataRow("docs/troubleshooting.md", "| Error | What happened | What to look at |", 2)]
    [DataRow("docs/troubleshooting.md", "| Symptom | Commonest cause | What to do |", 2)]
    public void Every_name_in_the_column_of_ours_is_in_the_sources(string page, string header, int column)
    {
        HashSet<string> words = [.. new[] { "nf-dtls", "native-interop", "targets/host" }
            .SelectMany(folder => Directory.EnumerateFiles(Place.In(folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => WordPattern().Matches(File.ReadAllText(file)).Select(match => match.Value))];
        string[] names = [.. Pages.Table(page, header).SelectMany(row => CodePattern().Matches(row[column])).SelectMany(code => WordPattern().Matches(code.Value).Select(match => match.Value)).Distinct()];
        Assert.AreNotEqual(0, names.Length);
        CollectionAssert.IsSubsetOf(names, words.ToArray());
    }

    // What begins with a capital: arguments and commands do not.
    [GeneratedRegex("\\b[A-Z][A-Za-z0-9]+\\b")]
    private static partial Regex WordPattern();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex CodePattern();
}
