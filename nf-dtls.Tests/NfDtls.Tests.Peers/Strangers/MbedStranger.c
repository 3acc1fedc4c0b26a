/* A DTLS 1.2 peer made of mbedTLS 3.6: connection IDs, resumption, renegotiation, sizes and names. Stranger.h has what it shares. */
#include "Stranger.h"
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_cookie.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/timing.h>
#include <mbedtls/version.h>
#include <psa/crypto.h>

#if MBEDTLS_VERSION_NUMBER < 0x03060000 || MBEDTLS_VERSION_MAJOR > 3
#error This is written for mbedTLS 3.6: 4 has other functions
#endif

enum outcome { closed, crashed, again };

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context drbg;
static mbedtls_ssl_config config;
static mbedtls_ssl_context ssl;
static mbedtls_ssl_session session;
static mbedtls_ssl_cookie_ctx cookies;
static mbedtls_ssl_cache_context cache;
static mbedtls_ssl_ticket_context tickets;
static mbedtls_timing_delay_context timer;
static mbedtls_x509_crt ca, chain;
static mbedtls_pk_context key;
static unsigned char own_cid[most_cid];
static int own_cid_length = -1, has_session, is_full, has_new_keys;
static uint64_t newest;

static int fail(const char *what, int error)
{
    char text[200];
    mbedtls_strerror(error, text, sizeof text);
    if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) say("alert %d received", ssl.MBEDTLS_PRIVATE(in_msg)[1]);
    say("failed %s: -0x%04x %s", what, (unsigned)-error, text);
    return 1;
}

static void need(const char *what, int error)
{
    if (error != 0) exit(fail(what, error));
}

/* The highest number of an authentic record is another than when the datagram came: the datagram was authentic, and newer. */
static void follow_the_newest(void)
{
    if (is_shaking || ssl.MBEDTLS_PRIVATE(in_window_top) == newest) return;
    newest = ssl.MBEDTLS_PRIVATE(in_window_top);
    follow();
}

static void note_new_keys(void *context, mbedtls_ssl_key_export_type type, const unsigned char *secret, size_t length,
    const unsigned char client_random[32], const unsigned char server_random[32], mbedtls_tls_prf_types prf)
{
    (void)context, (void)type, (void)secret, (void)length, (void)client_random, (void)server_random, (void)prf;
    has_new_keys = 1;
}

static int receive(void *context, unsigned char *into, size_t size)
{
    (void)context;
    follow_the_newest();
    int length = receive_datagram(into, size);
    return length == 0 ? MBEDTLS_ERR_SSL_WANT_READ : length;
}

static int transmit(void *context, const unsigned char *bytes, size_t length)
{
    (void)context;
    follow_the_newest();
    return send_datagram(bytes, length);
}

