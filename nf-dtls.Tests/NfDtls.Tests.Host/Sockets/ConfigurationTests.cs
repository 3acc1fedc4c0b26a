using System;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Options with which nothing can ever work are refused when an end starts, and the option is named.</summary>
[TestClass]
public class ConfigurationTests
{
    [TestMethod]
    [DataRow("suites with pre-shared keys and no store", "DtlsOptions.Psk", true)]
    [DataRow("suites with certificates and none", "DtlsOptions.Authenticator, which is not set", true)]
    [DataRow("suites with certificates and an authenticator without a key", "DtlsOptions.Authenticator, which has none", false)]
    [DataRow("suites with certificates and a key of another kind", "DtlsOptions.Authenticator, which has none", false)]
    [DataRow("a provider that can do none", "DtlsOptions.Crypto", true)]
    [DataRow("certificates wanted of clients without an authenticator", "DtlsOptions.ClientCertificates", false)]
    [DataRow("a handler for keys that nobody asks for", "DtlsOptions.AskForPsk", true)]
    [DataRow("a handler for keys that nobody asks for, and a store", "DtlsOptions.AskForPsk", true)]
    public void What_can_never_work_is_refused_by_the_options_name(string what, string name, bool ofClientsToo)
    {
        DtlsOptions options = Setup.Options();
        bool hasHandler = what.StartsWith("a handler", StringComparison.Ordinal);
        switch (what)
        {
            case "suites with pre-shared keys and no store":
            case "a handler for keys that nobody asks for":
                options.Psk = null;
                break;
            case "suites with certificates and none":
                options.Suites = EcdheSuites.RawKeys();
                break;
            case "suites with certificates and an authenticator without a key":
                options.Suites = EcdheSuites.RawKeys();
                options.Authenticator = new CredentialAuthenticator([new RawKeyStore()]);
                break;
            case "suites with certificates and a key of another kind":
                options.Suites = new CipherSuiteTable().Add(EcdheSuites.RsaAes128GcmSha256(new EcdheExtensions(GroupTable.All(), SchemeTable.All())));
                options.Authenticator = new CredentialAuthenticator([Elliptic()]);
                break;
            case "a provider that can do none":
                options.Crypto = new CompositeProvider([new OnlyRandom()]);
                break;
            case "certificates wanted of clients without an authenticator":
                options.ClientCertificates = ClientCertificates.Require;
                break;
        }

        using DtlsServer server = new DtlsServer(options);
        if (hasHandler)
        {
            server.PskWanted += request => request.Refuse();
        }

        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => server.Start(Setup.Loopback(0)));
        StringAssert.Contains(e.Message, name);
        Assert.IsFalse(server.IsRunning);
        if (!ofClientsToo)
        {
            return;
        }

        using Socket silent = Check.SilentSocket();
        using DtlsClient client = new DtlsClient(options);
        if (hasHandler)
        {
            client.PskWanted += request => request.Refuse();
        }

        Exception thrown = Assert.Throws<Exception>(() => client.Connect((System.Net.IPEndPoint)silent.LocalEndPoint!, 0));
        Assert.IsTrue(thrown is ArgumentException or DtlsException { Error: DtlsError.HandshakeFailure }, thrown.ToString());
        StringAssert.Contains(thrown.Message, name);
        Assert.AreEqual(AssociationState.Idle, client.State);
        Assert.AreEqual(0, silent.Available);
    }

    [TestMethod]
    public void A_key_that_is_added_between_making_and_starting_a_server_counts()
    {
        RawKeyStore keys = new RawKeyStore();
        DtlsOptions options = Setup.Options();
        options.Suites = EcdheSuites.RawKeys();
        options.Authenticator = new CredentialAuthenticator([keys]);
        using DtlsServer server = new DtlsServer(options);
        Assert.ThrowsExactly<ArgumentException>(() => server.Start(Setup.Loopback(0)));
        keys.AddLocal(Key());
        server.Start(Setup.Loopback(0));
        Assert.IsTrue(server.IsRunning);
    }

    [TestMethod]
    public void One_suite_that_can_be_used_is_enough()
    {
        DtlsOptions options = Setup.Options();
        options.Suites = EcdheSuites.RawKeys().Add(PskSuites.Aes128Ccm8());
        using EchoServer server = new EchoServer(options);
        using DtlsClient client = server.Connect();
        Check.Echo(client, "hello");
    }

    private static RawKeyStore Elliptic()
    {
        RawKeyStore keys = new RawKeyStore();
        keys.AddLocal(Key());
        return keys;
    }

    private static StoredPrivateKey Key()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters parts = key.ExportParameters(true);
        PublicKey known = new PublicKey();
        byte[] info = key.ExportSubjectPublicKeyInfo();
        Assert.IsTrue(SubjectPublicKeyInfo.TryRead(info, 0, info.Length, known));
        return new StoredPrivateKey(KeyKind.Secp256r1, parts.D!, 0, parts.D!.Length, known);
    }

    /// <summary>A provider of random numbers and of what a cookie takes.</summary>
    private sealed class OnlyRandom : CryptoProvider
    {
        private readonly NfDtls.Crypto.Host.HostProvider _host = new NfDtls.Crypto.Host.HostProvider();

        public override bool Supports(int algorithm) => algorithm == CryptoAlgorithm.Random || algorithm == CryptoAlgorithm.Sha256 || algorithm == CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha256;

        public override HashContext CreateHash(int algorithm) => _host.CreateHash(algorithm);

        public override void Random(byte[] destination, int offset, int count) => _host.Random(destination, offset, count);

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
            => _host.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
    }
}
