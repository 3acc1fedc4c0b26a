#include "nfdtls_native.h"

typedef Library_NfDtls_Native_NfDtls_Native_NativeMethods Methods;

/* The CLR finds a method by its place in the assembly's table: the order is that of the methods in NativeMethods.cs. */
static const CLR_RT_MethodHandler method_lookup[] = {
    Methods::Query___STATIC__I4__I4,
    Methods::Supports___STATIC__I4__I4,
    Methods::Free___STATIC__I4__I4,
    Methods::Random___STATIC__I4__SZARRAY_U1__I4__I4,
    Methods::HashNew___STATIC__I4__I4,
    Methods::HashUpdate___STATIC__I4__I4__SZARRAY_U1__I4__I4,
    Methods::HashPeek___STATIC__I4__I4__SZARRAY_U1__I4,
    Methods::HashReset___STATIC__I4__I4,
    Methods::AeadNew___STATIC__I4__I4__SZARRAY_U1__I4__I4,
    Methods::AeadSeal___STATIC__I4__I4__SZARRAY_U1__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4,
    Methods::AeadOpen___STATIC__I4__I4__SZARRAY_U1__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4,
    Methods::CbcNew___STATIC__I4__I4__SZARRAY_U1__I4__I4,
    Methods::CbcSeal___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__SZARRAY_U1__I4__I4,
    Methods::CbcOpen___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__SZARRAY_U1__I4__I4,
    Methods::Hmac___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4,
    Methods::Prf___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4,
    Methods::HkdfExpand___STATIC__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4__SZARRAY_U1__I4__I4,
    Methods::Begin___STATIC__I4__I4__I4__SZARRAY_U1__I4__I4,
    Methods::Poll___STATIC__I4__I4,
    Methods::Finish___STATIC__I4__I4__SZARRAY_U1__I4,
};

/* The build of nanoCLR reads checksum and version out of this text, so its form matters. */
extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_NfDtls_Native;
const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_NfDtls_Native = {
    "NfDtls.Native",
    0x7E9CEE7B,
    method_lookup,
    {1, 0, 0, 0},
};
