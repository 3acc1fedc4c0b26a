/* A peer made of wolfSSL 5, of DTLS 1.2 or 1.3: connection IDs, resumption, sizes, names, certificates. Stranger.h has what it shares. */
#include "Stranger.h"
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/error-ssl.h>
#include <wolfssl/version.h>

#if LIBWOLFSSL_VERSION_HEX < 0x05009000
#error wolfSSL older than 5.9 has no connection IDs in DTLS 1.2
#endif

enum outcome { closed, crashed, again };

static WOLFSSL_CTX *context;
static WOLFSSL *ssl;
static WOLFSSL_SESSION *session;
static unsigned char own_cid[most_cid], psk[64];
static size_t psk_length;
static int own_cid_length = -1, echoes, is_13;
static time_t flight_began;

static void fail(const char *what, int error)
{
    WOLFSSL_ALERT_HISTORY alerts;
    char text[WOLFSSL_MAX_ERROR_SZ];
    if (ssl != NULL && wolfSSL_get_alert_history(ssl, &alerts) == WOLFSSL_SUCCESS && alerts.last_rx.code > 0) say("alert %d received", alerts.last_rx.code);
    say("failed %s: %d %s", what, error, wolfSSL_ERR_error_string((unsigned long)error, text));
}

static void need(const char *what, int result)
{
    if (result == WOLFSSL_SUCCESS) return;
    fail(what, ssl == NULL ? result : wolfSSL_get_error(ssl, result));
    exit(1);
}

static int receive(WOLFSSL *from, char *into, int size, void *unused)
{
    (void)from, (void)unused;
    int length = receive_datagram((unsigned char *)into, (size_t)size);
    if (length == 0) return WOLFSSL_CBIO_ERR_WANT_READ;
    flight_began = time(NULL);
    return length;
}

/* A first hello (plaintext, message_seq 0) as records with so many bytes of it each: a path or a stack may cut it so. */
static void send_cut(const unsigned char *bytes, int length, int size)
{
    unsigned char piece[1500];
    for (int at = 0; at < length - 25; at += size)
    {
        int count = length - 25 - at < size ? length - 25 - at : size;
        memcpy(piece, bytes, 25);
        piece[10] = (unsigned char)(at / size);
        piece[11] = (unsigned char)((12 + count) >> 8), piece[12] = (unsigned char)(12 + count);
        piece[20] = (unsigned char)(at >> 8), piece[21] = (unsigned char)at;
        piece[23] = (unsigned char)(count >> 8), piece[24] = (unsigned char)count;
        memcpy(piece + 25, bytes + 25 + at, (size_t)count);
        send_datagram(piece, (size_t)(25 + count));
    }
}

static int transmit(WOLFSSL *to, char *bytes, int length, void *unused)
{
    (void)to, (void)unused;
    int size = number("cut_hello", 0);
    if (size > 0 && length > 25 && bytes[0] == 22 && bytes[4] == 0 && bytes[13] == 1 && bytes[18] == 0)
    {
        send_cut((const unsigned char *)bytes, length, size);
        return length;
    }

    return send_datagram((const unsigned char *)bytes, (size_t)length);
}

/* A cookie for the peer's port and this process: nobody attacks here. */
static int make_cookie(WOLFSSL *of, unsigned char *cookie, int length, void *unused)
{
    (void)of, (void)unused;
    for (int i = 0; i < length; i++) cookie[i] = (unsigned char)(getpid() >> (i % 3)) ^ (unsigned char)(peer.of.sin_port >> (i % 2 * 8));
    return length;
}

static unsigned show_key(WOLFSSL *of, const char *hint, char *identity, unsigned most_identity, unsigned char *into, unsigned most)
{
    (void)of, (void)hint;
    if (psk_length > most) return 0;
    snprintf(identity, most_identity, "%s", option("identity", "device"));
    memcpy(into, psk, psk_length);
    return (unsigned)psk_length;
}

static unsigned find_key(WOLFSSL *of, const char *identity, unsigned char *into, unsigned most)
{
    (void)of;
    if (strcmp(identity, option("identity", "device")) != 0 || psk_length > most) return 0;
    memcpy(into, psk, psk_length);
    return (unsigned)psk_length;
}

static unsigned show_key_13(WOLFSSL *of, const char *hint, char *identity, unsigned most_identity, unsigned char *into, unsigned most, const char **suite)
{
    *suite = option("suite", "TLS_AES_128_GCM_SHA256");
    return show_key(of, hint, identity, most_identity, into, most);
}

static unsigned find_key_13(WOLFSSL *of, const char *identity, unsigned char *into, unsigned most, const char **suite)
{
    *suite = option("suite", "TLS_AES_128_GCM_SHA256");
    return find_key(of, identity, into, most);
}

