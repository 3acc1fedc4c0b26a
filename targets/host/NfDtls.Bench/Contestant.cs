using System.Collections.Generic;
using System.Linq;

namespace NfDtls.Bench;

/// <summary>Who is measured: NfDtls with one provider, or another stack.</summary>
internal sealed record Contestant(string Name, string Title)
{
    internal const string Software = "software";
    internal const string Host = "host";
    internal const string Native = "native";
    internal const string OpenSslProvider = "openssl-provider";
    internal const string Blocking = "blocking";
    internal const string Asynchronous = "async";
    internal const string Inline = "async-inline";
    internal const string Bouncy = "bouncycastle";
    internal const string OpenSsl = "openssl";
    internal const string Mbed = "mbedtls";
    internal const string Wolf = "wolfssl";

    internal static readonly IReadOnlyList<Contestant> All =
    [
        new(OpenSslProvider, "NfDtls, OpenSslProvider"),
        new(Software, "NfDtls, SoftwareProvider"),
        new(Host, "NfDtls, HostProvider (.NET)"),
        new(Native, "NfDtls, NativeProvider (mbedTLS)"),
        new(Blocking, "NfDtls, DtlsClient and DtlsServer"),
        new(Asynchronous, "NfDtls.Net"),
        new(Inline, "NfDtls.Net, inline"),
        new(Bouncy, "BouncyCastle"),
        new(OpenSsl, "OpenSSL"),
        new(Mbed, "mbedTLS"),
        new(Wolf, "wolfSSL"),
    ];

    internal static Contestant Named(string name)
    {
        return All.First(one => one.Name == name);
    }

    /// <summary>Whether it is a C program.</summary>
    internal bool IsProgram => Name is OpenSsl or Mbed or Wolf;

    /// <summary>Whether it is NfDtls.</summary>
    internal bool IsOurs => !IsProgram && Name != Bouncy;

    /// <summary>Whether it is one of the engine, driven by one thread.</summary>
    internal bool IsEngine => Name is Software or Host or Native or OpenSslProvider;

    /// <summary>Whether it has threads of its own: .NET then compiles anew later, as it counts calls of more methods and has less of the core for it.</summary>
    internal bool HasThreads => Name is Blocking or Asynchronous or Inline;

    /// <summary>Whether it can do what a row wants.</summary>
    internal bool Can(Row row)
    {
        return Name switch
        {
            Blocking or Asynchronous => row.Way is Way.Threads or Way.Crowd,
            Inline => row.Way == Way.Crowd,
            _ when row.Way == Way.Crowd => false,
            Bouncy or Mbed or Wolf or Native when row.IsFirstContact => false,
            // A peer's figure beside those with threads is what it reaches over UDP without any.
            OpenSsl => !row.Is13,
            // Debian builds it without the suites of DTLS 1.2 that have a pre-shared key alone and AES.
            Wolf => row.Way != Way.Threads && (row.Is13 || OurOptions.HasCertificates(row)),
            Bouncy or Mbed => !row.Is13 && row.Way != Way.Threads,
            _ => row.Way != Way.Threads,
        };
    }
}
