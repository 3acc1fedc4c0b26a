/*
 * The entry points: each checks its arrays and ranges, calls the core, and returns the core's number. Managed memory is used
 * within the call only, so the collector may move it afterwards.
 */
#include "nfdtls_native.h"
#include "nfdtls_platform.h"
#include "nfdtls_worker.h"

#include <nfdtls.h>

typedef Library_NfDtls_Native_NfDtls_Native_NativeMethods Methods;

namespace
{
struct Bytes
{
    uint8_t *first;
    size_t count;
};

/*
 * Not every port of the CLR calls anybody at a soft reboot. What always changes is when the execution engine began: then
 * whatever an earlier program left is freed before anything else is done.
 */
void Begin()
{
    static bool begun;
    static CLR_INT64 boot;

    if (!begun || boot != g_CLR_RT_ExecutionEngine.m_startTime)
    {
        begun = true;
        boot = g_CLR_RT_ExecutionEngine.m_startTime;
        nfdtls_worker_restart();
    }
}

int32_t Number(CLR_RT_StackFrame &stack, int index)
{
    return stack.ArgN(index).NumericByRefConst().s4;
}

/* An array and, behind it, an offset: all from there to the end. */
HRESULT Rest(CLR_RT_StackFrame &stack, int index, Bytes &bytes)
{
    NANOCLR_HEADER();

    int32_t offset;
    CLR_RT_HeapBlock_Array *array = stack.ArgN(index).DereferenceArray();
    FAULT_ON_NULL_ARG(array);
    offset = Number(stack, index + 1);
    if (offset < 0 || (CLR_UINT32)offset > array->m_numOfElements)
    {
        NANOCLR_SET_AND_LEAVE(CLR_E_OUT_OF_RANGE);
    }
    bytes.first = array->GetFirstElement() + offset;
    bytes.count = array->m_numOfElements - (CLR_UINT32)offset;

    NANOCLR_NOCLEANUP();
}

/* An array, an offset and a count. */
HRESULT Range(CLR_RT_StackFrame &stack, int index, Bytes &bytes)
{
    NANOCLR_HEADER();

    int32_t count;
    NANOCLR_CHECK_HRESULT(Rest(stack, index, bytes));
    count = Number(stack, index + 2);
    if (count < 0 || (size_t)count > bytes.count)
    {
        NANOCLR_SET_AND_LEAVE(CLR_E_OUT_OF_RANGE);
    }
    bytes.count = (size_t)count;

    NANOCLR_NOCLEANUP();
}
} // namespace

