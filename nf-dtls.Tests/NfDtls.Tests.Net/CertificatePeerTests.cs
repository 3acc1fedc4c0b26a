using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Net;

/// <summary>
/// Certificates against strangers, both ends with one: OpenSSL in DTLS 1.2, wolfSSL in DTLS 1.3. Our listener speaks both versions
/// each time, and our client offers both.
/// </summary>
[TestClass]
public sealed class CertificatePeerTests
{
    private readonly Certified _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("nfdtls-net").FullName;

    [TestCleanup]
    public void Clean()
    {
        _authority.Dispose();
        Directory.Delete(_folder, true);
    }

    [TestMethod]
    [DataRow("P-256", "P-256")]
    [DataRow("P-384", "RSA")]
    [DataRow("RSA", "P-256")]
    public async Task Clients_of_either_version_and_make_are_served_by_one_listener(string ours, string theirs)
    {
        using X509Certificate2 own = _authority.ServerWith(KeyOf(ours));
        (X509Certificate2 device, string chain, string key) = Write("device", KeyOf(theirs), Certified.ClientPurpose);
        using X509Certificate2 shown = device;
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.PskCallback = null;
            options.EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13;
            options.Certificates = [own];
            options.ClientCertificates = ClientCertificates.Require;
            options.TrustedCertificates = [_authority.Root];
        });
        using PeerProgram openssl = PeerProgram.Start(true, "openssl", "s_client", "-dtls1_2", "-quiet", "-connect", listener.LocalEndPoint.ToString(),
            "-servername", Certified.ServerName, "-verify_return_error", "-verify_hostname", Certified.ServerName, "-CAfile", Root(), "-cert", chain, "-key", key);
        await AssertServedAsync(listener, shown, DtlsProtocols.Dtls12);
        using PeerProgram wolf = PeerProgram.Start(false, StrangerLibrary.Wolf.Program, "client", "dtls13=1", Port(listener.LocalEndPoint.Port),
            "suite=TLS13-AES128-GCM-SHA256", "share=" + NamedGroup.Secp256r1.ToString(CultureInfo.InvariantCulture),
            "name=" + Certified.ServerName, "ca=" + Root(), "chain=" + chain, "key=" + key);
        await AssertServedAsync(listener, shown, DtlsProtocols.Dtls13);
        await using DtlsConnection client = await Ends.ConnectAsync(listener, options => Show(options, shown));
        await using DtlsConnection connection = await listener.AcceptConnectionAsync().AsTask().WaitAsync(Ends.Patience);
        Assert.AreEqual(DtlsProtocols.Dtls13, connection.NegotiatedProtocol);
    }

    [TestMethod]
    [DataRow("P-256", "P-256")]
    [DataRow("P-384", "RSA")]
    [DataRow("RSA", "P-384")]
    public async Task A_server_of_OpenSSL_takes_our_client_to_DTLS_1_2(string ours, string theirs)
    {
        using X509Certificate2 own = _authority.ServerWith(KeyOf(ours), Certified.ClientPurpose);
        (X509Certificate2 server, string chain, string key) = Write("server", KeyOf(theirs), Certified.ServerPurpose);
        using X509Certificate2 shown = server;
        int port = FreePorts.Udp();
        using PeerProgram peer = PeerProgram.Start(true, "openssl", "s_server", "-dtls1_2", "-quiet", "-accept", port.ToString(CultureInfo.InvariantCulture),
            "-Verify", "1", "-verify_return_error", "-CAfile", Root(), "-cert", chain, "-key", key);
        peer.WaitForPort(port);
        await AssertServesAsync(port, own, shown, DtlsProtocols.Dtls12);
    }

    [TestMethod]
    [DataRow("P-256", "P-256")]
    [DataRow("P-384", "RSA")]
    [DataRow("RSA", "P-384")]
    public async Task A_server_of_wolfSSL_takes_our_client_to_DTLS_1_3(string ours, string theirs)
    {
        using X509Certificate2 own = _authority.ServerWith(KeyOf(ours), Certified.ClientPurpose);
        (X509Certificate2 server, string chain, string key) = Write("server", KeyOf(theirs), Certified.ServerPurpose);
        using X509Certificate2 shown = server;
        using PeerProgram peer = PeerProgram.Start(false, StrangerLibrary.Wolf.Program, "server", "dtls13=1", Port(0),
            "suite=TLS13-AES128-GCM-SHA256", "ca=" + Root(), "chain=" + chain, "key=" + key, "long_hello=1");
        peer.WaitForOutput("ready on port ");
        await Ends.UntilAsync(() => peer.Output.EndsWith('\n'), "the whole line");
        int port = int.Parse(peer.Output[(peer.Output.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        await AssertServesAsync(port, own, shown, DtlsProtocols.Dtls13);
    }

    private static string Port(int port)
    {
        return "port=" + port.ToString(CultureInfo.InvariantCulture);
    }

    private static AsymmetricAlgorithm KeyOf(string kind)
    {
        return kind switch
        {
            "P-256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => RSA.Create(2048),
        };
    }

    private static async Task AssertServedAsync(DtlsListener listener, X509Certificate2 shown, DtlsProtocols version)
    {
        await using DtlsConnection connection = await listener.AcceptConnectionAsync().AsTask().WaitAsync(Ends.Patience);
        Assert.AreEqual(version, connection.NegotiatedProtocol);
        Assert.AreEqual(shown.Thumbprint, connection.RemoteCertificate!.Thumbprint);
        Assert.AreEqual(Certified.ServerName, connection.TargetHostName);
        await Ends.AssertEchoesAsync(connection, "said by the listener\n");
    }

    private async Task AssertServesAsync(int port, X509Certificate2 own, X509Certificate2 shown, DtlsProtocols version)
    {
        DtlsClientOptions options = Ends.ClientOptions(new IPEndPoint(IPAddress.Loopback, port));
        Show(options, own);
        await using DtlsConnection client = await DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Ends.Patience);
        Assert.AreEqual(version, client.NegotiatedProtocol);
        Assert.AreEqual(shown.Thumbprint, client.RemoteCertificate!.Thumbprint);
        await Ends.AssertEchoesAsync(client, "said by our client\n");
    }

    private void Show(DtlsClientOptions options, X509Certificate2 own)
    {
        options.Psk = null;
        options.EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13;
        options.TrustedCertificates = [_authority.Root];
        options.TargetHost = Certified.ServerName;
        options.Certificates = [own];
    }

    private string Root()
    {
        string path = Path.Combine(_folder, "root.pem");
        File.WriteAllText(path, _authority.Root.ExportCertificatePem());
        return path;
    }

    private (X509Certificate2 Certificate, string Chain, string Key) Write(string name, AsymmetricAlgorithm key, string purpose)
    {
        X509Certificate2 certificate = _authority.ServerWith(key, purpose);
        string chain = Path.Combine(_folder, name + ".pem");
        string file = Path.Combine(_folder, name + ".key");
        File.WriteAllText(chain, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem() + "\n");
        return (certificate, chain, file);
    }
}
