#include "der.h"
#include "bytes.h"

#include <string.h>

#define TAG_INTEGER 0x02
#define TAG_SEQUENCE 0x30

/* Reads tag and length of an element that has to fit; lengths of less than 256 bytes occur, each in its shortest form. */
static int read_header(nf_field *from, uint8_t tag, size_t *length)
{
    if (from->count < 2 || from->bytes[0] != tag) {
        return 0;
    }
    size_t header = 2;
    *length = from->bytes[1];
    if (*length == 0x81) {
        if (from->count < 3 || from->bytes[2] < 0x80) {
            return 0;
        }
        header = 3;
        *length = from->bytes[2];
    } else if (*length > 0x7F) {
        return 0;
    }
    from->bytes += header;
    from->count -= header;
    return from->count >= *length;
}

static int read_integer(nf_field *from, nf_field *number)
{
    size_t length;
    if (!read_header(from, TAG_INTEGER, &length) || length == 0 || (from->bytes[0] & 0x80) != 0) {
        return 0;
    }
    if (from->bytes[0] == 0 && (length == 1 || (from->bytes[1] & 0x80) == 0)) {
        return 0;
    }
    number->bytes = from->bytes;
    number->count = length;
    from->bytes += length;
    from->count -= length;
    return 1;
}

int nf_der_read_pair(const nf_field *der, nf_field *r, nf_field *s)
{
    nf_field rest = *der;
    size_t length;
    return read_header(&rest, TAG_SEQUENCE, &length) && rest.count == length && read_integer(&rest, r) && read_integer(&rest, s) && rest.count == 0;
}

static size_t write_integer(uint8_t *der, const uint8_t *number, size_t length)
{
    while (length > 1 && number[0] == 0) {
        number++;
        length--;
    }
    size_t sign = number[0] >> 7;
    der[0] = TAG_INTEGER;
    der[1] = (uint8_t)(length + sign);
    der[2] = 0;
    nf_copy(der + 2 + sign, number, length);
    return 2 + sign + length;
}

size_t nf_der_write_pair(uint8_t *der, const uint8_t *r, const uint8_t *s, size_t length)
{
    /* Two numbers of 48 bytes, with signs and headers, stay below 128; of 66 bytes they may not, and stay below 256. */
    size_t header = 2;
    size_t count = write_integer(der + header, r, length);
    count += write_integer(der + header + count, s, length);
    if (count > 0x7F) {
        memmove(der + 3, der + 2, count);
        der[1] = 0x81;
        header = 3;
    }
    der[0] = TAG_SEQUENCE;
    der[header - 1] = (uint8_t)count;
    return header + count;
}
