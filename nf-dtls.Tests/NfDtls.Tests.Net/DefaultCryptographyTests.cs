using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.OpenSsl;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>Where cryptography comes from when the options do not say, and that both ends tell.</summary>
[TestClass]
public sealed class DefaultCryptographyTests
{
    [TestMethod]
    public async Task The_systems_OpenSSL_comes_first_and_both_ends_say_its_version()
    {
        if (!OpenSslProvider.IsAvailable)
        {
            Assert.Inconclusive("The system has no libcrypto of OpenSSL 3 or later.");
        }

        Assert.StartsWith("OpenSSL", OpenSslProvider.LibraryVersion);
        string name = new OpenSslProvider().ToString();
        Assert.StartsWith(OpenSslProvider.LibraryVersion, name);
        Assert.AreEqual(name + " with " + name, await ExchangeAsync());
        CompositeProvider crypto = (CompositeProvider)DefaultCryptography.Create();
        foreach (int algorithm in new[] { CryptoAlgorithm.Random, CryptoAlgorithm.Sha256, CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes128Gcm, CryptoAlgorithm.Prf + CryptoAlgorithm.Sha256, CryptoAlgorithm.Agree + NamedGroup.Secp256r1 })
        {
            Assert.IsInstanceOfType<OpenSslProvider>(crypto.ProviderFor(algorithm), "algorithm " + algorithm);
        }
    }

    /// <summary>The assemblies once more, in a context of their own, where OpenSSL's looks for a library that no system has.</summary>
    [TestMethod]
    public async Task Where_the_system_has_no_OpenSSL_both_ends_fall_back_to_dotnets_own()
    {
        Apart apart = new();
        Assembly openSsl = apart.LoadFromAssemblyName(typeof(OpenSslProvider).Assembly.GetName());
        string[] names = (string[])openSsl.GetType("NfDtls.Crypto.OpenSsl.LibCrypto", true)!.GetField("FileNames", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        Array.Fill(names, "libcrypto-of-no-system.so");
        Type here = apart.LoadFromAssemblyName(typeof(DefaultCryptographyTests).Assembly.GetName()).GetType(typeof(DefaultCryptographyTests).FullName!, true)!;
        Assert.AreNotEqual(typeof(DefaultCryptographyTests), here);
        Task<string> exchange = (Task<string>)here.GetMethod(nameof(ExchangeAsync), BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, null)!;
        string name = new HostProvider().ToString();
        Assert.StartsWith(".NET", name);
        Assert.AreEqual(name + " with " + name, await exchange);
    }

    [TestMethod]
    public async Task What_the_options_say_is_taken_and_told()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.CryptoProvider = () => new HostProvider(false));
        Assert.AreEqual(".NET", listener.Cryptography);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options => options.ConfigureEngine = engine => engine.Crypto = new OpenSslProvider(false));
        await using (client)
        {
            Assert.AreEqual(OpenSslProvider.LibraryVersion, client.Cryptography);
            Assert.AreEqual(".NET", server.Cryptography);
        }

        await server.DisposeAsync();
        await using DtlsListener own = await Ends.ListenAsync(options => options.CryptoProvider = () => new CompositeProvider([new Own()]));
        Assert.AreEqual(typeof(Own).ToString(), own.Cryptography);
    }

    /// <summary>A handshake and an echo; says what both ends take.</summary>
    internal static async Task<string> ExchangeAsync()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        Task serving = Ends.EchoAsync(listener);
        string said;
        await using (DtlsConnection client = await Ends.ConnectAsync(listener))
        {
            await Ends.AssertEchoesAsync(client, "by default");
            Assert.AreNotEqual(default, client.NegotiatedCipherSuite);
            said = client.Cryptography + " with " + listener.Cryptography;
        }

        await listener.DisposeAsync();
        await serving.WaitAsync(Ends.Patience);
        return said;
    }

    /// <summary>Loads anew what is ours.</summary>
    private sealed class Apart : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string file = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
            return assemblyName.Name!.StartsWith("NfDtls", StringComparison.Ordinal) && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }

    /// <summary>An application's own.</summary>
    private sealed class Own : CryptoProvider
    {
        private readonly HostProvider _host = new();

        public override bool Supports(int algorithm)
        {
            return _host.Supports(algorithm);
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            _host.Random(destination, offset, count);
        }

        public override HashContext CreateHash(int algorithm)
        {
            return _host.CreateHash(algorithm);
        }

        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            return _host.CreateAead(algorithm, key, offset, tagLength);
        }

        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            return _host.CreateCbc(algorithm, keys, offset, encryptThenMac);
        }

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            _host.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
        }

        public override void Prf(
            int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
            byte[] destination, int offset, int count)
        {
            _host.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
        }
    }
}
