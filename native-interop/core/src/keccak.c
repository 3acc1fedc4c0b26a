#include "keccak.h"

#include <string.h>

#define ROUNDS 24U
#define WIDTH 5U

static const uint64_t round_constants[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

static uint64_t turn(uint64_t value, unsigned left)
{
    return value << left | value >> ((64 - left) & 63);
}

/* Adds to each lane the parities of two columns beside it (theta). */
static void mix_columns(uint64_t lanes[25])
{
    uint64_t parity[WIDTH];
    for (unsigned x = 0; x < WIDTH; x++) {
        parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    }
    for (unsigned x = 0; x < WIDTH; x++) {
        uint64_t change = parity[(x + 4) % WIDTH] ^ turn(parity[(x + 1) % WIDTH], 1);
        for (unsigned at = x; at < 25; at += WIDTH) {
            lanes[at] ^= change;
        }
    }
}

/* Turns every lane and moves it (rho and pi): the lane of (x, y) goes to (y, 2x + 3y), and each is turned further than the one before. */
static void move_lanes(uint64_t lanes[25])
{
    unsigned x = 1;
    unsigned y = 0;
    uint64_t moving = lanes[1];
    for (unsigned step = 1; step <= 24; step++) {
        unsigned next = (2 * x + 3 * y) % WIDTH;
        x = y;
        y = next;
        uint64_t *place = &lanes[x + WIDTH * y];
        uint64_t before = *place;
        *place = turn(moving, step * (step + 1) / 2 % 64);
        moving = before;
    }
}

/* Mixes each lane with the two behind it in its row (chi). */
static void mix_rows(uint64_t lanes[25])
{
    for (unsigned row = 0; row < 25; row += WIDTH) {
        uint64_t first = lanes[row];
        uint64_t second = lanes[row + 1];
        lanes[row] ^= ~second & lanes[row + 2];
        lanes[row + 1] ^= ~lanes[row + 2] & lanes[row + 3];
        lanes[row + 2] ^= ~lanes[row + 3] & lanes[row + 4];
        lanes[row + 3] ^= ~lanes[row + 4] & first;
        lanes[row + 4] ^= ~first & second;
    }
}

static void permute(nf_keccak *self)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        mix_columns(self->lanes);
        move_lanes(self->lanes);
        mix_rows(self->lanes);
        self->lanes[0] ^= round_constants[round];
    }
    self->at = 0;
}

static void add(nf_keccak *self, unsigned at, uint8_t byte)
{
    self->lanes[at / 8] ^= (uint64_t)byte << (8 * (at % 8));
}

void nf_keccak_begin(nf_keccak *self, unsigned rate)
{
    memset(self->lanes, 0, sizeof(self->lanes));
    self->rate = rate;
    self->at = 0;
}

void nf_keccak_absorb(nf_keccak *self, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add(self, self->at++, bytes[i]);
        if (self->at == self->rate) {
            permute(self);
        }
    }
}

void nf_keccak_turn(nf_keccak *self, uint8_t end)
{
    add(self, self->at, end);
    add(self, self->rate - 1, 0x80);
    permute(self);
}

void nf_keccak_squeeze(nf_keccak *self, uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (self->at == self->rate) {
            permute(self);
        }
        bytes[i] = (uint8_t)(self->lanes[self->at / 8] >> (8 * (self->at % 8)));
        self->at++;
    }
}
