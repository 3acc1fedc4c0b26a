/* Both ends of mbedTLS 2.28, in one thread. Bench.h tells how it is used. */
#include "Bench.h"
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_cookie.h>
#include <mbedtls/timing.h>
#include <mbedtls/version.h>

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context drbg;
static mbedtls_ssl_config configs[2];
static mbedtls_ssl_context *ends[2], first_ends[2];
static mbedtls_timing_delay_context timers[2];
static mbedtls_ssl_cookie_ctx cookies;
static mbedtls_ssl_cache_context cache;
static mbedtls_ssl_session session;
static mbedtls_x509_crt root, leaf;
static mbedtls_pk_context key;
static int which[2] = { client_end, server_end }, has_session;

static void need(int error, const char *what)
{
    char text[200];
    if (error == 0) return;
    mbedtls_strerror(error, text, sizeof text);
    fprintf(stderr, "-0x%04x %s: ", (unsigned)-error, text);
    fail(what);
}

static int receive(void *context, unsigned char *into, size_t room)
{
    int count = wire_receive(*(int *)context, into, room);
    return count == 0 ? MBEDTLS_ERR_SSL_WANT_READ : count;
}

static int transmit(void *context, const unsigned char *bytes, size_t length)
{
    return wire_send(*(int *)context, bytes, length);
}

static void set_up(void)
{
    static int suites[2];
    static const mbedtls_ecp_group_id curves[] = { MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_NONE };
    const char *suite = is("suite", "psk-ccm8") ? "TLS-PSK-WITH-AES-128-CCM-8" : is("suite", "psk-gcm") ? "TLS-PSK-WITH-AES-128-GCM-SHA256"
        : is("suite", "ecdsa-gcm") ? "TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256" : "TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256";
    const char *psk = option("psk", ""), *identity = option("identity", "");
    int has_psk = strncmp(suite, "TLS-PSK", 7) == 0;
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_ssl_cookie_init(&cookies);
    mbedtls_ssl_cache_init(&cache);
    mbedtls_ssl_session_init(&session);
    mbedtls_x509_crt_init(&root);
    mbedtls_x509_crt_init(&leaf);
    mbedtls_pk_init(&key);
    need(mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0), "seed");
    need(mbedtls_ssl_cookie_setup(&cookies, mbedtls_ctr_drbg_random, &drbg), "cookies");
    suites[0] = mbedtls_ssl_get_ciphersuite_id(suite);
    if (!has_psk)
    {
        need(mbedtls_x509_crt_parse_file(&root, option("root", "")), "root");
        need(mbedtls_x509_crt_parse_file(&leaf, option("leaf", "")), "leaf");
        need(mbedtls_pk_parse_keyfile(&key, option("key", ""), NULL), "key");
    }

    for (int end = 0; end < 2; end++)
    {
        mbedtls_ssl_config *config = &configs[end];
        mbedtls_ssl_config_init(config);
        need(mbedtls_ssl_config_defaults(config, end == server_end ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
            MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT), "defaults");
        mbedtls_ssl_conf_rng(config, mbedtls_ctr_drbg_random, &drbg);
        mbedtls_ssl_conf_ciphersuites(config, suites);
        mbedtls_ssl_conf_curves(config, curves);
        mbedtls_ssl_conf_session_tickets(config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
        mbedtls_ssl_conf_authmode(config, end == client_end && !has_psk ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
        if (has_psk) need(mbedtls_ssl_conf_psk(config, (const unsigned char *)psk, strlen(psk), (const unsigned char *)identity, strlen(identity)), "psk");
    }

    mbedtls_ssl_conf_dtls_cookies(&configs[server_end], mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check, &cookies);
    if (is_resumed) mbedtls_ssl_conf_session_cache(&configs[server_end], &cache, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
    if (!has_psk)
    {
        mbedtls_ssl_conf_ca_chain(&configs[client_end], &root, NULL);
        need(mbedtls_ssl_conf_own_cert(&configs[server_end], &leaf, &key), "own");
    }
}

static void init_end(mbedtls_ssl_context *ssl, int end)
{
    mbedtls_ssl_init(ssl);
    need(mbedtls_ssl_setup(ssl, &configs[end]), "setup");
    mbedtls_ssl_set_bio(ssl, &which[end], transmit, receive, NULL);
    mbedtls_ssl_set_timer_cb(ssl, &timers[end], mbedtls_timing_set_delay, mbedtls_timing_get_delay);
    mbedtls_ssl_set_mtu(ssl, mtu);
    if (end == client_end && option("host", NULL) != NULL) need(mbedtls_ssl_set_hostname(ssl, option("host", NULL)), "host");
}

static void set_client_address(void)
{
    need(mbedtls_ssl_set_client_transport_id(ends[server_end], (const unsigned char *)&addresses[client_end], 8), "address");
}

static void connect_ends(void)
{
    int done[2] = { 0, 0 };
    wire_drain();
    set_client_address();
    if (is_resumed && has_session) need(mbedtls_ssl_set_session(ends[client_end], &session), "session");
    while (!done[0] || !done[1] || queues[client_end].count > 0 || queues[server_end].count > 0)
    {
        for (int end = 0; end < 2; end++)
        {
            if (done[end]) continue;
            int result = mbedtls_ssl_handshake(ends[end]);
            if (result == 0) done[end] = 1;
            else if (result == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED)
            {
                need(mbedtls_ssl_session_reset(ends[end]), "reset");
                set_client_address();
            }
            else if (result != MBEDTLS_ERR_SSL_WANT_READ) need(result, "handshake");
        }
    }
}

static void turn_handshake(void)
{
    for (int end = 0; end < 2; end++)
    {
        if (ends[end] == NULL)
        {
            ends[end] = &first_ends[end];
            init_end(ends[end], end);
        }
        else need(mbedtls_ssl_session_reset(ends[end]), "reset");
    }

    long before = datagrams;
    connect_ends();
    if (!is_resumed) return;
    if (has_session && datagrams - before > 7) fail("resumption");
    if (!has_session) need(mbedtls_ssl_get_session(ends[client_end], &session), "session");
    has_session = 1;
}

static void pass(int from)
{
    if (mbedtls_ssl_write(ends[from], data, (size_t)size) != size) fail("write");
    if (mbedtls_ssl_read(ends[!from], received, sizeof received) != size) fail("read");
}

static void turn_send(void)
{
    pass(client_end);
}

static void turn_answer(void)
{
    pass(server_end);
}

static const char *library(void)
{
    static char text[50];
    mbedtls_version_get_string_full(text);
    return text;
}

/* Clients go when hands are shaken; servers stay. */
static long live_bytes(int sessions)
{
    mbedtls_ssl_context *servers = calloc((size_t)sessions, sizeof *servers), client;
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < sessions; i++)
    {
        ends[client_end] = &client;
        ends[server_end] = &servers[i];
        init_end(ends[client_end], client_end);
        init_end(ends[server_end], server_end);
        connect_ends();
        mbedtls_ssl_free(&client);
    }

    size_t after = mallinfo2().uordblks;
    for (int i = 0; i < sessions; i++) mbedtls_ssl_free(&servers[i]);
    free(servers);
    for (int end = 0; end < 2; end++) ends[end] = &first_ends[end];
    turn_handshake();
    return (long)(after - before) + sessions * (long)sizeof *servers;
}
