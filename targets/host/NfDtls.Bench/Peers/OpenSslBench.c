/* Both ends of OpenSSL, in one thread. Bench.h tells how it is used. */
#include "Bench.h"
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

static SSL_CTX *contexts[2];
static SSL *ends[2];
static BIO_METHOD *method;
static SSL_SESSION *session;
static unsigned char cookie_key[32];

static void need(int holds, const char *what)
{
    if (holds) return;
    ERR_print_errors_fp(stderr);
    fail(what);
}

static int end_of(BIO *bio)
{
    return BIO_get_data(bio) == &ends[server_end] ? server_end : client_end;
}

static int bio_write(BIO *bio, const char *bytes, int length)
{
    BIO_clear_retry_flags(bio);
    return wire_send(end_of(bio), (const unsigned char *)bytes, (size_t)length);
}

static int bio_read(BIO *bio, char *into, int room)
{
    int count = wire_receive(end_of(bio), (unsigned char *)into, (size_t)room);
    BIO_clear_retry_flags(bio);
    if (count > 0) return count;
    BIO_set_retry_read(bio);
    return -1;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    switch (command)
    {
        case BIO_CTRL_FLUSH: return 1;
        case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD: return 28;
        case BIO_CTRL_DGRAM_QUERY_MTU: return mtu;
        default: return 0;
    }
}

static int bio_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static unsigned int client_psk(SSL *ssl, const char *hint, char *identity, unsigned int most_identity, unsigned char *psk, unsigned int most)
{
    const char *key = option("psk", "");
    (void)ssl, (void)hint, (void)most;
    snprintf(identity, most_identity, "%s", option("identity", ""));
    memcpy(psk, key, strlen(key));
    return (unsigned int)strlen(key);
}

static unsigned int server_psk(SSL *ssl, const char *identity, unsigned char *psk, unsigned int most)
{
    const char *key = option("psk", "");
    (void)ssl, (void)most;
    if (strcmp(identity, option("identity", "")) != 0) return 0;
    memcpy(psk, key, strlen(key));
    return (unsigned int)strlen(key);
}

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned int *length)
{
    (void)ssl;
    return HMAC(EVP_sha256(), cookie_key, sizeof cookie_key, (unsigned char *)&addresses[client_end], sizeof addresses[client_end], cookie, length) != NULL;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned int length)
{
    unsigned char expected[EVP_MAX_MD_SIZE];
    unsigned int expected_length;
    return make_cookie(ssl, expected, &expected_length) && length == expected_length && CRYPTO_memcmp(cookie, expected, length) == 0;
}

static void set_up(void)
{
    const char *suite = is("suite", "psk-ccm8") ? "PSK-AES128-CCM8" : is("suite", "psk-gcm") ? "PSK-AES128-GCM-SHA256"
        : is("suite", "ecdsa-gcm") ? "ECDHE-ECDSA-AES128-GCM-SHA256" : "ECDHE-RSA-AES128-GCM-SHA256";
    int has_psk = strncmp(suite, "PSK", 3) == 0;
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_control);
    BIO_meth_set_create(method, bio_create);
    RAND_bytes(cookie_key, sizeof cookie_key);
    for (int end = 0; end < 2; end++)
    {
        SSL_CTX *context = contexts[end] = SSL_CTX_new(end == server_end ? DTLS_server_method() : DTLS_client_method());
        need(context != NULL && SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION), "context");
        /* The tag of CCM_8 is below the level that is the default. */
        SSL_CTX_set_security_level(context, 0);
        need(SSL_CTX_set_cipher_list(context, suite), "suite");
        need(SSL_CTX_set1_groups_list(context, "P-256"), "group");
        SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | (end == server_end ? SSL_OP_COOKIE_EXCHANGE : 0));
        if (!is_resumed)
        {
            SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
            SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        }
    }

    SSL_CTX *client = contexts[client_end], *server = contexts[server_end];
    SSL_CTX_set_cookie_generate_cb(server, make_cookie);
    SSL_CTX_set_cookie_verify_cb(server, check_cookie);
    SSL_CTX_set_session_id_context(server, (const unsigned char *)"bench", 5);
    if (has_psk)
    {
        SSL_CTX_set_psk_client_callback(client, client_psk);
        SSL_CTX_set_psk_server_callback(server, server_psk);
        return;
    }

    need(SSL_CTX_load_verify_file(client, option("root", "")), "root");
    SSL_CTX_set_verify(client, SSL_VERIFY_PEER, NULL);
    need(SSL_CTX_use_certificate_chain_file(server, option("leaf", "")), "leaf");
    need(SSL_CTX_use_PrivateKey_file(server, option("key", ""), SSL_FILETYPE_PEM), "key");
}

static SSL *new_end(int end)
{
    SSL *ssl = SSL_new(contexts[end]);
    BIO *bio = BIO_new(method);
    need(ssl != NULL && bio != NULL, "end");
    BIO_set_data(bio, &ends[end]);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_mtu(ssl, mtu);
    if (end == server_end)
    {
        SSL_set_accept_state(ssl);
        return ssl;
    }

    SSL_set_connect_state(ssl);
    const char *host = option("host", NULL);
    if (host != NULL) need(SSL_set_tlsext_host_name(ssl, host) && SSL_set1_host(ssl, host), "host");
    if (session != NULL) SSL_set_session(ssl, session);
    return ssl;
}

static void connect_ends(void)
{
    int done[2] = { 0, 0 };
    wire_drain();
    for (int end = 0; end < 2; end++) ends[end] = new_end(end);
    while (!done[0] || !done[1] || queues[client_end].count > 0 || queues[server_end].count > 0)
    {
        for (int end = 0; end < 2; end++)
        {
            if (done[end] && queues[end].count == 0) continue;
            int result = SSL_do_handshake(ends[end]);
            if (result == 1) done[end] = 1;
            else need(SSL_get_error(ends[end], result) == SSL_ERROR_WANT_READ, "handshake");
        }
    }
}

static void turn_handshake(void)
{
    for (int end = 0; end < 2; end++)
    {
        /* Without a word to the other end, and without spoiling the session. */
        if (ends[end] != NULL) SSL_set_shutdown(ends[end], SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_free(ends[end]);
    }

    connect_ends();
    if (!is_resumed) return;
    if (session == NULL) session = SSL_get1_session(ends[client_end]);
    else need(SSL_session_reused(ends[client_end]), "resumption");
}

static void pass(int from)
{
    need(SSL_write(ends[from], data, size) == size, "write");
    need(SSL_read(ends[!from], received, sizeof received) == size, "read");
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
    return OpenSSL_version(OPENSSL_VERSION);
}

/* Clients go when hands are shaken; servers stay. */
static long live_bytes(int sessions)
{
    SSL **servers = calloc((size_t)sessions, sizeof *servers);
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < sessions; i++)
    {
        connect_ends();
        SSL_free(ends[client_end]);
        servers[i] = ends[server_end];
    }

    size_t after = mallinfo2().uordblks;
    for (int i = 0; i < sessions; i++) SSL_free(servers[i]);
    free(servers);
    ends[0] = ends[1] = NULL;
    connect_ends();
    return (long)(after - before);
}
