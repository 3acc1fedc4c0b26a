using System;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Net;

/// <summary>What <see cref="DtlsConnection.ConnectAsync"/> is told.</summary>
public sealed class DtlsClientOptions : DtlsConnectionOptions
{
    /// <summary>Where the server is: an <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/>, whose first address is taken.</summary>
    public EndPoint? RemoteEndPoint { get; set; }

    /// <summary>Where to send from; null (default) for any port.</summary>
    public IPEndPoint? LocalEndPoint { get; set; }

    /// <summary>
    /// The server's name: it is asked for by it (server_name), and its certificate must be for it. Null (default): the host of a
    /// <see cref="DnsEndPoint"/>, else no name is asked for, and the certificate must be for the address.
    /// </summary>
    public string? TargetHost { get; set; }

    /// <summary>The pre-shared key; null for none.</summary>
    public DtlsPskCredential? Psk { get; set; }

    /// <summary>Finds the pre-shared key, in place of <see cref="Psk"/>.</summary>
    public DtlsClientPskCallback? PskCallback { get; set; }

    internal override bool HasPsk => Psk != null || PskCallback != null;

    internal override bool UsesCertificates =>
        TrustedCertificates != null || ChainPolicy != null || RemoteCertificateValidationCallback != null || Certificates is { Count: > 0 } || !HasPsk;

    /// <summary>The name that a certificate must be for.</summary>
    internal string NameToCheck => TargetHost ?? (RemoteEndPoint is DnsEndPoint dns ? dns.Host : ((IPEndPoint)RemoteEndPoint!).Address.ToString());

    internal override void Validate(string parameter)
    {
        base.Validate(parameter);
        Check(parameter, nameof(RemoteEndPoint), RemoteEndPoint is IPEndPoint { Port: > 0 } or DnsEndPoint { Port: > 0 }, "an IPEndPoint or a DnsEndPoint with a port", RemoteEndPoint);
        if (Psk != null && PskCallback != null)
        {
            throw new ArgumentException($"{nameof(Psk)} and {nameof(PskCallback)} exclude each other.", parameter);
        }
    }
}
