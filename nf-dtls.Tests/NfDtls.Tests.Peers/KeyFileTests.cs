using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.X509;

namespace NfDtls.Tests.Peers;

/// <summary>Key files of openssl's, and the commands that we tell people for those that we do not read.</summary>
[TestClass]
public sealed partial class KeyFileTests
{
    private const string Password = "-passin pass:secret -passout pass:secret";

    private readonly CryptoProvider _crypto = MakeCrypto();

    [TestMethod]
    [DataRow("prime256v1", KeyKind.Secp256r1)]
    [DataRow("secp384r1", KeyKind.Secp384r1)]
    [DataRow("secp521r1", KeyKind.Secp521r1)]
    public void Every_form_of_an_elliptic_key_that_openssl_writes_is_read(string curve, int kind)
    {
        using WorkFolder folder = new();
        Run(folder, $"openssl ecparam -name {curve} -genkey -out parameters.pem");   // EC PARAMETERS stand before the key
        Run(folder, "openssl ec -in parameters.pem -out sec1.pem");
        byte[] info = PublicInfo(folder, "sec1.pem");
        Run(folder, "openssl ec -in sec1.pem -outform DER -out sec1.der");
        Run(folder, "openssl pkcs8 -topk8 -nocrypt -in sec1.pem -out pkcs8.pem");
        Run(folder, "openssl pkcs8 -topk8 -nocrypt -in sec1.pem -outform DER -out pkcs8.der");
        Run(folder, "openssl ec -in sec1.pem -conv_form compressed -out compressed.pem");
        Run(folder, "openssl ec -in sec1.pem -conv_form hybrid -out hybrid.pem");
        Run(folder, "openssl ec -in sec1.pem -no_public -out private.pem");
        Run(folder, "openssl pkcs8 -topk8 -nocrypt -in compressed.pem -out compressed8.pem");
        Run(folder, "(echo 0 leading text; cat pkcs8.pem) | sed 's/$/\\r/' > text.pem");
        foreach (string name in new[]
        {
            "parameters.pem", "sec1.pem", "sec1.der", "pkcs8.pem", "pkcs8.der", "compressed.pem", "hybrid.pem", "private.pem", "compressed8.pem", "text.pem",
        })
        {
            Check(folder, name, kind, info);
        }
    }

    [TestMethod]
    public void An_Ed25519_key_of_openssl_has_no_public_part_until_it_is_computed()
    {
        using WorkFolder folder = new();
        Run(folder, "openssl genpkey -algorithm ed25519 -out key.pem");
        Assert.IsNull(Read(folder, "key.pem").Public);
        Check(folder, "key.pem", KeyKind.Ed25519, PublicInfo(folder, "key.pem"));
    }

    [TestMethod]
    public void The_commands_of_the_documentation_make_files_that_are_read()
    {
        string[] commands = Commands().Select(match => match.Value.Trim()).ToArray();
        Assert.IsTrue(commands.Count(command => command.StartsWith("openssl pkcs8", StringComparison.Ordinal)) >= 2, string.Join('\n', commands));
        using WorkFolder folder = new();
        Run(folder, "openssl ecparam -name prime256v1 -genkey -noout -param_enc explicit -out explicit.pem");
        Run(folder, "openssl ecparam -name prime256v1 -genkey -noout -out own.pem");
        Run(folder, "openssl req -x509 -key own.pem -subj /CN=device -days 2 -out device.pem");
        Run(folder, "openssl pkcs12 -export -inkey own.pem -in device.pem -passout pass:secret -out device.p12");
        foreach (string command in commands)
        {
            Match written = Written().Match(command);
            if (command.Contains("crl", StringComparison.Ordinal) || !written.Success)
            {
                continue;   // a list, or a hash for a pin
            }

            foreach (string input in command.Contains("-in key.pem", StringComparison.Ordinal) ? Inputs(folder, command) : [""])
            {
                Run(folder, command + (command.Contains(" x509 ", StringComparison.Ordinal) ? "" : command.Contains("-nocrypt", StringComparison.Ordinal) || command.Contains("pkcs12", StringComparison.Ordinal) ? " -passin pass:secret" : ""));
                string output = folder.PathOf(written.Groups[1].Value);
                if (command.Contains(" x509 ", StringComparison.Ordinal))
                {
                    Assert.IsNotNull(new DtlsCertificate(File.ReadAllBytes(output)), command);
                }
                else
                {
                    Assert.IsNotNull(PrivateKeyReader.Read(File.ReadAllBytes(output)), command + " of " + input);
                }
            }
        }

        // The .p12 file became a certificate, too.
        Assert.HasCount(1, DtlsCertificate.ReadAll(File.ReadAllText(folder.PathOf("device.pem"))));
    }

