#include "operation.h"
#include "bytes.h"
#include "hash.h"
#include "table.h"

#include <string.h>

enum { STATE_READY, STATE_QUEUED, STATE_RUNNING, STATE_ENDED };

typedef struct {
    int32_t algorithm;
    int32_t parameter;
    int state;
    int cancelled; /* while running: the worker frees it */
    int32_t outcome;
    size_t size; /* of this whole block */
    size_t input_count;
    uint8_t bytes[]; /* the input, and behind it room for the result */
} operation;

int32_t nf_scheme_hash(int32_t scheme)
{
    switch (scheme) {
    case NFDTLS_RSA_PKCS1_SHA256:
    case NFDTLS_RSA_PSS_SHA256:
    case NFDTLS_ECDSA_SHA256: return NFDTLS_SHA256;
    case NFDTLS_RSA_PKCS1_SHA384:
    case NFDTLS_RSA_PSS_SHA384:
    case NFDTLS_ECDSA_SHA384: return NFDTLS_SHA384;
    case NFDTLS_RSA_PKCS1_SHA512:
    case NFDTLS_RSA_PSS_SHA512:
    case NFDTLS_ECDSA_SHA512: return NFDTLS_SHA512;
    default: return 0;
    }
}

/* Splits the input into exactly so many fields. */
static int split(const uint8_t *input, size_t count, nf_field *fields, unsigned wanted)
{
    for (unsigned i = 0; i < wanted; i++) {
        if (count < 2) {
            return 0;
        }
        size_t length = (size_t)input[0] << 8 | input[1];
        if (count - 2 < length) {
            return 0;
        }
        fields[i].bytes = input + 2;
        fields[i].count = length;
        input += 2 + length;
        count -= 2 + length;
    }
    return count == 0;
}

static int32_t kind_of(int32_t algorithm)
{
    return algorithm >> 16 & 0xFF;
}

static unsigned fields_of(int32_t algorithm)
{
    if (algorithm == NFDTLS_RSA_ENCRYPT) {
        return 3;
    }
    if (algorithm == NFDTLS_RSA_DECRYPT) {
        return NF_RSA_PARTS + 1;
    }
    if (algorithm >= NFDTLS_VERIFY) {
        return kind_of(algorithm) == NFDTLS_KEY_RSA ? 4 : 3;
    }
    if (algorithm >= NFDTLS_SIGN) {
        return kind_of(algorithm) == NFDTLS_KEY_RSA ? NF_RSA_PARTS + 1 : 2;
    }
    if (algorithm >= NFDTLS_DERIVE) {
        return 1;
    }
    if (algorithm >= NFDTLS_GENERATE) {
        return 0;
    }
    return algorithm >= NFDTLS_ENCAPSULATE ? 1 : 2;
}

static size_t room_of(int32_t algorithm)
{
    if (algorithm == NFDTLS_RSA_ENCRYPT || algorithm == NFDTLS_RSA_DECRYPT) {
        return NFDTLS_RSA_MAX;
    }
    if (nf_kem_supported(algorithm)) {
        return nf_kem_room();
    }
    return algorithm >= NFDTLS_SIGN && kind_of(algorithm) == NFDTLS_KEY_RSA ? NFDTLS_RSA_MAX : NF_EC_RESULT;
}

static int32_t work(operation *self)
{
    nf_field fields[NF_MAX_FIELDS];
    int32_t algorithm = self->algorithm;
    uint8_t *result = self->bytes + self->input_count;
    int32_t kind = kind_of(algorithm);
    if (!split(self->bytes, self->input_count, fields, fields_of(algorithm))) {
        return NFDTLS_E_ARGUMENT;
    }
    if (algorithm == NFDTLS_RSA_ENCRYPT) {
        return nf_rsa_encrypt(fields, &fields[2], result);
    }
    if (algorithm == NFDTLS_RSA_DECRYPT) {
        return nf_rsa_decrypt(fields, &fields[NF_RSA_PARTS], (size_t)self->parameter, result);
    }
    if (algorithm >= NFDTLS_VERIFY) {
        return kind == NFDTLS_KEY_RSA ? nf_rsa_verify(algorithm & 0xFFFF, fields, &fields[2], &fields[3])
                                      : nf_ec_verify(kind, algorithm & 0xFFFF, &fields[0], &fields[1], &fields[2]);
    }
    if (algorithm >= NFDTLS_SIGN) {
        return kind == NFDTLS_KEY_RSA ? nf_rsa_sign(algorithm & 0xFFFF, fields, &fields[NF_RSA_PARTS], result)
                                      : nf_ec_sign(kind, algorithm & 0xFFFF, &fields[0], &fields[1], result);
    }
    if (algorithm >= NFDTLS_DERIVE) {
        return nf_ec_derive(algorithm - NFDTLS_DERIVE, &fields[0], result);
    }
    if (algorithm >= NFDTLS_GENERATE) {
        return nf_kem_supported(algorithm) ? nf_kem_generate(result) : nf_ec_generate(algorithm - NFDTLS_GENERATE, result);
    }
    if (algorithm >= NFDTLS_ENCAPSULATE) {
        return nf_kem_encapsulate(&fields[0], result);
    }
    return nf_kem_supported(algorithm) ? nf_kem_decapsulate(&fields[0], &fields[1], result)
                                       : nf_ec_agree(algorithm - NFDTLS_AGREE, &fields[0], &fields[1], result);
}