/* The peer's raw public key is the one in the file that "peer_key" names. */
static int check_raw_key(int is_verified, WOLFSSL_X509_STORE_CTX *store)
{
    static unsigned char wanted[4096];
    size_t length = read_file(option("peer_key", ""), wanted, sizeof wanted);
    (void)is_verified;
    if (length > 0 && store->totalCerts == 1 && store->certs[0].length == length && memcmp(store->certs[0].buffer, wanted, length) == 0) return 1;
    say("raw key of %d bytes is not the one wanted", store->totalCerts > 0 ? (int)store->certs[0].length : -1);
    return 0;
}

/* Raw public keys alone, of both ends where the client has one. */
static void take_raw_keys(void)
{
    const char types[] = { WOLFSSL_CERT_TYPE_RPK };
    need("client type", wolfSSL_CTX_set_client_cert_type(context, types, sizeof types));
    need("server type", wolfSSL_CTX_set_server_cert_type(context, types, sizeof types));
    if (option("raw_key", NULL) != NULL)
    {
        need("raw key", wolfSSL_CTX_use_certificate_file(context, option("raw_key", ""), WOLFSSL_FILETYPE_ASN1));
        need("key", wolfSSL_CTX_use_PrivateKey_file(context, option("key", ""), WOLFSSL_FILETYPE_PEM));
    }

    if (option("peer_key", NULL) != NULL) wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, check_raw_key);
}

static void configure(void)
{
    const char *value;
    wolfSSL_Init();
    is_13 = number("dtls13", 0);
    if (is_13) context = wolfSSL_CTX_new(is_server ? wolfDTLSv1_3_server_method() : wolfDTLSv1_3_client_method());
    else context = wolfSSL_CTX_new(is_server ? wolfDTLSv1_2_server_method() : wolfDTLSv1_2_client_method());
    if (context == NULL) misused("method");
    wolfSSL_CTX_SetIORecv(context, receive);
    wolfSSL_CTX_SetIOSend(context, transmit);
    if (wolfSSL_CTX_set_cipher_list(context, option("suite", "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256")) != WOLFSSL_SUCCESS) misused("suite");
    if ((value = option("psk", NULL)) != NULL)
    {
        psk_length = from_hex(value, psk, sizeof psk);
        if (is_13 && is_server) wolfSSL_CTX_set_psk_server_tls13_callback(context, find_key_13);
        else if (is_13) wolfSSL_CTX_set_psk_client_tls13_callback(context, show_key_13);
        else if (is_server) wolfSSL_CTX_set_psk_server_callback(context, find_key);
        else wolfSSL_CTX_set_psk_client_callback(context, show_key);
        if (number("psk_alone", 0)) wolfSSL_CTX_no_dhe_psk(context);
    }

    value = option("ca", NULL);
    wolfSSL_CTX_set_verify(context, value == NULL ? WOLFSSL_VERIFY_NONE : WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    if (value != NULL) need("ca", wolfSSL_CTX_load_verify_locations(context, value, NULL));
    if ((value = option("chain", NULL)) != NULL)
    {
        need("chain", wolfSSL_CTX_use_certificate_chain_file(context, value));
        need("key", wolfSSL_CTX_use_PrivateKey_file(context, option("key", ""), WOLFSSL_FILETYPE_PEM));
    }

    if (number("raw", 0)) take_raw_keys();
    if ((value = option("group", NULL)) != NULL)
    {
        int groups[] = { atoi(value) };
        need("group", wolfSSL_CTX_set_groups(context, groups, 1));
    }

    if ((value = option("cid", NULL)) != NULL) own_cid_length = (int)from_hex(value, own_cid, sizeof own_cid);
    if (own_cid_length > wolfSSL_dtls_cid_max_size()) misused("cid");
    if (number("renegotiation", 0)) misused("renegotiation: this build has none");
    if (!number("ems", 1)) need("ems", wolfSSL_CTX_DisableExtendedMasterSecret(context));
    if (!number("etm", 1)) wolfSSL_CTX_AllowEncryptThenMac(context, 0);
    if (!number("tickets", 0)) need("tickets", wolfSSL_CTX_NoTicketTLSv12(context));
    if (!is_server) return;
    wolfSSL_CTX_SetGenCookie(context, make_cookie);
    if (!number("cookies", 1)) misused("cookies: it always asks for one");
    if (!number("cache", 0)) wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF);
}

