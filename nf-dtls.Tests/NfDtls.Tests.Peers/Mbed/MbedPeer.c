/*
 * A DTLS 1.2 peer made of mbedTLS: shakes hands with the first that comes (server) or that is there (client), then sends back
 * what comes until it is closed. Says on stderr what it fails with; ends with 0 after a close.
 *
 * usage: client|server PORT SUITE CURVE MTU CA CHAIN KEY NAME
 *   CA and CHAIN may be "-": nobody is trusted or asked, no certificate of its own. NAME is the one a client wants.
 */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cookie.h>
#include <mbedtls/timing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mbedtls_net_context listener, net;
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context drbg;
static mbedtls_ssl_config config;
static mbedtls_ssl_context ssl;
static mbedtls_ssl_cookie_ctx cookies;
static mbedtls_timing_delay_context timer;
static mbedtls_x509_crt ca, chain;
static mbedtls_pk_context key;
static unsigned char buffer[16384];

static int fail(const char *what, int error)
{
    char text[200];
    mbedtls_strerror(error, text, sizeof text);
    fprintf(stderr, "%s: -0x%04x %s\n", what, (unsigned)-error, text);
    return 1;
}

/* After it has sent a flight again it wants to be called again. */
static int shake_hands(void)
{
    int error;
    do error = mbedtls_ssl_handshake(&ssl);
    while (error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE);
    return error;
}

int main(int count, char **arguments)
{
    if (count != 10) return 2;
    int is_server = strcmp(arguments[1], "server") == 0, error;
    const char *port = arguments[2];
    int suites[] = { mbedtls_ssl_get_ciphersuite_id(arguments[3]), 0 };
    const mbedtls_ecp_curve_info *curve = mbedtls_ecp_curve_info_from_name(arguments[4]);
    if (suites[0] == 0 || curve == NULL) { fprintf(stderr, "no such suite or curve\n"); return 2; }
    /* The curve of the key exchange first; then those of keys in certificates. */
    mbedtls_ecp_group_id curves[] = { curve->grp_id, MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_NONE };
    int has_ca = strcmp(arguments[6], "-") != 0, has_chain = strcmp(arguments[7], "-") != 0;

    mbedtls_net_init(&listener);
    mbedtls_net_init(&net);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&ssl);
    mbedtls_ssl_cookie_init(&cookies);
    mbedtls_x509_crt_init(&ca);
    mbedtls_x509_crt_init(&chain);
    mbedtls_pk_init(&key);
    if ((error = mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0)) != 0) return fail("seed", error);
    if ((error = mbedtls_ssl_config_defaults(&config, is_server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
        MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT)) != 0) return fail("config", error);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &drbg);
    mbedtls_ssl_conf_ciphersuites(&config, suites);
    mbedtls_ssl_conf_curves(&config, curves);
    /* It gives up once the doubled time passes the second. */
    mbedtls_ssl_conf_handshake_timeout(&config, 200, 60000);
    mbedtls_ssl_conf_authmode(&config, has_ca ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
    if (has_ca)
    {
        if ((error = mbedtls_x509_crt_parse_file(&ca, arguments[6])) != 0) return fail("ca", error);
        mbedtls_ssl_conf_ca_chain(&config, &ca, NULL);
    }

    if (has_chain)
    {
        if ((error = mbedtls_x509_crt_parse_file(&chain, arguments[7])) != 0) return fail("chain", error);
        if ((error = mbedtls_pk_parse_keyfile(&key, arguments[8], NULL)) != 0) return fail("key", error);
        if ((error = mbedtls_ssl_conf_own_cert(&config, &chain, &key)) != 0) return fail("own", error);
    }

    if (is_server)
    {
        if ((error = mbedtls_ssl_cookie_setup(&cookies, mbedtls_ctr_drbg_random, &drbg)) != 0) return fail("cookies", error);
        mbedtls_ssl_conf_dtls_cookies(&config, mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check, &cookies);
    }

    if ((error = mbedtls_ssl_setup(&ssl, &config)) != 0) return fail("setup", error);
    mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);
    mbedtls_ssl_set_mtu(&ssl, (uint16_t)atoi(arguments[5]));
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, mbedtls_net_recv_timeout);
    if (is_server)
    {
        unsigned char address[16];
        size_t length;
        if ((error = mbedtls_net_bind(&listener, "127.0.0.1", port, MBEDTLS_NET_PROTO_UDP)) != 0) return fail("bind", error);
        if ((error = mbedtls_net_accept(&listener, &net, address, sizeof address, &length)) != 0) return fail("accept", error);
        do
        {
            /* The hello with the cookie comes to the same socket. */
            mbedtls_ssl_session_reset(&ssl);
            mbedtls_ssl_set_client_transport_id(&ssl, address, length);
            error = shake_hands();
        }
        while (error == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED);
    }
    else
    {
        if ((error = mbedtls_net_connect(&net, "127.0.0.1", port, MBEDTLS_NET_PROTO_UDP)) != 0) return fail("connect", error);
        if ((error = mbedtls_ssl_set_hostname(&ssl, arguments[9])) != 0) return fail("name", error);
        error = shake_hands();
    }

    if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) fprintf(stderr, "alert %d received\n", ssl.in_msg[1]);
    if (error != 0) return fail("handshake", error);
    for (;;)
    {
        int length = mbedtls_ssl_read(&ssl, buffer, sizeof buffer);
        if (length == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        {
            mbedtls_ssl_close_notify(&ssl);
            return 0;
        }

        if (length == MBEDTLS_ERR_SSL_TIMEOUT || length == MBEDTLS_ERR_SSL_WANT_READ || length == MBEDTLS_ERR_SSL_WANT_WRITE) continue;
        if (length <= 0) return fail("read", length);
        if ((error = mbedtls_ssl_write(&ssl, buffer, (size_t)length)) < 0) return fail("write", error);
    }
}