static void configure(void)
{
    static int suites[2];
    static uint16_t groups[3];
    static const char *protocols[11];
    static unsigned char psk[64];
    const char *value;
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&ssl);
    mbedtls_ssl_session_init(&session);
    mbedtls_ssl_cookie_init(&cookies);
    mbedtls_ssl_cache_init(&cache);
    mbedtls_ssl_ticket_init(&tickets);
    mbedtls_x509_crt_init(&ca);
    mbedtls_x509_crt_init(&chain);
    mbedtls_pk_init(&key);
    psa_crypto_init();
    need("seed", mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0));
    need("config", mbedtls_ssl_config_defaults(&config, is_server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
        MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT));
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &drbg);
    mbedtls_ssl_conf_max_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_handshake_timeout(&config, (uint32_t)number("retransmit", 1000), 60000);
    char *suite = strdup(option("suite", "TLS_PSK_WITH_AES_128_CCM_8"));
    for (char *letter = suite; *letter != 0; letter++) *letter = *letter == '_' ? '-' : *letter;
    if ((suites[0] = mbedtls_ssl_get_ciphersuite_id(suite)) == 0) misused(suite);
    free(suite);
    mbedtls_ssl_conf_ciphersuites(&config, suites);
    groups[0] = strcmp(option("curve", "secp256r1"), "x25519") == 0 ? MBEDTLS_SSL_IANA_TLS_GROUP_X25519 : MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1;
    groups[1] = groups[0] == MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1 ? MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1 : MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1;
    mbedtls_ssl_conf_groups(&config, groups);
    if ((value = option("psk", NULL)) != NULL)
    {
        const char *identity = option("identity", "device");
        size_t length = from_hex(value, psk, sizeof psk);
        need("psk", mbedtls_ssl_conf_psk(&config, psk, length, (const unsigned char *)identity, strlen(identity)));
    }

    mbedtls_ssl_conf_authmode(&config, option("ca", NULL) != NULL ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
    if ((value = option("ca", NULL)) != NULL)
    {
        need("ca", mbedtls_x509_crt_parse_file(&ca, value));
        mbedtls_ssl_conf_ca_chain(&config, &ca, NULL);
    }

    if ((value = option("chain", NULL)) != NULL)
    {
        need("chain", mbedtls_x509_crt_parse_file(&chain, value));
        need("key", mbedtls_pk_parse_keyfile(&key, option("key", ""), NULL, mbedtls_ctr_drbg_random, &drbg));
        need("own", mbedtls_ssl_conf_own_cert(&config, &chain, &key));
    }

    if ((value = option("alpn", NULL)) != NULL)
    {
        char *names = strdup(value), *rest = names, *name;
        for (int i = 0; i < 10 && (name = strsep(&rest, ",")) != NULL; i++) protocols[i] = name;
        need("alpn", mbedtls_ssl_conf_alpn_protocols(&config, protocols));
    }

    switch (number("mfl", 0))
    {
        case 0: break;
        case 512: need("mfl", mbedtls_ssl_conf_max_frag_len(&config, MBEDTLS_SSL_MAX_FRAG_LEN_512)); break;
        case 1024: need("mfl", mbedtls_ssl_conf_max_frag_len(&config, MBEDTLS_SSL_MAX_FRAG_LEN_1024)); break;
        case 2048: need("mfl", mbedtls_ssl_conf_max_frag_len(&config, MBEDTLS_SSL_MAX_FRAG_LEN_2048)); break;
        case 4096: need("mfl", mbedtls_ssl_conf_max_frag_len(&config, MBEDTLS_SSL_MAX_FRAG_LEN_4096)); break;
        default: misused("mfl");
    }

    if ((value = option("cid", NULL)) != NULL)
    {
        own_cid_length = (int)from_hex(value, own_cid, sizeof own_cid);
        need("cid", mbedtls_ssl_conf_cid(&config, (size_t)own_cid_length, MBEDTLS_SSL_UNEXPECTED_CID_IGNORE));
    }

    mbedtls_ssl_conf_extended_master_secret(&config, number("ems", 1));
    mbedtls_ssl_conf_encrypt_then_mac(&config, number("etm", 1));
    mbedtls_ssl_conf_renegotiation(&config, number("renegotiation", 0));
    mbedtls_ssl_conf_renegotiation_enforced(&config, MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
    if (!is_server)
    {
        mbedtls_ssl_conf_session_tickets(&config, number("tickets", 0));
        return;
    }

    if (number("cookies", 1))
    {
        need("cookies", mbedtls_ssl_cookie_setup(&cookies, mbedtls_ctr_drbg_random, &drbg));
        mbedtls_ssl_conf_dtls_cookies(&config, mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check, &cookies);
    }
    else
    {
        mbedtls_ssl_conf_dtls_cookies(&config, NULL, NULL, NULL);
    }

    if (number("cache", 0)) mbedtls_ssl_conf_session_cache(&config, &cache, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
    if (number("tickets", 0))
    {
        need("tickets", mbedtls_ssl_ticket_setup(&tickets, mbedtls_ctr_drbg_random, &drbg, MBEDTLS_CIPHER_AES_256_GCM, 86400));
        mbedtls_ssl_conf_session_tickets_cb(&config, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &tickets);
    }
}

static void reset(void)
{
    need("reset", mbedtls_ssl_session_reset(&ssl));
    need("cid", mbedtls_ssl_set_cid(&ssl, own_cid_length >= 0 ? MBEDTLS_SSL_CID_ENABLED : MBEDTLS_SSL_CID_DISABLED, own_cid,
        own_cid_length >= 0 ? (size_t)own_cid_length : 0));
    if (is_server && peer.is_known) need("id", mbedtls_ssl_set_client_transport_id(&ssl, (const unsigned char *)&peer.of, sizeof peer.of));
}

/* Step by step, since it tells of a resumption only by the states that it goes through. */
static int shake_hands(void)
{
    is_full = 0;
    while (!mbedtls_ssl_is_handshake_over(&ssl))
    {
        /* Its peer is known by the first hello, and the cookie is for the peer. */
        if (is_server && !peer.is_known)
        {
            int length = receive_datagram(buffer, sizeof buffer);
            if (length > 0)
            {
                memcpy(held, buffer, (size_t)length);
                held_length = length;
                reset();
            }
            else if (wait_for_either(1) != NULL)
            {
                exit(0);
            }

            continue;
        }

        if (ssl.MBEDTLS_PRIVATE(state) == MBEDTLS_SSL_CLIENT_KEY_EXCHANGE) is_full = 1;
        int error = mbedtls_ssl_handshake_step(&ssl);
        if (is_abandoned) return 0;
        if (error == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) reset();
        else if (error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE) wait_for_either(0);
        else if (error != 0) return error;
    }

    return 0;
}

static void say_state(const char *event)
{
    unsigned char peer_cid[most_cid];
    size_t length = 0;
    int uses_cid = 0;
    const char *protocol = mbedtls_ssl_get_alpn_protocol(&ssl);
    mbedtls_ssl_get_peer_cid(&ssl, &uses_cid, peer_cid, &length);
    mbedtls_ssl_session_free(&session);
    mbedtls_ssl_session_init(&session);
    has_session = !is_server && mbedtls_ssl_get_session(&ssl, &session) == 0;
    say("%s suite=%s resumed=%d own_cid=%s peer_cid=%s alpn=%s payload=%d ticket=%d port=%d", event, mbedtls_ssl_get_ciphersuite(&ssl), !is_full,
        hex(own_cid, uses_cid ? own_cid_length : -1), hex(peer_cid, uses_cid ? (int)length : -1), protocol == NULL ? "-" : protocol,
        mbedtls_ssl_get_max_out_record_payload(&ssl), has_session ? (int)session.MBEDTLS_PRIVATE(ticket_len) : 0, ntohs(peer.of.sin_port));
}

static void save_session(void)
{
    size_t length;
    need("save", mbedtls_ssl_session_save(&session, buffer, sizeof buffer, &length));
    write_file(option("session", "session"), buffer, length);
    say("saved %d bytes", (int)length);
}

static void load_session(void)
{
    size_t length = option("session", NULL) == NULL ? 0 : read_file(option("session", NULL), buffer, sizeof buffer);
    if (length == 0) return;
    need("load", mbedtls_ssl_session_load(&session, buffer, length));
    has_session = 1;
}

static void export_key(char *arguments)
{
    unsigned char made[1024], context[256];
    char *label = strsep(&arguments, " "), *length = strsep(&arguments, " ");
    size_t context_length = arguments == NULL ? 0 : from_hex(arguments, context, sizeof context);
    if (length == NULL || atoi(length) < 1 || atoi(length) > (int)sizeof made) misused("export");

    /* Until a record has come behind its last flight it keeps the handshake, and has no randoms, or those of the handshake before. */
    if (ssl.MBEDTLS_PRIVATE(handshake) != NULL)
    {
        say("failed export: nothing has come yet");
        return;
    }

    need("export", mbedtls_ssl_export_keying_material(&ssl, made, (size_t)atoi(length), label, strlen(label), context, context_length, arguments != NULL));
    say("exported %s", hex(made, atoi(length)));
}

/* In as many records as it takes: mbedTLS keeps to a max_fragment_length that the other end knows nothing of. */
static void write_all(const unsigned char *bytes, int length)
{
    int most = mbedtls_ssl_get_max_out_record_payload(&ssl), error = 0;
    for (int at = 0; error >= 0 && (at < length || at == 0); at += most)
    {
        error = mbedtls_ssl_write(&ssl, bytes + at, (size_t)(length - at < most ? length - at : most));
    }

    if (error < 0) exit(fail("write", error));
}

static int carry_out(char *command)
{
    int length = message_of(command, buffer);
    if (length >= 0)
    {
        write_all(buffer, length);
        return -1;
    }

    if (strcmp(command, "move") == 0) say("moved to port %d", open_socket(0));
    else if (strcmp(command, "save") == 0) save_session();
    else if (strncmp(command, "export ", 7) == 0) export_key(command + 7);
    else if (strcmp(command, "renegotiate") == 0)
    {
        int error = mbedtls_ssl_renegotiate(&ssl);
        if (error != 0 && error != MBEDTLS_ERR_SSL_WANT_READ && error != MBEDTLS_ERR_SSL_WAITING_SERVER_HELLO_RENEGO) exit(fail("renegotiate", error));
    }
    else if (strcmp(command, "close") == 0 || strcmp(command, "reconnect") == 0)
    {
        mbedtls_ssl_close_notify(&ssl);
        return command[0] == 'c' ? closed : again;
    }
    else if (strcmp(command, "wake") == 0) return again;
    else if (strcmp(command, "crash") == 0) return crashed;
    else misused(command);
    return -1;
}

/* Sends back what comes, and does what it is told, until it is over. */
static enum outcome serve(void)
{
    int echoes = number("echo", 1);
    has_new_keys = 0;
    for (;;)
    {
        int length = mbedtls_ssl_read(&ssl, buffer, sizeof buffer);
        follow_the_newest();
        if (is_abandoned) return again;
        if (has_new_keys && mbedtls_ssl_is_handshake_over(&ssl))
        {
            has_new_keys = 0;
            say_state("renegotiated");
        }

        if (length > 0)
        {
            say_received(buffer, length);
            if (echoes) write_all(buffer, length);
            continue;
        }

        if (length == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        {
            mbedtls_ssl_close_notify(&ssl);
            say("closed by the peer");
            return is_server ? again : closed;
        }

        if (length == MBEDTLS_ERR_SSL_CLIENT_RECONNECT)
        {
            /* The new hello is inside of it already. */
            is_abandoned = -1;
            return again;
        }

        if (length != 0 && length != MBEDTLS_ERR_SSL_WANT_READ && length != MBEDTLS_ERR_SSL_WANT_WRITE && length != MBEDTLS_ERR_SSL_TIMEOUT
            && length != MBEDTLS_ERR_SSL_WAITING_SERVER_HELLO_RENEGO) exit(fail("read", length));
        if (ssl.MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_ALERT && ssl.MBEDTLS_PRIVATE(in_msg)[1] == MBEDTLS_SSL_ALERT_MSG_NO_RENEGOTIATION)
        {
            say("renegotiation refused");
            ssl.MBEDTLS_PRIVATE(in_msgtype) = 0;
        }

        char *command = wait_for_either(1);
        int outcome = command == NULL ? -1 : carry_out(command);
        if (outcome >= 0) return (enum outcome)outcome;
    }
}

int main(int count, char **arguments)
{
    if (count < 3) return 2;
    is_server = strcmp(arguments[1], "server") == 0;
    options = arguments + 2;
    configure();
    follows = own_cid_length > 0;
    say("library mbedTLS %s", MBEDTLS_VERSION_STRING);
    say("ready on port %d", open_socket(is_server ? number("port", 0) : 0));
    need("setup", mbedtls_ssl_setup(&ssl, &config));
    mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);
    mbedtls_ssl_set_export_keys_cb(&ssl, note_new_keys, NULL);
    mbedtls_ssl_set_mtu(&ssl, (uint16_t)number("mtu", 1500));
    mbedtls_ssl_set_bio(&ssl, NULL, transmit, receive, NULL);
    if (!is_server)
    {
        need("name", mbedtls_ssl_set_hostname(&ssl, option("name", NULL)));
        load_session();
    }

    for (;;)
    {
        is_shaking = 1;
        if (is_abandoned >= 0)
        {
            is_abandoned = 0;
            peer.is_known = !is_server;
            if (!is_server) peer.of = loopback(number("port", 0));
            reset();
            if (has_session && !is_server) need("session", mbedtls_ssl_set_session(&ssl, &session));
        }

        is_abandoned = 0;
        int error = shake_hands();
        if (is_abandoned) continue;
        if (error != 0)
        {
            fail("handshake", error);
            if (!is_server) return 1;
            continue;
        }

        is_shaking = 0;
        newest = ssl.MBEDTLS_PRIVATE(in_window_top);
        say_state("connected");
        switch (serve())
        {
            case closed: return 0;
            case crashed: _exit(3);
            default: break;
        }

        if (is_abandoned) say("abandoned by the peer");
        if (!is_server) open_socket(0);
    }
}
