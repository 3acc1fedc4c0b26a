using System;
using System.Collections.Generic;
using System.IO;
using NfDtls.Crypto.Host;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509;

/// <summary>A store and a verifier, and short ways to fill and to ask them.</summary>
internal sealed class Bench
{
    internal const string Host = "device.example.com";

    internal Bench(CryptoProvider? crypto = null)
    {
        Crypto = crypto ?? NewCrypto();
        Store = new CertificateStore(Crypto) { Clock = new FixedClock(CertificateSpec.Now) };
    }

    internal CryptoProvider Crypto { get; }

    internal CertificateStore Store { get; }

    internal bool OfServer { get; set; } = true;

    internal string? Name { get; set; } = Host;

    internal NameCheck NameCheck { get; set; } = NameCheck.SubjectAltName;

    internal int MaxChainLength { get; set; } = 6;

    /// <summary>The signature schemes that the peer was told; null for any.</summary>
    internal int[]? Offered { get; set; }

    /// <summary>The verifier of the last question.</summary>
    internal ChainVerifier Verifier { get; private set; } = null!;

    internal static CryptoProvider NewCrypto()
    {
        return new CompositeProvider([new HostProvider(), new Ed25519Provider()]);
    }

    internal int Trust(IssuedCertificate certificate)
    {
        return Store.AddTrusted(new DtlsCertificate(certificate.Der));
    }

    internal DtlsError Verify(params IssuedCertificate[] chain)
    {
        return VerifyDer(Array.ConvertAll(chain, certificate => certificate.Der));
    }

    internal DtlsError VerifyDer(params byte[][] chain)
    {
        byte[] list = List(chain);
        Verifier = new ChainVerifier(Store, Crypto, MaxChainLength);
        return Run(list, 0, list.Length);
    }

    /// <summary>Asks the verifier once more.</summary>
    internal DtlsError Run(byte[] buffer, int offset, int count, int budget = 1)
    {
        DtlsError error = Verifier.Begin(buffer, offset, count, OfServer, Name, NameCheck, Offered);
        if (error != DtlsError.None)
        {
            return error;
        }

        while (!Verifier.Step(budget))
        {
        }

        return Verifier.Error;
    }

    /// <summary>A certificate_list: a length of three bytes before each certificate.</summary>
    internal static byte[] List(IEnumerable<byte[]> certificates)
    {
        var list = new MemoryStream();
        foreach (byte[] der in certificates)
        {
            list.Write([(byte)(der.Length >> 16), (byte)(der.Length >> 8), (byte)der.Length]);
            list.Write(der);
        }

        return list.ToArray();
    }
}
