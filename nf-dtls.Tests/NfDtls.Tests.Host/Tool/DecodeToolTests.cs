using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Tool;

namespace NfDtls.Tests.Host;

/// <summary>nfdtls decode: what it reads of captures, with and without secrets, and that no input breaks it.</summary>
[TestClass]
public sealed class DecodeToolTests
{
    private const string Said = "nobody else should read this";

    // A first ClientHello of OpenSSL.
    private const string Hello = "16feff0000000000000000007401000068000000000000" + "0068fefd93150a4f9b41b7fd271bdc24e5432c598aa0b5a1b4f71f73e6a525163ac2eb2f"
        + "00000004c0a800ff0100003a" + "002300000016000000170000000d002a0028040305030603080708080809080a080b080408050806040105010601030303010302040205020602";

    public static IEnumerable<object[]> Suites()
    {
        CipherSuiteTable earlier = PskSuites.All();
        for (int i = 0; i < earlier.Count; i++)
        {
            yield return [earlier.At(i).Name, false];
            yield return [earlier.At(i).Name, true];
        }

        CipherSuiteTable newer = Suites13.AddTo(new CipherSuiteTable());
        for (int i = 0; i < newer.Count; i++)
        {
            yield return [newer.At(i).Name, false];
            yield return [newer.At(i).Name, true];
        }
    }

    [TestMethod]
    [DynamicData(nameof(Suites))]
    public void Every_suite_of_either_version_is_decrypted_with_a_key_log_with_and_without_connection_IDs(string suite, bool named)
    {
        RecordedTalk talk = Talk(suite, named).Connect().Say(Said);
        Node[] datagrams = Decode(talk.Pcap(), talk.Secrets, out _);
        Node[] records = [.. datagrams.SelectMany(d => d.All("record"))];
        Assert.AreEqual(2, records.Count(r => r.Get("text") as string == Said), Text(datagrams));
        Assert.DoesNotContain("encrypted", Text(datagrams));
        Assert.DoesNotContain("malformed", Text(datagrams));
        Assert.DoesNotContain("rest", Text(datagrams));
        Assert.AreEqual(named, Text(datagrams).Contains("connection id", StringComparison.Ordinal));
        string[] messages = [.. datagrams.SelectMany(d => d.All("message")).Select(m => m.Title.Split(',')[0])];
        Assert.AreEqual(2, messages.Count(m => m == "Finished"), string.Join(" ", messages));
        Assert.DoesNotContain(Said, Text(Decode(talk.Pcap(), null, out _)));
    }

    [TestMethod]
    public void New_keys_of_the_newer_version_and_records_from_another_port_are_read()
    {
        RecordedTalk talk = Talk("TLS_AES_128_CCM_8_SHA256", named: true).Connect();
        for (int i = 0; i < 5; i++)
        {
            KeyUpdates.Begin(talk.Client, asksPeer: true, talk.Now);
            talk.Pass(60);
            talk.Move();
            talk.Say($"{i}");
        }

        string text = Text(Decode(talk.Pcapng(), talk.Secrets, out _));
        for (int i = 0; i < 5; i++)
        {
            StringAssert.Contains(text, $"text: {i}");
        }

        StringAssert.Contains(text, "KeyUpdate");
        StringAssert.Contains(text, "epoch 8");
        Assert.DoesNotContain("encrypted", text);
    }

    [TestMethod]
    public void Both_forms_of_captures_and_a_text_of_datagrams_say_the_same()
    {
        RecordedTalk talk = Talk("TLS_PSK_WITH_AES_128_CCM_8", named: false).Connect().Say(Said);
        string plain = Text(Decode(talk.Pcap(), talk.Secrets, out DatagramDecoder decoder));
        Assert.AreEqual(1, decoder.Sessions.WithSecrets);
        Assert.AreEqual(WithoutTimes(plain), WithoutTimes(Text(Decode(talk.Pcapng(), talk.Secrets, out _))));
        string hex = "# remarks do not count\n" + string.Join("\n", talk.Datagrams.Select(d => BitConverter.ToString(d.Bytes)));
        string[] messages = Messages(plain);
        CollectionAssert.AreEqual(messages, Messages(Text(Decode(Encoding.ASCII.GetBytes(hex), null, out _))).Concat(messages.Where(m => m.StartsWith("Finished", StringComparison.Ordinal))).ToArray());
    }