static int supported(int32_t algorithm)
{
    return algorithm > NFDTLS_RANDOM && (nf_ec_supported(algorithm) || nf_rsa_supported(algorithm) || nf_kem_supported(algorithm));
}

/* Asks the platform for a worker. What it cannot take now is asked for again by the next poll. */
static void dispatch(operation *self, int32_t handle)
{
    const nfdtls_port *port = nf_port();
    if (port->start == NULL) {
        return;
    }
    /* Set first: the worker may begin, and end, before start returns. */
    nf_lock();
    self->state = STATE_QUEUED;
    nf_unlock();
    int answer = port->start(port->context, handle);
    if (answer != 0) {
        nf_lock();
        self->state = STATE_READY;
        nf_unlock();
        if (answer < 0) {
            nfdtls_run(handle);
        }
    }
}

int32_t nfdtls_begin(int32_t algorithm, int32_t parameter, const uint8_t *input, size_t count)
{
    if (!supported(algorithm)) {
        return NFDTLS_E_UNSUPPORTED;
    }
    if ((input == NULL && count > 0) || count > 0x4000) {
        return NFDTLS_E_ARGUMENT;
    }
    if (parameter < 0 || (algorithm == NFDTLS_RSA_DECRYPT && parameter > NFDTLS_RSA_MAX)) {
        return NFDTLS_E_ARGUMENT;
    }
    size_t size = sizeof(operation) + count + room_of(algorithm);
    operation *self = nf_allocate(size);
    if (self == NULL) {
        return NFDTLS_E_MEMORY;
    }
    self->algorithm = algorithm;
    self->parameter = parameter;
    self->state = STATE_READY;
    self->size = size;
    self->input_count = count;
    nf_copy(self->bytes, input, count);
    int32_t handle = nf_table_add(NF_OPERATION, self);
    if (handle < 0) {
        nf_release(self, size);
        return handle;
    }
    if (nf_port()->start != NULL) {
        dispatch(self, handle);
    }
    return handle;
}

void nfdtls_run(int32_t handle)
{
    nf_lock();
    operation *self = nf_table_find_locked(handle, NF_OPERATION);
    int mine = self != NULL && self->state < STATE_RUNNING;
    if (mine) {
        self->state = STATE_RUNNING;
    }
    nf_unlock();
    if (!mine) {
        return;
    }

    int32_t outcome = work(self);
    nf_lock();
    self->outcome = outcome;
    self->state = STATE_ENDED;
    int cancelled = self->cancelled;
    if (!cancelled) {
        /* The keys are no longer needed. */
        nf_zero(self->bytes, self->input_count);
    }
    nf_unlock();
    if (cancelled) {
        nf_release(self, self->size);
    }
}

int32_t nfdtls_poll(int32_t handle)
{
    nf_lock();
    operation *self = nf_table_find_locked(handle, NF_OPERATION);
    int state = self == NULL ? STATE_ENDED : self->state;
    nf_unlock();
    if (self == NULL) {
        return NFDTLS_E_HANDLE;
    }
    if (state == STATE_READY) {
        if (nf_port()->start != NULL) {
            dispatch(self, handle);
        } else {
            nfdtls_run(handle);
        }
        nf_lock();
        state = self->state;
        nf_unlock();
    }
    if (state != STATE_ENDED) {
        return NFDTLS_PENDING;
    }
    return self->outcome < 0 ? self->outcome : NFDTLS_DONE;
}

int32_t nfdtls_finish(int32_t handle, uint8_t *result, size_t room)
{
    nf_lock();
    operation *self = nf_table_find_locked(handle, NF_OPERATION);
    int32_t answer = NFDTLS_E_HANDLE;
    int over = 0;
    if (self != NULL) {
        answer = self->state == STATE_ENDED ? self->outcome : NFDTLS_E_BUSY;
        over = self->state == STATE_ENDED;
        if (over && answer > 0 && (result == NULL || room < (size_t)answer)) {
            answer = NFDTLS_E_ARGUMENT;
            over = 0;
        }
        if (over) {
            nf_table_clear_locked(handle);
        }
    }
    nf_unlock();
    if (over) {
        if (answer > 0) {
            nf_copy(result, self->bytes + self->input_count, (size_t)answer);
        }
        nf_release(self, self->size);
    }
    return answer;
}

void nf_operation_destroy(void *context)
{
    operation *self = context;
    nf_lock();
    int running = self->state == STATE_RUNNING;
    self->cancelled = running;
    nf_unlock();
    if (!running) {
        nf_release(self, self->size);
    }
}
