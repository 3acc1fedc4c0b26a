using System;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Samples;

/// <summary>An authority, a server and a device of it, made by nfdtls keygen as the samples' pages say; and OpenSSL's server with them.</summary>
internal sealed class Laboratory : IDisposable
{
    internal const string ServerName = "gateway.example";

    private static readonly Lazy<Laboratory> s_shared = new(() => new Laboratory());
    private readonly WorkFolder _folder = new();

    private Laboratory()
    {
        Run("dotnet", Tool, "keygen", "ca", "--out", PathOf("ca"));
        Run("dotnet", Tool, "keygen", "server", "--ca", PathOf("ca"), "--out", PathOf("server"), "--name", ServerName);
        Run("dotnet", Tool, "keygen", "device", "--ca", PathOf("ca"), "--out", PathOf("device"), "--name", "sensor-17");
    }

    /// <summary>The one of all tests.</summary>
    internal static Laboratory Shared
    {
        get { return s_shared.Value; }
    }

    private static string Tool
    {
        get
        {
            string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\'));
            return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "NfDtls.Tool", configuration, "NfDtls.Tool.dll"));
        }
    }

    internal string PathOf(string name)
    {
        return _folder.PathOf(name);
    }

    /// <summary>A server that wants a certificate of the authority, and sends back what comes.</summary>
    internal PeerProgram StartServer(int port)
    {
        PeerProgram server = PeerProgram.Start(
            true, "openssl", "s_server", "-dtls1_2", "-accept", "127.0.0.1:" + port, "-cert", PathOf("server.pem"), "-key", PathOf("server.key"),
            "-CAfile", PathOf("ca.pem"), "-Verify", "1", "-verify_return_error", "-quiet");
        server.WaitForPort(port);
        return server;
    }

    /// <summary>The certificate of a public key, as the page of SecureElementKey has it made.</summary>
    internal void Certify(string publicKey, string certificate)
    {
        _folder.Write("element.pub", publicKey);
        _folder.Write("element.ext", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n");
        Run("openssl", "x509", "-new", "-force_pubkey", PathOf("element.pub"), "-subj", "/CN=sensor-18", "-days", "365", "-CA", PathOf("ca.pem"), "-CAkey", PathOf("ca.key"), "-extfile", PathOf("element.ext"), "-out", PathOf(certificate));
    }

    internal static void RemoveShared()
    {
        if (s_shared.IsValueCreated)
        {
            s_shared.Value.Dispose();
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private static void Run(string name, params string[] arguments)
    {
        using PeerProgram program = PeerProgram.Start(false, name, arguments);
        string output = program.WaitForExit();
        Assert.AreEqual(0, program.ExitCode, output);
    }
}
