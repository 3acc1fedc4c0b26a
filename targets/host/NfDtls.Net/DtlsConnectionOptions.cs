using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Net;

/// <summary>What a client and a listener are told alike. Read when they begin; what is changed afterwards changes nothing.</summary>
public abstract class DtlsConnectionOptions
{
    private protected DtlsConnectionOptions()
    {
    }

    /// <summary>The versions spoken. Default: DTLS 1.2.</summary>
    public DtlsProtocols EnabledProtocols { get; set; } = DtlsProtocols.Dtls12;

    /// <summary>
    /// The suites, the preferred first; null (default): every suite with an AEAD that the versions and credentials can use, those
    /// with forward secrecy first. CBC suites are used where they stand here.
    /// </summary>
    public IList<TlsCipherSuite>? CipherSuites { get; set; }

    /// <summary>Protocols of the application (ALPN, RFC 7301), the preferred first; null or empty for none.</summary>
    public IList<SslApplicationProtocol>? ApplicationProtocols { get; set; }

    /// <summary>
    /// This end's certificates, each with its private key, which never leaves its object: a key in a store or a hardware module will
    /// do, ECDSA on P-256, P-384 or P-521, or RSA. The first that fits the peer is taken. A server may replace them while it runs
    /// (<see cref="DtlsListener.UpdateCertificates"/>).
    /// </summary>
    public X509Certificate2Collection? Certificates { get; set; }

    /// <summary>Certificates of authorities below the root, sent behind those of <see cref="Certificates"/> that they stand behind.</summary>
    public X509Certificate2Collection? IntermediateCertificates { get; set; }

    /// <summary>
    /// The roots that peers' certificates are trusted by; null, and without a <see cref="ChainPolicy"/>: those of the operating
    /// system. A self-signed certificate here is trusted itself.
    /// </summary>
    public X509Certificate2Collection? TrustedCertificates { get; set; }

    /// <summary>
    /// How chains are built and checked, in place of <see cref="TrustedCertificates"/>. Certificates that a peer sends are added to
    /// its ExtraStore, and the purpose (server or client) to its ApplicationPolicy where that is empty.
    /// </summary>
    public X509ChainPolicy? ChainPolicy { get; set; }

    /// <summary>
    /// Has the last word on a peer's certificate, on the thread pool: its sender is the <see cref="DtlsListener"/> or
    /// <see cref="DtlsConnection"/>. Null (default): what has an error is refused.
    /// </summary>
    public RemoteCertificateValidationCallback? RemoteCertificateValidationCallback { get; set; }

    /// <summary>
    /// Bytes of this end's connection IDs (RFC 9146): null for none; 0 for those of the peer alone, which is what a client wants that
    /// moves; 1 to 32. Default: null for a client, 8 for a listener, which gives them to clients that ask.
    /// </summary>
    public int? ConnectionIdLength { get; set; }

    /// <summary>How long a handshake may take, all that the application is asked included. Default: 30 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="DtlsConnection.CloseAsync"/> waits for the peer's answer. Default: 3 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Until a flight is sent again for the first time: 50 ms to a minute, doubling each time. Default: 1 s.</summary>
    public TimeSpan RetransmitTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of UDP payload of the largest datagram sent, 150 to 16,384. Default: 1,232.</summary>
    public int MaxDatagramSize { get; set; } = 1232;

    /// <summary>
    /// Datagrams of a connection that wait to be received, 1 to 65,536; those that come while so many wait are dropped and counted
    /// (<see cref="DtlsConnection.DatagramsDropped"/>). Default: 64.
    /// </summary>
    public int ReceiveQueueLength { get; set; } = 64;

    /// <summary>Where the time comes from. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Makes the cryptography, once for each engine; null (default): the system's OpenSSL where it has one (3 or later), before
    /// .NET's own. <see cref="DtlsListener.Cryptography"/> and <see cref="DtlsConnection.Cryptography"/> tell.
    /// </summary>
    public Func<CryptoProvider>? CryptoProvider { get; set; }

    /// <summary>
    /// Sets what else an engine can be told, last of all and once for each engine: resumption, a key log, limits. What is shared
    /// between calls must be fit for that.
    /// </summary>
    public Action<DtlsOptions>? ConfigureEngine { get; set; }

    /// <summary>Whether anything can prove who the other end is.</summary>
    internal abstract bool HasPsk { get; }

    internal abstract bool UsesCertificates { get; }

    internal virtual void Validate(string parameter)
    {
        Check(parameter, nameof(EnabledProtocols), (EnabledProtocols & (DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13)) != 0 && (EnabledProtocols & ~(DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13)) == 0, "Dtls12, Dtls13 or both", EnabledProtocols);
        Check(parameter, nameof(ConnectionIdLength), ConnectionIdLength is null or (>= 0 and <= 32), "null or 0 to 32", ConnectionIdLength);
        Check(parameter, nameof(HandshakeTimeout), HandshakeTimeout > TimeSpan.Zero && HandshakeTimeout.TotalMilliseconds <= int.MaxValue, "more than 0, and at most 24 days", HandshakeTimeout);
        Check(parameter, nameof(CloseTimeout), CloseTimeout >= TimeSpan.Zero && CloseTimeout.TotalMilliseconds <= int.MaxValue, "0 to 24 days", CloseTimeout);
        Check(parameter, nameof(RetransmitTimeout), RetransmitTimeout.TotalMilliseconds is >= 50 and <= 60000, "50 ms to 60 s", RetransmitTimeout);
        Check(parameter, nameof(MaxDatagramSize), MaxDatagramSize is >= 150 and <= 16384, "150 to 16384", MaxDatagramSize);
        Check(parameter, nameof(ReceiveQueueLength), ReceiveQueueLength is >= 1 and <= 65536, "1 to 65536", ReceiveQueueLength);
        Check(parameter, nameof(TimeProvider), TimeProvider != null, "set", null);
        if (!HasPsk && !UsesCertificates)
        {
            throw new ArgumentException("The options have neither a pre-shared key nor anything of certificates: no handshake could succeed.", parameter);
        }

        foreach (X509Certificate2 certificate in Certificates ?? [])
        {
            if (!certificate.HasPrivateKey)
            {
                throw new ArgumentException($"{nameof(Certificates)}: {certificate.Subject} has no private key.", parameter);
            }
        }
    }

    private protected static void Check(string parameter, string name, bool isAllowed, string allowed, object? value)
    {
        if (!isAllowed)
        {
            throw new ArgumentException($"{name} must be {allowed}, not {value ?? "null"}.", parameter);
        }
    }
}
