using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using NfDtls.Net;

namespace NfDtls.Hosting;

/// <summary>
/// A DTLS server of a host. What configuration can say is bound from its section; the rest is set by code. Checked when the host
/// starts.
/// </summary>
public sealed class DtlsServerOptions
{
    /// <summary>The section of configuration that is bound unless another one is named.</summary>
    public const string Section = "Dtls";

    /// <summary>Where to listen: an IP address. Default: every address, of IPv4 and IPv6.</summary>
    public string Address { get; set; } = "::";

    /// <summary>The port, 0 to 65,535; 0 is any. Default: 5684, CoAPs.</summary>
    public int Port { get; set; } = 5684;

    /// <summary>Connections that there is room for (<see cref="DtlsListenerOptions.MaxConnections"/>). Default: 1,024.</summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>Handshakes at one time (<see cref="DtlsListenerOptions.MaxHandshakes"/>). Default: 128.</summary>
    public int MaxHandshakes { get; set; } = 128;

    /// <summary>Engines (<see cref="DtlsListenerOptions.Shards"/>); 0 (default) for one a core.</summary>
    public int Shards { get; set; }

    /// <summary>How long a connection may be silent; zero (default) for ever.</summary>
    public TimeSpan IdleTimeout { get; set; }

    /// <summary>How long a handshake may take. Default: 30 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long peers have to answer when the server stops. Default: 3 s; no longer than the host's own time in any case.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A PEM file with the server's certificate and, behind it, those of authorities below the root; null for none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>A PEM file with its private key; null where that stands in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A PEM file with the roots that clients' certificates are trusted by; null for the system's.</summary>
    public string? TrustFile { get; set; }

    /// <summary>Whether clients are asked for a certificate. Default: none.</summary>
    public ClientCertificates ClientCertificates { get; set; }

    /// <summary>
    /// How often the certificate's files are looked at; new ones serve new handshakes, and what cannot be read is told and left. Zero
    /// for never. Default: a minute.
    /// </summary>
    public TimeSpan CertificateReload { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Pre-shared keys in hexadecimal digits by identity: for few devices, and from a configuration provider that keeps secrets.</summary>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>();

    /// <summary>Finds keys that <see cref="Keys"/> has not; set by code.</summary>
    public DtlsServerPskCallback? PskCallback { get; set; }

    /// <summary>What is done with each connection; it is over when this ends. Set by code: <see cref="MapDtls"/>.</summary>
    public Func<DtlsConnection, Task>? Handler { get; set; }

    /// <summary>Sets what else a listener can be told, last of all; set by code.</summary>
    public Action<DtlsListenerOptions>? ConfigureListener { get; set; }

    /// <summary>Listens on a port, and gives each connection to a handler.</summary>
    /// <param name="port">0 to 65,535.</param>
    /// <param name="handler">The connection is disposed of when its task ends, well or not.</param>
    public DtlsServerOptions MapDtls(int port, Func<DtlsConnection, Task> handler)
    {
        Port = port;
        Handler = handler;
        return this;
    }
}
