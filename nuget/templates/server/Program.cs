// Sends back to each DTLS client what it sends: `dotnet run -- [PORT]`, until Ctrl+C.
//
#if (HasKey)
// It takes from the environment, since a key does not belong into a source:
//   DTLS_KEY       a device's key, in hexadecimal digits: openssl rand -hex 16
//   DTLS_IDENTITY  that device's name; device-1 where there is none
#else
// It takes from the environment:
//   DTLS_CERTIFICATE  a file with the certificate, as PEM
//   DTLS_CERTIFICATE_KEY  a file with its private key, as PEM
// Where there are none it makes a certificate for this machine, and writes it into server.crt for clients to trust.
#endif
using System;
using System.Globalization;
#if (!HasKey)
using System.IO;
#endif
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
#if (HasKey)
using System.Text;
#else
using System.Security.Cryptography.X509Certificates;
#endif
using System.Threading;
using System.Threading.Tasks;
using NfDtls;
using NfDtls.Net;

const int CoapsPort = 5684;

int port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : CoapsPort;
#if (HasKey)
byte[] identity = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("DTLS_IDENTITY") ?? "device-1");
if (Environment.GetEnvironmentVariable("DTLS_KEY") is not { Length: > 0 } key)
{
    Console.Error.WriteLine("DTLS_KEY is not set: the key of a device, in hexadecimal digits.");
    return 2;
}

byte[] deviceKey = Convert.FromHexString(key);
#else
using X509Certificate2 certificate = ReadOrMakeCertificate();
#endif

DtlsListenerOptions options = new()
{
    ListenEndPoint = new IPEndPoint(IPAddress.Any, port),
    EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13,
    IdleTimeout = TimeSpan.FromMinutes(10),
#if (HasKey)

    // Many devices: find the key where yours are kept; the handshake waits meanwhile, and nothing else does.
    PskCallback = (asked, _) => ValueTask.FromResult(CryptographicOperations.FixedTimeEquals(asked.Span, identity) ? deviceKey : null),
#else
    Certificates = [certificate],
#endif
};

using CancellationTokenSource stop = new();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await using DtlsListener listener = await DtlsListener.ListenAsync(options, stop.Token);
listener.Error += (_, e) => Console.Error.WriteLine($"{e.RemoteEndPoint}: {e.Message}");
Console.WriteLine($"Listening on {listener.LocalEndPoint}");
try
{
    while (true)
    {
        DtlsConnection connection = await listener.AcceptConnectionAsync(stop.Token);
        _ = ServeAsync(connection);
    }
}
catch (OperationCanceledException)
{
    await listener.DrainAsync();
    return 0;
}

static async Task ServeAsync(DtlsConnection connection)
{
    await using (connection)
    {
        Console.WriteLine($"{connection.RemoteEndPoint} connected: {connection.NegotiatedProtocol}, {connection.NegotiatedCipherSuite}");
        try
        {
            await foreach (DtlsDatagram datagram in connection.ReadAllAsync())
            {
                using (datagram)
                {
                    await connection.SendAsync(datagram.Memory);
                }
            }
        }
        catch (DtlsException e)
        {
            Console.WriteLine($"{connection.RemoteEndPoint} is gone: {e.Message}");
        }
    }
}
#if (!HasKey)

static X509Certificate2 ReadOrMakeCertificate()
{
    if (Environment.GetEnvironmentVariable("DTLS_CERTIFICATE") is { Length: > 0 } file)
    {
        return X509Certificate2.CreateFromPemFile(file, Environment.GetEnvironmentVariable("DTLS_CERTIFICATE_KEY"));
    }

    using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
    SubjectAlternativeNameBuilder names = new();
    names.AddDnsName("localhost");
    names.AddIpAddress(IPAddress.Loopback);
    request.CertificateExtensions.Add(names.Build());
    X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));

    File.WriteAllText("server.crt", made.ExportCertificatePem());
    Console.WriteLine("Made a certificate for localhost; its clients trust server.crt.");
    return made;
}
#endif
