using System;
using System.Runtime.InteropServices;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>OpenSSL's OSSL_PARAM: a name, and a value of some type that stands elsewhere.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Parameter
{
    internal const uint UnsignedInteger = 2;
    internal const uint Text = 4;
    internal const uint Bytes = 5;

    internal byte* Key;
    internal uint Type;
    internal void* Data;
    internal nuint Count;
    internal nuint Returned;
}