    [TestMethod]
    public void A_datagram_on_the_command_line_is_read_as_text_and_as_JSON()
    {
        using ToolRun run = ToolRun.ToEnd("decode " + Hello).Ended(0);
        StringAssert.Contains(run.Output, "ClientHello, message 0, 104 bytes");
        StringAssert.Contains(run.Output, "suites: TLS_PSK_WITH_AES_128_CCM_8, TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
        Assert.DoesNotContain("malformed", run.Output);
        using ToolRun json = ToolRun.ToEnd("decode --json -", Hello + "\n").Ended(0);
        using JsonDocument document = JsonDocument.Parse(json.Output);
        JsonElement message = document.RootElement.GetProperty("parts")[0].GetProperty("parts")[0];
        Assert.AreEqual("ClientHello", message.GetProperty("name").GetString());
        Assert.AreEqual("DTLS 1.2", message.GetProperty("version").GetString());
        Assert.AreEqual("TLS_PSK_WITH_AES_128_CCM_8", message.GetProperty("suites")[0].GetString());
    }

    [TestMethod]
    public void A_capture_and_a_key_log_of_files_are_read_and_one_that_is_cut_off_is_read_up_to_there()
    {
        string folder = Directory.CreateTempSubdirectory("nfdtls-").FullName;
        try
        {
            RecordedTalk talk = Talk("TLS_AES_128_GCM_SHA256", named: false).Connect().Say(Said);
            File.WriteAllBytes(Path.Combine(folder, "a.pcap"), talk.Pcap());
            File.WriteAllBytes(Path.Combine(folder, "cut.pcap"), talk.Pcap()[..^5]);
            File.WriteAllText(Path.Combine(folder, "keys"), talk.Secrets);
            using ToolRun run = ToolRun.ToEnd($"decode {folder}/a.pcap --keylog {folder}/keys").Ended(0);
            Assert.AreEqual(3, run.Output.Split("text: " + Said).Length, run.Output);
            StringAssert.Contains(run.Errors, "1 of 1 sessions with secrets");
            using ToolRun cut = ToolRun.ToEnd($"decode {folder}/cut.pcap --keylog {folder}/keys").Ended(4);
            Assert.AreEqual(2, cut.Output.Split("text: " + Said).Length, cut.Output);
            StringAssert.Contains(cut.Errors, "cut off");
            using ToolRun empty = ToolRun.ToEnd($"decode {folder}/a.pcap --keylog {folder}/a.pcap").Ended(2);
            StringAssert.Contains(empty.Errors, "has no secrets");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    [DataRow("decode", "FILE|HEX is missing")]
    [DataRow("decode /nowhere", "neither a file nor hexadecimal")]
    [DataRow("decode 16fef", "neither a file nor hexadecimal")]
    [DataRow("decode 16 --port 0", "--port must be 1 to 65535, not 0")]
    [DataRow("decode 16 --keylog /nowhere", "--keylog cannot read /nowhere")]
    public void What_cannot_be_decoded_is_told(string arguments, string reason)
    {
        using ToolRun run = ToolRun.ToEnd(arguments).Ended(2);
        StringAssert.Contains(run.Errors, reason);
    }

    [TestMethod]
    public void No_input_breaks_it()
    {
        Random random = new Random(18);
        List<(byte[] Capture, string Secrets)> seeds = [];
        foreach (string suite in new[] { "TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_CBC_SHA256", "TLS_AES_128_CCM_8_SHA256" })
        {
            RecordedTalk talk = Talk(suite, named: suite.Contains("CCM", StringComparison.Ordinal)).Connect().Say(Said);
            seeds.Add((talk.Pcap(), talk.Secrets));
            seeds.Add((talk.Pcapng(), talk.Secrets));
            seeds.Add((talk.Datagrams.Last(d => d.Bytes.Length > 60).Bytes, talk.Secrets));
        }

        seeds.Add((Convert.FromHexString(Hello), ""));
        for (int i = 0; i < 3000; i++)
        {
            (byte[] capture, string secrets) = seeds[random.Next(seeds.Count)];
            byte[] broken = Break(capture, random);
            Node[] datagrams = Decode(broken, secrets, out _);
            foreach (Node datagram in datagrams)
            {
                datagram.Write(TextWriter.Null);
                JsonDocument.Parse(JsonText.Of(datagram.Write)).Dispose();
            }
        }
    }

    [TestMethod]
    public void Messages_that_are_never_whole_take_no_more_than_a_bound()
    {
        // Each of them says that it has 128 KB, and brings one byte.
        List<byte[]> datagrams = [];
        for (int i = 0; i < 5000; i++)
        {
            byte[] datagram = Convert.FromHexString("16fefd0000000000000000000d" + "0b0200000000000000000001" + "ff");
            datagram[17] = (byte)(i >> 8);
            datagram[18] = (byte)i;
            datagrams.Add(datagram);
        }

        DatagramDecoder decoder = new DatagramDecoder(null);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < datagrams.Count; i++)
        {
            decoder.ReadDatagram(i, "", $"a{i / 8}", "b", datagrams[i]);
        }

        Assert.IsLessThan(256L << 20, GC.GetTotalMemory(forceFullCollection: true) - before);
        GC.KeepAlive(decoder);
    }

    private static byte[] Break(byte[] bytes, Random random)
    {
        byte[] broken = (byte[])bytes.Clone();
        int times = 1 + random.Next(8);
        for (int i = 0; i < times && broken.Length > 0; i++)
        {
            int at = random.Next(broken.Length);
            switch (random.Next(5))
            {
                case 0:
                    broken = broken[..at];
                    break;
                case 1:
                    broken = [.. broken[..at], .. broken[(at + Math.Min(broken.Length - at, random.Next(20)))..]];
                    break;
                case 2:
                    broken = [.. broken[..at], (byte)random.Next(256), .. broken[at..]];
                    break;
                case 3:
                    broken[at] = new byte[] { 0, 0xFF, 0x7F, 0x80, 1 }[random.Next(5)];
                    break;
                default:
                    broken[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return broken;
    }

    private static RecordedTalk Talk(string suite, bool named)
    {
        return new RecordedTalk(Options(suite, named, ofServer: false), Options(suite, named, ofServer: true));
    }

    private static DtlsOptions Options(string name, bool named, bool ofServer)
    {
        DtlsOptions options = Setup.Options();
        CipherSuiteTable all = SuiteNames.All(GroupTable.All());
        CipherSuite suite = Enumerable.Range(0, all.Count).Select(all.At).Single(s => s.Name == name);
        options.Suites = new CipherSuiteTable().Add(suite);
        options.Crypto = new HostProvider();
        if (suite.VersionMask == CipherSuite.Version13)
        {
            int[] groups = [NamedGroup.Secp256r1];
            Version13 version = ofServer ? new ServerVersion13(groups, false) : new Version13(groups, false);
            version.Importer = new PskImporter(Setup.Bytes("decoded"));
            options.Versions = new VersionTable().Add(version);
        }

        options.Features = named ? [new ConnectionIdFeature(ofServer ? 5 : 3)] : null;
        return options;
    }

    private static Node[] Decode(byte[] bytes, string? secrets, out DatagramDecoder decoder)
    {
        KeyLogSecrets log = new KeyLogSecrets();
        foreach (string line in (secrets ?? "").Split('\n'))
        {
            log.Add(line);
        }

        decoder = new DatagramDecoder(secrets == null ? null : log);
        return [.. decoder.Read(bytes)];
    }

    private static string Text(Node[] nodes)
    {
        using StringWriter text = new StringWriter();
        foreach (Node node in nodes)
        {
            node.Write(text);
        }

        return text.ToString();
    }

    private static string WithoutTimes(string text)
    {
        return string.Join("\n", text.Split('\n').Select(line => line.StartsWith(' ') ? line : string.Join(" ", line.Split(' ').Where((_, i) => i != 1))));
    }

    private static string[] Messages(string text)
    {
        return [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Contains(", message ", StringComparison.Ordinal))];
    }
}