/* A new session on the same sockets and settings. */
static void begin(void)
{
    const char *value;
    if (ssl != NULL) wolfSSL_free(ssl);
    if ((ssl = wolfSSL_new(context)) == NULL) misused("wolfSSL_new");
    wolfSSL_dtls_set_using_nonblock(ssl, 1);
    need("mtu", wolfSSL_dtls_set_mtu(ssl, (unsigned short)number("mtu", 1500)));
    need("timeout", wolfSSL_dtls_set_timeout_max(ssl, 60));
    if (own_cid_length >= 0) need("cid", wolfSSL_dtls_cid_use(ssl));
    if (own_cid_length > 0) need("cid", wolfSSL_dtls_cid_set(ssl, own_cid, (unsigned)own_cid_length));
    if ((value = option("alpn", NULL)) != NULL)
    {
        static char names[512];
        snprintf(names, sizeof names, "%s", value);
        need("alpn", wolfSSL_UseALPN(ssl, names, (unsigned)strlen(names), WOLFSSL_ALPN_CONTINUE_ON_MISMATCH));
    }

    switch (number("mfl", 0))
    {
        case 0: break;
        case 512: need("mfl", wolfSSL_UseMaxFragment(ssl, WOLFSSL_MFL_2_9)); break;
        case 1024: need("mfl", wolfSSL_UseMaxFragment(ssl, WOLFSSL_MFL_2_10)); break;
        case 2048: need("mfl", wolfSSL_UseMaxFragment(ssl, WOLFSSL_MFL_2_11)); break;
        case 4096: need("mfl", wolfSSL_UseMaxFragment(ssl, WOLFSSL_MFL_2_12)); break;
        default: misused("mfl");
    }

    if (is_server && is_13 && number("long_hello", 0)) need("long hello", wolfSSL_dtls13_allow_ch_frag(ssl, 1));
    if (is_server && is_13) need("cookie", wolfSSL_send_hrr_cookie(ssl, (const unsigned char *)"0123456789abcdef", 16));
    if (is_server) return;
    if (is_13 && !number("psk_alone", 0)) need("key share", wolfSSL_UseKeyShare(ssl, number("share", WOLFSSL_ECC_X25519)));
    if (strcmp(option("curve", ""), "x25519") == 0) need("curve", wolfSSL_UseSupportedCurve(ssl, WOLFSSL_ECC_X25519));
    if (number("tickets", 0)) need("tickets", wolfSSL_UseSessionTicket(ssl));
    if ((value = option("name", NULL)) != NULL)
    {
        need("name", wolfSSL_check_domain_name(ssl, value));
        need("name", wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, value, (unsigned short)strlen(value)));
    }

    if (session != NULL) need("session", wolfSSL_set_session(ssl, session));
}

static int shake_hands(void)
{
    flight_began = time(NULL);
    for (;;)
    {
        /* A server's peer is known by its first hello. */
        if (is_server && !peer.is_known)
        {
            int length = receive_datagram(buffer, sizeof buffer);
            if (length == 0 && wait_for_either(1) != NULL) exit(0);
            memcpy(held, buffer, (size_t)length);
            held_length = length;
            continue;
        }

        int result = is_server ? wolfSSL_accept(ssl) : wolfSSL_connect(ssl);
        if (is_abandoned || result == WOLFSSL_SUCCESS) return 0;
        int error = wolfSSL_get_error(ssl, result);
        if (error != WOLFSSL_ERROR_WANT_READ && error != WOLFSSL_ERROR_WANT_WRITE) return error;
        wait_for_either(0);
        if (time(NULL) - flight_began > wolfSSL_dtls_get_current_timeout(ssl))
        {
            flight_began = time(NULL);
            if (wolfSSL_dtls_got_timeout(ssl) != WOLFSSL_SUCCESS) return wolfSSL_get_error(ssl, 0);
        }
    }
}

/* A ticket of DTLS 1.3 comes after the handshake. */
static void keep_session(void)
{
    if (is_server) return;
    if (session != NULL) wolfSSL_SESSION_free(session);
    session = wolfSSL_get1_session(ssl);
}

static void say_state(const char *event)
{
    unsigned char mine[most_cid], theirs[most_cid];
    unsigned my_length = 0, their_length = 0;
    unsigned char ticket[4096];
    unsigned ticket_length = sizeof ticket;
    char *protocol = NULL;
    unsigned short protocol_length = 0;
    int uses_cid = wolfSSL_dtls_cid_is_enabled(ssl);
    if (uses_cid)
    {
        wolfSSL_dtls_cid_get_rx_size(ssl, &my_length);
        wolfSSL_dtls_cid_get_tx_size(ssl, &their_length);
        if (my_length > 0) wolfSSL_dtls_cid_get_rx(ssl, mine, sizeof mine);
        if (their_length > 0) wolfSSL_dtls_cid_get_tx(ssl, theirs, sizeof theirs);
    }

    if (wolfSSL_ALPN_GetProtocol(ssl, &protocol, &protocol_length) != WOLFSSL_SUCCESS) protocol_length = 0;
    if (is_server || wolfSSL_get_SessionTicket(ssl, ticket, &ticket_length) != WOLFSSL_SUCCESS) ticket_length = 0;
    keep_session();
    say("%s suite=%s resumed=%d own_cid=%s peer_cid=%s alpn=%.*s payload=%d ticket=%u port=%d", event, wolfSSL_get_cipher(ssl),
        wolfSSL_session_reused(ssl), hex(mine, uses_cid ? (int)my_length : -1), hex(theirs, uses_cid ? (int)their_length : -1),
        protocol_length == 0 ? 1 : protocol_length, protocol_length == 0 ? "-" : protocol, wolfSSL_GetMaxOutputSize(ssl), ticket_length,
        ntohs(peer.of.sin_port));
}