HRESULT Methods::Query___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Begin();
    stack.SetResult_I4(nfdtls_query(Number(stack, 0)));
    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::Supports___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Begin();
    stack.SetResult_I4(nfdtls_supports(Number(stack, 0)));
    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::Free___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Begin();
    stack.SetResult_I4(nfdtls_free(Number(stack, 0)));
    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::Random___STATIC__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes bytes;
    Begin();
    NANOCLR_CHECK_HRESULT(Range(stack, 0, bytes));
    stack.SetResult_I4(nfdtls_random(bytes.first, bytes.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::HashNew___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Begin();
    stack.SetResult_I4(nfdtls_hash_new(Number(stack, 0)));
    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::HashUpdate___STATIC__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes data;
    Begin();
    NANOCLR_CHECK_HRESULT(Range(stack, 1, data));
    stack.SetResult_I4(nfdtls_hash_update(Number(stack, 0), data.first, data.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::HashPeek___STATIC__I4__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes digest;
    Begin();
    NANOCLR_CHECK_HRESULT(Rest(stack, 1, digest));
    stack.SetResult_I4(nfdtls_hash_peek(Number(stack, 0), digest.first, digest.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::HashReset___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Begin();
    stack.SetResult_I4(nfdtls_hash_reset(Number(stack, 0)));
    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::AeadNew___STATIC__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes key;
    Begin();
    NANOCLR_CHECK_HRESULT(Rest(stack, 1, key));
    stack.SetResult_I4(nfdtls_aead_new(Number(stack, 0), key.first, key.count, (size_t)Number(stack, 3)));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::AeadSeal___STATIC__I4__I4__SZARRAY_U1__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes nonce;
    Bytes aad;
    Bytes data;
    Bytes room;
    Begin();
    NANOCLR_CHECK_HRESULT(Rest(stack, 1, nonce));
    NANOCLR_CHECK_HRESULT(Range(stack, 3, aad));
    NANOCLR_CHECK_HRESULT(Range(stack, 6, data));
    NANOCLR_CHECK_HRESULT(Rest(stack, 6, room));
    stack.SetResult_I4(
        nfdtls_aead_seal(Number(stack, 0), nonce.first, nonce.count, aad.first, aad.count, data.first, data.count, room.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::AeadOpen___STATIC__I4__I4__SZARRAY_U1__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes nonce;
    Bytes aad;
    Bytes data;
    Bytes room;
    Begin();
    NANOCLR_CHECK_HRESULT(Rest(stack, 1, nonce));
    NANOCLR_CHECK_HRESULT(Range(stack, 3, aad));
    NANOCLR_CHECK_HRESULT(Range(stack, 6, data));
    NANOCLR_CHECK_HRESULT(Rest(stack, 6, room));
    stack.SetResult_I4(
        nfdtls_aead_open(Number(stack, 0), nonce.first, nonce.count, aad.first, aad.count, data.first, data.count, room.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::CbcNew___STATIC__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes keys;
    Begin();
    NANOCLR_CHECK_HRESULT(Rest(stack, 1, keys));
    stack.SetResult_I4(nfdtls_cbc_new(Number(stack, 0), keys.first, keys.count, Number(stack, 3)));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::CbcSeal___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes header;
    Bytes iv;
    Bytes data;
    Bytes room;
    Begin();
    NANOCLR_CHECK_HRESULT(Range(stack, 1, header));
    NANOCLR_CHECK_HRESULT(Rest(stack, 4, iv));
    NANOCLR_CHECK_HRESULT(Range(stack, 6, data));
    NANOCLR_CHECK_HRESULT(Rest(stack, 6, room));
    stack.SetResult_I4(
        nfdtls_cbc_seal(Number(stack, 0), header.first, header.count, iv.first, iv.count, data.first, data.count, room.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::CbcOpen___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes header;
    Bytes iv;
    Bytes data;
    Begin();
    NANOCLR_CHECK_HRESULT(Range(stack, 1, header));
    NANOCLR_CHECK_HRESULT(Rest(stack, 4, iv));
    NANOCLR_CHECK_HRESULT(Range(stack, 6, data));
    stack.SetResult_I4(nfdtls_cbc_open(Number(stack, 0), header.first, header.count, iv.first, iv.count, data.first, data.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::Hmac___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes key;
    Bytes data;
    Bytes mac;
    Begin();
    NANOCLR_CHECK_HRESULT(Range(stack, 1, key));
    NANOCLR_CHECK_HRESULT(Range(stack, 4, data));
    NANOCLR_CHECK_HRESULT(Rest(stack, 7, mac));
    stack.SetResult_I4(nfdtls_hmac(Number(stack, 0), key.first, key.count, data.first, data.count, mac.first, mac.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::Prf___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes secret;
    Bytes seed;
    Bytes output;
    Begin();
    NANOCLR_CHECK_HRESULT(Range(stack, 1, secret));
    NANOCLR_CHECK_HRESULT(Range(stack, 4, seed));
    NANOCLR_CHECK_HRESULT(Range(stack, 7, output));
    stack.SetResult_I4(nfdtls_prf(Number(stack, 0), secret.first, secret.count, seed.first, seed.count, output.first, output.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::HkdfExpand___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes key;
    Bytes info;
    Bytes output;
    Begin();
    NANOCLR_CHECK_HRESULT(Range(stack, 1, key));
    NANOCLR_CHECK_HRESULT(Range(stack, 4, info));
    NANOCLR_CHECK_HRESULT(Range(stack, 7, output));
    stack.SetResult_I4(nfdtls_hkdf_expand(Number(stack, 0), key.first, key.count, info.first, info.count, output.first, output.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::Begin___STATIC__I4__I4__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes input;
    Begin();
    NANOCLR_CHECK_HRESULT(Range(stack, 2, input));
    stack.SetResult_I4(nfdtls_begin(Number(stack, 0), Number(stack, 1), input.first, input.count));
    NANOCLR_NOCLEANUP();
}

HRESULT Methods::Poll___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    int32_t state;
    Begin();
    state = nfdtls_poll(Number(stack, 0));
    if (state == NFDTLS_PENDING)
    {
        nfdtls_platform_share();
    }
    stack.SetResult_I4(state);
    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::Finish___STATIC__I4__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();
    Bytes result;
    Begin();
    result.first = NULL;
    result.count = 0;
    if (stack.ArgN(1).DereferenceArray() != NULL)
    {
        NANOCLR_CHECK_HRESULT(Rest(stack, 1, result));
    }
    stack.SetResult_I4(nfdtls_finish(Number(stack, 0), result.first, result.count));
    NANOCLR_NOCLEANUP();
}
