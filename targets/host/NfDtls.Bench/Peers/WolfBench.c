/* Both ends of wolfSSL, in one thread, of DTLS 1.2 or 1.3. Bench.h tells how it is used. */
#include "Bench.h"
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/error-ssl.h>
#include <wolfssl/version.h>

/* Seconds: its keys for tickets are good for 3,600. */
enum { session_time = 1500 };

static WOLFSSL_CTX *contexts[2];
static WOLFSSL *ends[2];
static WOLFSSL_SESSION *session;
static const char *suite;
static time_t session_began;
static unsigned char cookie_key[32];
static int which[2] = { client_end, server_end }, is_13, has_psk;

static void need(int holds, const char *what, int end, int result)
{
    char text[WOLFSSL_MAX_ERROR_SZ];
    if (holds) return;
    int error = ends[end] == NULL ? result : wolfSSL_get_error(ends[end], result);
    fprintf(stderr, "%d %s, at the %s: ", error, wolfSSL_ERR_error_string((unsigned long)error, text), end == client_end ? "client" : "server");
    fail(what);
}

static void need_success(int result, const char *what, int end)
{
    need(result == WOLFSSL_SUCCESS, what, end, result);
}

static int receive(WOLFSSL *ssl, char *into, int room, void *end)
{
    (void)ssl;
    int count = wire_receive(*(int *)end, (unsigned char *)into, (size_t)room);
    return count == 0 ? WOLFSSL_CBIO_ERR_WANT_READ : count;
}

static int transmit(WOLFSSL *ssl, char *bytes, int length, void *end)
{
    (void)ssl;
    return wire_send(*(int *)end, (const unsigned char *)bytes, (size_t)length);
}

static unsigned show_key(WOLFSSL *ssl, const char *hint, char *identity, unsigned most_identity, unsigned char *into, unsigned most, const char **of_suite)
{
    const char *key = option("psk", "");
    (void)ssl, (void)hint, (void)most;
    snprintf(identity, most_identity, "%s", option("identity", ""));
    memcpy(into, key, strlen(key));
    *of_suite = suite;
    return (unsigned)strlen(key);
}

static unsigned find_key(WOLFSSL *ssl, const char *identity, unsigned char *into, unsigned most, const char **of_suite)
{
    const char *key = option("psk", "");
    (void)ssl, (void)most;
    if (strcmp(identity, option("identity", "")) != 0) return 0;
    memcpy(into, key, strlen(key));
    *of_suite = suite;
    return (unsigned)strlen(key);
}

static const char *suite_name(void)
{
    if (is_13) return is("suite", "psk-ccm8") ? "TLS_AES_128_CCM_8_SHA256" : "TLS_AES_128_GCM_SHA256";
    return is("suite", "ecdsa-gcm") ? "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" : "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
}

static void set_up_end(int end)
{
    int groups[] = { WOLFSSL_ECC_SECP256R1 };
    int is_server = end == server_end;
    WOLFSSL_CTX *context = contexts[end] = wolfSSL_CTX_new(is_13 ? (is_server ? wolfDTLSv1_3_server_method() : wolfDTLSv1_3_client_method())
        : is_server ? wolfDTLSv1_2_server_method() : wolfDTLSv1_2_client_method());
    need(context != NULL, "context", end, 0);
    wolfSSL_CTX_SetIORecv(context, receive);
    wolfSSL_CTX_SetIOSend(context, transmit);
    need_success(wolfSSL_CTX_set_cipher_list(context, suite), "suite", end);
    wolfSSL_CTX_set_verify(context, is_server || has_psk ? WOLFSSL_VERIFY_NONE : WOLFSSL_VERIFY_PEER, NULL);
    wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF);
    if (is_13 && has_psk) need(wolfSSL_CTX_no_dhe_psk(context) == 0, "psk alone", end, 0);
    if (!has_psk) need_success(is_13 ? wolfSSL_CTX_set_groups(context, groups, 1) : wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_SECP256R1), "group", end);
    if (is_resumed && is_server) need_success(wolfSSL_CTX_set_TicketHint(context, session_time), "tickets", end);
    if (is_resumed) wolfSSL_CTX_set_timeout(context, session_time);
    if (!is_resumed && is_13 && is_server) need(wolfSSL_CTX_no_ticket_TLSv13(context) == 0, "tickets", end, 0);
    if (!is_resumed && !is_13) need_success(wolfSSL_CTX_NoTicketTLSv12(context), "tickets", end);
}