static void save_session(void)
{
    unsigned char *end = buffer;
    if (session == NULL || wolfSSL_i2d_SSL_SESSION(session, NULL) > (int)sizeof buffer) misused("save");
    int length = wolfSSL_i2d_SSL_SESSION(session, &end);
    write_file(option("session", "session"), buffer, (size_t)length);
    say("saved %d bytes", length);
}

static void load_session(void)
{
    const unsigned char *start = buffer;
    size_t length = option("session", NULL) == NULL ? 0 : read_file(option("session", NULL), buffer, sizeof buffer);
    if (length > 0 && (session = wolfSSL_d2i_SSL_SESSION(NULL, &start, (long)length)) == NULL) misused("session");
}

static void export_key(char *arguments)
{
    unsigned char made[1024], value[256];
    char *label = strsep(&arguments, " "), *length = strsep(&arguments, " ");
    size_t value_length = arguments == NULL ? 0 : from_hex(arguments, value, sizeof value);
    if (length == NULL || atoi(length) < 1 || atoi(length) > (int)sizeof made) misused("export");
    need("export", wolfSSL_export_keying_material(ssl, made, (size_t)atoi(length), label, strlen(label), value, value_length, arguments != NULL));
    say("exported %s", hex(made, atoi(length)));
}

static void write_all(const unsigned char *bytes, int length)
{
    int result = wolfSSL_write(ssl, bytes, length);
    if (result == length) return;
    fail("write", wolfSSL_get_error(ssl, result));
    exit(1);
}

static int carry_out(char *command)
{
    int length = message_of(command, buffer);
    if (length >= 0) write_all(buffer, length);
    else if (strcmp(command, "move") == 0) say("moved to port %d", open_socket(0));
    else if (strcmp(command, "save") == 0)
    {
        keep_session();
        save_session();
    }
    else if (strcmp(command, "update") == 0)
    {
        need("update", wolfSSL_update_keys(ssl));
        say("updated");
    }
    else if (strncmp(command, "export ", 7) == 0) export_key(command + 7);
    else if (strcmp(command, "close") == 0 || strcmp(command, "reconnect") == 0)
    {
        keep_session();
        wolfSSL_shutdown(ssl);
        return command[0] == 'c' ? closed : again;
    }
    else if (strcmp(command, "wake") == 0) return again;
    else if (strcmp(command, "crash") == 0) return crashed;
    else misused(command);
    return -1;
}

/* Sends back what comes, and does what it is told, until it is over. */
static int serve(void)
{
    for (;;)
    {
        int length = wolfSSL_read(ssl, buffer, sizeof buffer);
        if (is_abandoned) return again;
        if (length > 0)
        {
            /* It tells only of application data that it was authentic. */
            follow();
            say_received(buffer, length);
            if (echoes) write_all(buffer, length);
            continue;
        }

        int error = wolfSSL_get_error(ssl, length);
        if (error == WOLFSSL_ERROR_ZERO_RETURN)
        {
            follow();
            wolfSSL_shutdown(ssl);
            say("closed by the peer");
            return is_server ? again : closed;
        }

        if (error != WOLFSSL_ERROR_WANT_READ && error != WOLFSSL_ERROR_WANT_WRITE)
        {
            fail("read", error);
            return is_server ? again : closed;
        }

        char *command = wait_for_either(1);
        int outcome = command == NULL ? -1 : carry_out(command);
        if (outcome >= 0) return outcome;
    }
}

int main(int count, char **arguments)
{
    if (count < 3) return 2;
    is_server = strcmp(arguments[1], "server") == 0;
    options = arguments + 2;
    configure();
    echoes = number("echo", 1);
    follows = own_cid_length > 0;
    say("library wolfSSL %s", wolfSSL_lib_version());
    say("ready on port %d", open_socket(is_server ? number("port", 0) : 0));
    load_session();
    for (;;)
    {
        is_shaking = 1;
        is_abandoned = 0;
        peer.is_known = !is_server;
        if (!is_server) peer.of = loopback(number("port", 0));
        begin();
        int error = shake_hands();
        if (is_abandoned) continue;
        if (error != 0)
        {
            fail("handshake", error);
            if (!is_server) return 1;
            continue;
        }

        is_shaking = 0;
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
