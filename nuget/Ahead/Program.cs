// Compiled ahead of time: an echo server in a host, with a pre-shared key and a certificate, in DTLS 1.2 and 1.3. Clients of its own
// try it first; then it serves others until its input ends. A message that begins with "bye" is the last of its connection.
// Arguments: a folder, where its certificate and the PEM of it go.
using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NfDtls.Hosting;
using NfDtls.Net;

const string Identity = "ahead";
byte[] key = Encoding.ASCII.GetBytes("16 bytes of key!");
if (System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported)
{
    Console.WriteLine("This program was not compiled ahead of time.");
    return 1;
}

string folder = args[0];
using X509Certificate2 certificate = MakeCertificate();
await File.WriteAllTextAsync(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
await File.WriteAllTextAsync(Path.Combine(folder, "server.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
HostApplicationBuilder builder = Host.CreateApplicationBuilder(["--Dtls:CertificateFile", Path.Combine(folder, "server.pem"), "--Dtls:KeyFile", Path.Combine(folder, "server.key"), "--Dtls:Address", "127.0.0.1"]);
builder.Services.AddDtlsServer(options =>
{
    options.MapDtls(0, EchoAsync);
    options.Keys[Identity] = Convert.ToHexString(key);
    options.ConfigureListener = listener => listener.EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13;
});
using IHost host = builder.Build();
await host.StartAsync();
DtlsListener server = host.Services.GetRequiredService<DtlsServerService>().Listener!;
foreach (DtlsProtocols version in new[] { DtlsProtocols.Dtls12, DtlsProtocols.Dtls13 })
{
    await TryAsync(version, true);
    await TryAsync(version, false);
}

Console.WriteLine($"Cryptography is {server.Cryptography}; ready on port {server.LocalEndPoint.Port}.");
await Console.In.ReadToEndAsync();
await host.StopAsync();
return 0;

static async Task EchoAsync(DtlsConnection connection)
{
    await foreach (DtlsDatagram datagram in connection.ReadAllAsync())
    {
        using (datagram)
        {
            await connection.SendAsync(datagram.Memory);
            if (datagram.Memory.Span.StartsWith("bye"u8))
            {
                return;
            }
        }
    }
}

async Task TryAsync(DtlsProtocols version, bool byKey)
{
    DtlsClientOptions options = new() { RemoteEndPoint = server.LocalEndPoint, EnabledProtocols = version, HandshakeTimeout = TimeSpan.FromMinutes(5) };
    if (byKey)
    {
        options.Psk = new DtlsPskCredential(Identity, key);
    }
    else
    {
        options.TrustedCertificates = [certificate];
        options.TargetHost = "localhost";
    }

    await using DtlsConnection connection = await DtlsConnection.ConnectAsync(options);
    byte[] heard = new byte[100];
    await connection.SendAsync("bye for now"u8.ToArray());
    int length = await connection.ReceiveAsync(heard);
    if (!heard.AsSpan(0, length).SequenceEqual("bye for now"u8))
    {
        throw new InvalidOperationException("Another answer came back.");
    }

    Console.WriteLine($"{connection.NegotiatedProtocol} with {connection.NegotiatedCipherSuite}, by a {(byKey ? "key" : "certificate")}");
}

static X509Certificate2 MakeCertificate()
{
    using ECDsa own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    CertificateRequest request = new("CN=localhost", own, HashAlgorithmName.SHA256);
    SubjectAlternativeNameBuilder names = new();
    names.AddDnsName("localhost");
    names.AddIpAddress(IPAddress.Loopback);
    request.CertificateExtensions.Add(names.Build());
    request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
    request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true));
    return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
}
