/* The DER of ECDSA signatures: what is read is written back the same, so only one encoding of a signature is accepted. */
#include "der.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

static void widen(const nf_field *number, uint8_t *wide)
{
    nf_field rest = *number;
    while (rest.count > 0 && rest.bytes[0] == 0) {
        rest.bytes++;
        rest.count--;
    }
    memset(wide, 0, 48);
    if (rest.count <= 48) {
        memcpy(wide + 48 - rest.count, rest.bytes, rest.count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    nf_field der = {data, count};
    nf_field r;
    nf_field s;
    if (nf_der_read_pair(&der, &r, &s)) {
        uint8_t one[48];
        uint8_t two[48];
        uint8_t written[112];
        if (r.bytes < data || s.bytes < r.bytes + r.count || s.bytes + s.count != data + count) {
            __builtin_trap();
        }
        widen(&r, one);
        widen(&s, two);
        if (r.count <= 48 && s.count <= 48 && (nf_der_write_pair(written, one, two, 48) != count || memcmp(written, data, count) != 0)) {
            __builtin_trap();
        }
    }
    return 0;
}
