// Sends a line to a DTLS server and prints what comes back: `dotnet run -- [HOST [PORT]]`.
//
#if (HasKey)
// It takes from the environment, since a key does not belong into a source:
//   DTLS_KEY       the key that the server knows, in hexadecimal digits: openssl rand -hex 16
//   DTLS_IDENTITY  the name by which the server finds it; device-1 where there is none
#else
// It takes from the environment:
//   DTLS_TRUST     a file with the certificate that is trusted, as PEM or DER: the server's own, or its authority's; the system's
//                  where there is none
#endif
using System;
using System.Globalization;
using System.Net;
#if (!HasKey)
using System.Security.Cryptography.X509Certificates;
#endif
using System.Text;
using System.Threading;
using NfDtls;
using NfDtls.Net;

const int CoapsPort = 5684;
TimeSpan patience = TimeSpan.FromSeconds(30);

string host = args.Length > 0 ? args[0] : "127.0.0.1";
int port = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : CoapsPort;
#if (HasKey)
if (Environment.GetEnvironmentVariable("DTLS_KEY") is not { Length: > 0 } key)
{
    Console.Error.WriteLine("DTLS_KEY is not set: the key that the server knows, in hexadecimal digits.");
    return 2;
}

DtlsClientOptions options = new()
{
    RemoteEndPoint = new DnsEndPoint(host, port),
    EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13,
    Psk = new DtlsPskCredential(Environment.GetEnvironmentVariable("DTLS_IDENTITY") ?? "device-1", Convert.FromHexString(key)),
};
#else
DtlsClientOptions options = new()
{
    RemoteEndPoint = new DnsEndPoint(host, port),
    EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13,
};
if (Environment.GetEnvironmentVariable("DTLS_TRUST") is { Length: > 0 } trust)
{
    options.TrustedCertificates = [X509CertificateLoader.LoadCertificateFromFile(trust)];
}
#endif

try
{
    using CancellationTokenSource time = new(patience);
    await using DtlsConnection connection = await DtlsConnection.ConnectAsync(options, time.Token);
    Console.WriteLine($"Connected to {connection.RemoteEndPoint}: {connection.NegotiatedProtocol}, {connection.NegotiatedCipherSuite}");
    await connection.SendAsync(Encoding.UTF8.GetBytes("Is anybody there?"), time.Token);

    // Datagrams may get lost: what must arrive is to be sent again until it is answered.
    byte[] buffer = new byte[connection.MaxSendSize];
    int length = await connection.ReceiveAsync(buffer, time.Token);
    Console.WriteLine($"Received: {Encoding.UTF8.GetString(buffer, 0, length)}");
    await connection.CloseAsync(time.Token);
    return 0;
}
catch (DtlsException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine($"Nothing came from {host}:{port} within {patience.TotalSeconds} s.");
    return 1;
}
