/*
 * What the peers have in common: options, a wire between both ends of one process, and turns that are timed.
 *
 * usage: NAME=VALUE...: work=handshake|echo|send suite=NAME version=1.2|1.3 resumed=0|1 way=memory|udp size=NUMBER psk=TEXT identity=TEXT and, with
 * certificates, root=FILE leaf=FILE key=FILE host=NAME. It says `ready DATAGRAMS BYTES LIBRARY` (of one handshake, or one turn), then
 * answers each line with a number of turns by the nanoseconds of the processor's time that these took. `live NUMBER` is answered by the
 * bytes of heap that so many sessions of a server take.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { longest = 2048, places = 64, client_end = 0, server_end = 1, mtu = 1400 };

struct queue
{
    int first, count;
    int lengths[places];
    unsigned char bytes[places][longest];
};

static char **options;
static struct queue queues[2]; /* by the end that receives */
static int over_udp, sockets[2];
static struct sockaddr_in addresses[2];
static long datagrams, bytes_sent;
static int is_resumed, size;
static unsigned char data[longest], received[longest];

static void fail(const char *what)
{
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

static const char *option(const char *name, const char *otherwise)
{
    size_t length = strlen(name);
    for (char **each = options; *each != NULL; each++)
    {
        if (strncmp(*each, name, length) == 0 && (*each)[length] == '=') return *each + length + 1;
    }

    return otherwise;
}

static int is(const char *name, const char *value)
{
    return strcmp(option(name, ""), value) == 0;
}

static void open_wire(void)
{
    over_udp = is("way", "udp");
    if (!over_udp) return;
    for (int end = 0; end < 2; end++)
    {
        socklen_t length = sizeof addresses[end];
        addresses[end] = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        sockets[end] = socket(AF_INET, SOCK_DGRAM, 0);
        if (sockets[end] < 0 || bind(sockets[end], (struct sockaddr *)&addresses[end], length) != 0
            || getsockname(sockets[end], (struct sockaddr *)&addresses[end], &length) != 0) fail("socket");
    }

    /* A server's socket is not connected: it serves many. */
    if (connect(sockets[client_end], (struct sockaddr *)&addresses[server_end], sizeof addresses[server_end]) != 0) fail("connect");
}

static int wire_send(int from, const unsigned char *datagram, size_t length)
{
    struct queue *queue = &queues[!from];
    datagrams++;
    bytes_sent += (long)length;
    if (over_udp)
    {
        ssize_t sent = from == client_end ? send(sockets[from], datagram, length, 0)
            : sendto(sockets[from], datagram, length, 0, (struct sockaddr *)&addresses[client_end], sizeof addresses[client_end]);
        if (sent != (ssize_t)length) fail("send");
        queue->count++;
        return (int)length;
    }

    if (queue->count == places || length > longest) fail("queue");
    int place = (queue->first + queue->count++) % places;
    queue->lengths[place] = (int)length;
    memcpy(queue->bytes[place], datagram, length);
    return (int)length;
}

/* The next datagram, or 0 where none is on its way: it is known, so nobody asks the system in vain. */
static int wire_receive(int end, unsigned char *into, size_t room)
{
    struct queue *queue = &queues[end];
    if (queue->count == 0) return 0;
    queue->count--;
    if (over_udp)
    {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t count = end == client_end ? recv(sockets[end], into, room, 0) : recvfrom(sockets[end], into, room, 0, (struct sockaddr *)&from, &length);
        if (count <= 0) fail("receive");
        return (int)count;
    }

    int place = queue->first, count = queue->lengths[place];
    queue->first = (queue->first + 1) % places;
    if ((size_t)count > room) fail("room");
    memcpy(into, queue->bytes[place], (size_t)count);
    return count;
}

static void wire_drain(void)
{
    static unsigned char unwanted[longest];
    for (int end = 0; end < 2; end++)
    {
        while (queues[end].count > 0) wire_receive(end, unwanted, sizeof unwanted);
    }
}

static long long cpu_time(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* What each peer has. */
static void set_up(void);
static void turn_handshake(void);
static void turn_send(void);
static void turn_answer(void);
static const char *library(void);
static long live_bytes(int sessions);

static void turn(void)
{
    if (is("work", "handshake"))
    {
        turn_handshake();
        return;
    }

    turn_send();
    if (is("work", "echo")) turn_answer();
}

int main(int count, char **arguments)
{
    char line[100];
    (void)count;
    options = arguments + 1;
    is_resumed = is("resumed", "1");
    size = atoi(option("size", "0"));
    open_wire();
    set_up();
    turn_handshake();
    if (is_resumed) turn_handshake();
    datagrams = bytes_sent = 0;
    turn();
    printf("ready %ld %ld %s\n", datagrams, bytes_sent, library());
    fflush(stdout);
    int handshakes = is("work", "handshake"), echoes = is("work", "echo");
    while (fgets(line, sizeof line, stdin) != NULL)
    {
        if (strncmp(line, "live ", 5) == 0)
        {
            printf("%ld\n", live_bytes(atoi(line + 5)));
            fflush(stdout);
            continue;
        }

        long times = atol(line);
        long long before = cpu_time();
        for (long i = 0; i < times; i++)
        {
            if (handshakes)
            {
                turn_handshake();
                continue;
            }

            turn_send();
            if (echoes) turn_answer();
        }

        printf("%lld 0\n", cpu_time() - before);
        fflush(stdout);
    }

    return 0;
}
