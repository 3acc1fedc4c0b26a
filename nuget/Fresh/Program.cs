// What somebody writes first who has the packages: a server and a client in one program, with .NET's cryptography, the system's
// OpenSSL where it has one and, where the argument is `yes`, the native library's. Ends with 0 when every message came back.
using System;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using NfDtls;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.OpenSsl;
using NfDtls.Ecdhe;
using NfDtls.Sockets;
using NfDtls.X509;

const int Patience = 300000;  // milliseconds; how fast the machine is does not matter here

ByKey(new HostProvider(), new HostProvider());
ByPublicKey(new HostProvider(), new HostProvider());
if (OpenSslProvider.IsAvailable)
{
    Console.WriteLine("packages: the system has " + OpenSslProvider.LibraryVersion);
    CryptoProvider gateway = new CompositeProvider([new OpenSslProvider(), new HostProvider()]);
    ByKey(gateway, new OpenSslProvider());
    ByPublicKey(new OpenSslProvider(), gateway);
}

if (args is ["yes"])
{
    ByKey(new NativeProvider(), new HostProvider());
    ByPublicKey(new HostProvider(), new NativeProvider());
}

static void ByKey(CryptoProvider serversCrypto, CryptoProvider clientsCrypto)
{
    byte[] key = RandomNumberGenerator.GetBytes(16);
    Exchange(WithKey(serversCrypto, key), WithKey(clientsCrypto, key));
}

static DtlsOptions WithKey(CryptoProvider crypto, byte[] key)
{
    DtlsOptions options = Options(crypto);
    options.Suites = PskSuites.All();
    options.Psk = new PskStore();
    options.Psk.Add(key, "fresh");
    return options;
}

static void ByPublicKey(CryptoProvider serversCrypto, CryptoProvider clientsCrypto)
{
    using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    RawKeyStore own = new();
    own.AddLocal(PrivateKeyReader.Read(key.ExportPkcs8PrivateKey()));
    RawKeyStore known = new();
    known.AddTrusted(key.ExportSubjectPublicKeyInfo());
    Exchange(WithKeys(serversCrypto, own), WithKeys(clientsCrypto, known));
}

static DtlsOptions WithKeys(CryptoProvider crypto, RawKeyStore keys)
{
    DtlsOptions options = Options(crypto);
    options.Suites = EcdheSuites.RawKeys();
    options.Authenticator = new CredentialAuthenticator([keys]);
    return options;
}

static DtlsOptions Options(CryptoProvider crypto)
{
    DtlsOptions options = DtlsOptions.Gateway();
    options.Crypto = crypto;
    options.HandshakeTimeout = Patience;
    return options;
}

static void Exchange(DtlsOptions serversOptions, DtlsOptions clientsOptions)
{
    byte[] request = Encoding.UTF8.GetBytes("is anybody there?");
    using DtlsServer server = new(serversOptions);
    server.DataReceived += session =>
    {
        byte[] buffer = new byte[request.Length];
        session.Send(buffer, 0, session.Receive(buffer, 0, 0));
    };
    server.Start(new IPEndPoint(IPAddress.Loopback, 0));
    using DtlsClient client = new(clientsOptions);
    Check(client.Connect(new IPEndPoint(IPAddress.Loopback, server.LocalPort), Patience), "No handshake: " + client.LastError);
    client.Send(request);
    byte[] answer = new byte[request.Length];
    int length = client.Receive(answer, 0, Patience);
    Check(length == request.Length && request.AsSpan().SequenceEqual(answer), "Another answer came back.");
    Check(client.Close(Patience), "The server did not answer close_notify.");
    Console.WriteLine("packages: " + clientsOptions.Crypto.GetType().Name + " with " + serversOptions.Crypto.GetType().Name + ": " + client.Suite?.Name);
}

static void Check(bool holds, string otherwise)
{
    if (!holds)
    {
        throw new InvalidOperationException(otherwise);
    }
}