static void set_up(void)
{
    is_13 = is("version", "1.3");
    has_psk = strncmp(option("suite", ""), "psk", 3) == 0;
    if (has_psk && !is_13) fail("a suite that Debian's wolfSSL has");
    suite = suite_name();
    wolfSSL_Init();
    for (int end = 0; end < 2; end++) set_up_end(end);
    for (size_t i = 0; i < sizeof cookie_key; i++) cookie_key[i] = (unsigned char)(getpid() >> (i % 4 * 8));
    if (has_psk)
    {
        wolfSSL_CTX_set_psk_client_tls13_callback(contexts[client_end], show_key);
        wolfSSL_CTX_set_psk_server_tls13_callback(contexts[server_end], find_key);
        return;
    }

    need_success(wolfSSL_CTX_load_verify_locations(contexts[client_end], option("root", ""), NULL), "root", client_end);
    need_success(wolfSSL_CTX_use_certificate_chain_file(contexts[server_end], option("leaf", "")), "leaf", server_end);
    need_success(wolfSSL_CTX_use_PrivateKey_file(contexts[server_end], option("key", ""), WOLFSSL_FILETYPE_PEM), "key", server_end);
}

static void new_end(int end)
{
    WOLFSSL *ssl = ends[end] = wolfSSL_new(contexts[end]);
    const char *host = option("host", NULL);
    need(ssl != NULL, "end", end, 0);
    wolfSSL_SetIOReadCtx(ssl, &which[end]);
    wolfSSL_SetIOWriteCtx(ssl, &which[end]);
    wolfSSL_dtls_set_using_nonblock(ssl, 1);
    need_success(wolfSSL_dtls_set_mtu(ssl, mtu), "mtu", end);
    if (end == server_end)
    {
        /* The cookie is for this address. */
        need_success(wolfSSL_dtls_set_peer(ssl, &addresses[client_end], sizeof addresses[client_end]), "peer", end);
        if (is_13) need_success(wolfSSL_send_hrr_cookie(ssl, cookie_key, sizeof cookie_key), "cookie", end);
        else need(wolfSSL_DTLS_SetCookieSecret(ssl, cookie_key, sizeof cookie_key) == 0, "cookie", end, 0);
        return;
    }

    if (is_13) need_success(has_psk ? wolfSSL_NoKeyShares(ssl) : wolfSSL_UseKeyShare(ssl, WOLFSSL_ECC_SECP256R1), "share", end);
    if (is_resumed && !is_13) need_success(wolfSSL_UseSessionTicket(ssl), "tickets", end);
    if (host != NULL)
    {
        need_success(wolfSSL_check_domain_name(ssl, host), "host", end);
        need_success(wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, host, (unsigned short)strlen(host)), "host", end);
    }

    if (session != NULL) need_success(wolfSSL_set_session(ssl, session), "session", end);
}

/* What comes when hands are shaken: an ACK, or a ticket. */
static void take_rest(int end)
{
    int result = wolfSSL_read(ends[end], received, sizeof received);
    need(result <= 0 && wolfSSL_get_error(ends[end], result) == WOLFSSL_ERROR_WANT_READ, "rest", end, result);
}

static void connect_ends(void)
{
    int done[2] = { 0, 0 };
    wire_drain();
    for (int end = 0; end < 2; end++) new_end(end);
    for (int turns = 0; !done[0] || !done[1] || queues[client_end].count > 0 || queues[server_end].count > 0; turns++)
    {
        if (turns > 100) fail("handshake: it does not go on, which");
        for (int end = 0; end < 2; end++)
        {
            if (done[end])
            {
                if (queues[end].count > 0) take_rest(end);
                continue;
            }

            int result = end == server_end ? wolfSSL_accept(ends[end]) : wolfSSL_connect(ends[end]);
            if (result == WOLFSSL_SUCCESS) done[end] = 1;
            else need(wolfSSL_get_error(ends[end], result) == WOLFSSL_ERROR_WANT_READ, "handshake", end, result);
        }
    }
}

static void turn_handshake(void)
{
    for (int end = 0; end < 2; end++)
    {
        wolfSSL_free(ends[end]);
        ends[end] = NULL;
    }

    if (session != NULL && time(NULL) - session_began > session_time / 2)
    {
        wolfSSL_SESSION_free(session);
        session = NULL;
    }

    connect_ends();
    if (!is_resumed) return;
    if (session != NULL)
    {
        if (!wolfSSL_session_reused(ends[client_end])) fail("resumption");
        return;
    }

    /* One for many handshakes: of the tickets that follow upon each other it gives no more than 255. */
    session = wolfSSL_get1_session(ends[client_end]);
    session_began = time(NULL);
}

static void pass(int from)
{
    int result = wolfSSL_write(ends[from], data, size);
    need(result == size, "write", from, result);
    result = wolfSSL_read(ends[!from], received, sizeof received);
    need(result == size, "read", !from, result);
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
    static char text[100];
    snprintf(text, sizeof text, "wolfSSL %s", wolfSSL_lib_version());
    return text;
}

/* Clients go when hands are shaken; servers stay. */
static long live_bytes(int sessions)
{
    WOLFSSL **servers = calloc((size_t)sessions, sizeof *servers);
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < sessions; i++)
    {
        connect_ends();
        wolfSSL_free(ends[client_end]);
        servers[i] = ends[server_end];
    }

    size_t after = mallinfo2().uordblks;
    for (int i = 0; i < sessions; i++) wolfSSL_free(servers[i]);
    free(servers);
    ends[0] = ends[1] = NULL;
    connect_ends();
    return (long)(after - before);
}