    [TestMethod]
    [DataRow("openssl ec -aes128 -in plain-key.pem -out key.pem " + Password, DisplayName = "an encrypted key of the old form")]
    [DataRow("openssl pkcs8 -topk8 -in plain-key.pem -out key.pem " + Password, DisplayName = "an encrypted key in PKCS#8")]
    [DataRow("openssl pkcs8 -topk8 -in plain-key.pem -outform DER -out key.pem " + Password, DisplayName = "an encrypted key in DER")]
    [DataRow("openssl ec -param_enc explicit -in plain-key.pem -out key.pem", DisplayName = "a curve that is spelled out")]
    [DataRow("openssl ec -param_enc explicit -in plain-key.pem | openssl pkcs8 -topk8 -nocrypt -out key.pem", DisplayName = "a curve that is spelled out in PKCS#8")]
    public void What_a_refusal_tells_to_do_makes_the_key_that_was_meant(string make)
    {
        using WorkFolder folder = new();
        Run(folder, "openssl ecparam -name prime256v1 -genkey -noout -out plain-key.pem");
        Run(folder, make);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => Read(folder, "key.pem"));
        Match told = Told().Match(error.Message);
        Assert.IsTrue(told.Success, error.Message);
        Run(folder, told.Value + (told.Value.Contains("-nocrypt", StringComparison.Ordinal) ? " -passin pass:secret" : ""));
        Check(folder, Written().Match(told.Value).Groups[1].Value, KeyKind.Secp256r1, PublicInfo(folder, "plain-key.pem"));
    }

    /// <summary>Puts one file after another where a command expects its input.</summary>
    private static IEnumerable<string> Inputs(WorkFolder folder, string command)
    {
        string[] makers = command.Contains("named_curve", StringComparison.Ordinal)
            ? ["cp explicit.pem key.pem"]
            :
            [
                "cp own.pem key.pem",
                "openssl ec -in own.pem -aes128 -out key.pem " + Password,
                "openssl pkcs8 -topk8 -in own.pem -out key.pem " + Password,
                "openssl ec -in own.pem -conv_form compressed -out key.pem",
            ];
        foreach (string maker in makers)
        {
            Run(folder, maker);
            yield return maker;
        }
    }

    private static MatchCollection Commands()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root != null && !File.Exists(Path.Combine(root.FullName, "docs", "certificates.md")))
        {
            root = root.Parent;
        }

        Assert.IsNotNull(root, "docs/certificates.md is not above " + AppContext.BaseDirectory);
        return Line().Matches(File.ReadAllText(Path.Combine(root.FullName, "docs", "certificates.md")));
    }

    private static StoredPrivateKey Read(WorkFolder folder, string name)
    {
        return PrivateKeyReader.Read(File.ReadAllBytes(folder.PathOf(name)));
    }

    /// <summary>A key that is read, knows or is told its public part, and becomes a raw public key with it.</summary>
    private void Check(WorkFolder folder, string name, int kind, byte[] info)
    {
        StoredPrivateKey key = PrivateKeyReader.WithPublicPart(Read(folder, name), _crypto);
        Assert.AreEqual(kind, key.Kind, name);
        CollectionAssert.AreEqual(info, NfDtls.Ecdhe.SubjectPublicKeyInfo.Write(key.Public), name);
    }

    private static byte[] PublicInfo(WorkFolder folder, string name)
    {
        Run(folder, $"openssl pkey -in {name} -pubout -outform DER -out info.der");
        return File.ReadAllBytes(folder.PathOf("info.der"));
    }

    private static void Run(WorkFolder folder, string command)
    {
        PeerProgram.Find("openssl");
        using PeerProgram shell = PeerProgram.Start(false, "sh", "-c", "cd '" + folder.PathOf("") + "' && " + command);
        shell.EndInput();
        string output = shell.WaitForExit();
        Assert.AreEqual(0, shell.ExitCode, command + ": " + output);
    }

    private static CryptoProvider MakeCrypto()
    {
        return new CompositeProvider([new HostProvider(), new SoftwareEccProvider(new SoftwareProvider(new SystemEntropy()))]);
    }

    [GeneratedRegex("^openssl [^#\\n]*", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("-out (\\S+)")]
    private static partial Regex Written();

    [GeneratedRegex("openssl .*? -out \\S+\\.pem")]
    private static partial Regex Told();
}
