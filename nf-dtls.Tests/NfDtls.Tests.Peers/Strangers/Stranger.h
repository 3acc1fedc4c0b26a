/*
 * What the strangers have in common: options, the UDP socket, commands, and what they say. StrangerOptions.cs and Stranger.cs tell
 * what each option and command means.
 *
 * usage: client|server port=NUMBER [NAME=VALUE...]; commands come on stdin, a line each; each line on stdout is one event.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_cid = 255, longest_datagram = 65536, longest_line = 8192, tick = 20 };

struct address
{
    struct sockaddr_in of;
    int is_known;
};

static int is_server;
static char **options;
static int own_socket = -1;

/* Where records go to, and where the datagram came from that was read last. */
static struct address peer, sender;
static int is_shaking = 1, is_abandoned, follows;
static unsigned char held[longest_datagram];
static int held_length;
static unsigned char buffer[longest_datagram];

/* ---- options ---- */

static const char *option(const char *name, const char *otherwise)
{
    size_t length = strlen(name);
    for (char **each = options; *each != NULL; each++)
    {
        if (strncmp(*each, name, length) == 0 && (*each)[length] == '=') return *each + length + 1;
    }

    return otherwise;
}

static int number(const char *name, int otherwise)
{
    const char *value = option(name, NULL);
    return value == NULL ? otherwise : atoi(value);
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static void misused(const char *what)
{
    say("misused %s", what);
    exit(2);
}

static size_t from_hex(const char *text, unsigned char *bytes, size_t most)
{
    size_t length = strlen(text) / 2;
    if (length > most || strlen(text) % 2 != 0) misused(text);
    for (size_t i = 0; i < length; i++)
    {
        unsigned value;
        if (sscanf(text + 2 * i, "%2x", &value) != 1) misused(text);
        bytes[i] = (unsigned char)value;
    }

    return length;
}

/* Hex digits, "-" for none at all, and "empty" for no byte of it. Two may be in one line. */
static const char *hex(const unsigned char *bytes, int length)
{
    static char texts[2][2 * 1024 + 1];
    static int next;
    char *text = texts[next ^= 1];
    if (length < 0) return "-";
    if (length == 0) return "empty";
    if (length > 1024) length = 1024;
    for (int i = 0; i < length; i++) sprintf(text + 2 * i, "%02x", bytes[i]);
    return text;
}

/* ---- the socket ---- */

static int same(const struct sockaddr_in *a, const struct sockaddr_in *b)
{
    return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    return address;
}

/* A new socket in place of the one before. Returns its port. */
static int open_socket(int port)
{
    struct sockaddr_in address = loopback(port);
    socklen_t length = sizeof address;
    int fresh = socket(AF_INET, SOCK_DGRAM, 0);
    if (fresh < 0 || bind(fresh, (struct sockaddr *)&address, length) != 0 || getsockname(fresh, (struct sockaddr *)&address, &length) != 0)
    {
        say("failed socket");
        exit(1);
    }

    /* The new one is bound before the old one goes, so that it has another port. */
    if (own_socket >= 0) close(own_socket);
    own_socket = fresh;
    return ntohs(address.sin_port);
}

static int is_first_hello(const unsigned char *datagram, int length)
{
    return length > 13 && datagram[0] == 22 && datagram[3] == 0 && datagram[4] == 0 && datagram[13] == 1;
}

/*
 * The next datagram, 0 where there is none now. While hands are shaken only the peer's counts, and a server takes its peer from the
 * first hello. After that, one of another address counts where addresses are followed; a hello of another address always ends what was.
 */
static int receive_datagram(unsigned char *into, size_t size)
{
    if (held_length > 0)
    {
        int length = held_length;
        memcpy(into, held, (size_t)length);
        held_length = 0;
        peer.of = sender.of;
        peer.is_known = 1;
        return length;
    }

    for (;;)
    {
        socklen_t from_length = sizeof sender.of;
        ssize_t length = recvfrom(own_socket, into, size, MSG_DONTWAIT, (struct sockaddr *)&sender.of, &from_length);
        if (length <= 0) return 0;
        if (!peer.is_known)
        {
            if (!is_first_hello(into, (int)length)) continue;
            peer.of = sender.of;
            peer.is_known = 1;
        }

        if (same(&sender.of, &peer.of)) return (int)length;
        if (is_server && is_first_hello(into, (int)length))
        {
            memcpy(held, into, (size_t)length);
            held_length = (int)length;
            is_abandoned = 1;
            return 0;
        }

        if (!is_shaking && follows) return (int)length;
        say("ignored %d bytes from port %d", (int)length, ntohs(sender.of.sin_port));
    }
}

static int send_datagram(const unsigned char *bytes, size_t length)
{
    /* What a full buffer loses is lost as in a network. */
    sendto(own_socket, bytes, length, 0, (const struct sockaddr *)&peer.of, sizeof peer.of);
    return (int)length;
}

/* A record came that was authentic: where it came from is where the peer is now. */
static void follow(void)
{
    if (!follows || same(&sender.of, &peer.of)) return;
    peer.of = sender.of;
    say("peer moved to port %d", ntohs(peer.of.sin_port));
}

/* ---- commands ---- */

static char line[longest_line];
static size_t line_length;
static int input_ended;

/* Waits a moment for a datagram, and for a command where one is wanted. Returns the command, or NULL. */
static char *wait_for_either(int takes_commands)
{
    static char command[longest_line];
    struct pollfd both[] = { { .fd = own_socket, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
    char *end = memchr(line, '\n', line_length);
    if (takes_commands && end == NULL && !input_ended)
    {
        poll(both, 2, held_length > 0 ? 0 : tick);
        if (both[1].revents != 0)
        {
            ssize_t count = read(STDIN_FILENO, line + line_length, sizeof line - line_length);
            if (count <= 0) input_ended = 1;
            else line_length += (size_t)count;
            end = memchr(line, '\n', line_length);
        }
    }
    else if (end == NULL || !takes_commands)
    {
        poll(both, 1, held_length > 0 ? 0 : tick);
    }

    if (!takes_commands) return NULL;
    if (end == NULL)
    {
        if (!input_ended) return NULL;
        return strcpy(command, "close");
    }

    *end = 0;
    strcpy(command, line);
    line_length -= (size_t)(end + 1 - line);
    memmove(line, end + 1, line_length);
    return command;
}

/* Tells of application data: its text where it is one. */
static void say_received(const unsigned char *bytes, int length)
{
    int is_text = length > 0 && length <= 200;
    for (int i = 0; i < length && is_text; i++) is_text = bytes[i] >= ' ' && bytes[i] < 127;
    if (is_text) say("received %.*s", length, (const char *)bytes);
    else say("received %d bytes", length);
}

/* What a command sends: "send TEXT", or "fill NUMBER", so many bytes. Returns the length, or -1 for another command. */
static int message_of(const char *command, unsigned char *message)
{
    if (strncmp(command, "send ", 5) == 0)
    {
        memcpy(message, command + 5, strlen(command + 5));
        return (int)strlen(command + 5);
    }

    if (strncmp(command, "fill ", 5) == 0)
    {
        int length = atoi(command + 5);
        if (length < 0 || length > 16384) misused(command);
        for (int i = 0; i < length; i++) message[i] = (unsigned char)i;
        return length;
    }

    return -1;
}

static size_t read_file(const char *path, unsigned char *bytes, size_t most)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return 0;
    size_t length = fread(bytes, 1, most, file);
    fclose(file);
    return length;
}

static void write_file(const char *path, const unsigned char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) misused(path);
}
