using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Tests.Engine;
using NfDtls.Tool;

namespace NfDtls.Tests.Certificates.Fuzz;

/// <summary>
/// What <c>nfdtls decode</c> is given: a capture, hexadecimal text or a datagram, with the secrets of two talks of our own, so that
/// what is decrypted is read as well. It says what it can, and never throws.
/// </summary>
internal static class Decoded
{
    private static readonly Lazy<(KeyLogSecrets Secrets, byte[][] Talks)> s_known = new(Talk);

    internal static void Play(byte[] input)
    {
        if (input.Length == 0 || input.Length > 20_000)
        {
            return;
        }

        DatagramDecoder decoder = new((input[0] & 1) != 0 ? s_known.Value.Secrets : null, (input[0] & 2) != 0 ? 5684 : 0);
        using StringWriter text = new();
        using MemoryStream json = new();
        foreach (Node datagram in decoder.Read(input[1..]))
        {
            datagram.Write(text);
            using System.Text.Json.Utf8JsonWriter writer = new(json);
            datagram.Write(writer);
        }
    }

    /// <summary>Our talks as text, as a capture and datagram by datagram, with the secrets and without.</summary>
    internal static IEnumerable<byte[]> Seeds()
    {
        foreach (byte[] talk in s_known.Value.Talks)
        {
            yield return [0, .. talk];
            yield return [1, .. talk];
        }
    }

    private static (KeyLogSecrets Secrets, byte[][] Talks) Talk()
    {
        KeyLogSecrets secrets = new();
        List<byte[]> talks = [];
        foreach (bool is13 in new[] { false, true })
        {
            DtlsOptions client = TestBed.Options(1);
            DtlsOptions server = TestBed.Options(2);
            if (is13)
            {
                client.Suites = Suites13.Constrained();
                server.Suites = Suites13.Constrained();
                client.Versions = new VersionTable().Add(new Version13([], true));
                server.Versions = new VersionTable().Add(new ServerVersion13([], true));
            }

            client.KeyLog = new Lines(secrets);
            TestBed bed = new TestBed(client, server).Connect();
            bed.VerifyEcho();
            bed.Client.Association.Close(1000, bed.Network.Now);
            bed.Network.Run(2000);
            List<Datagram> sent = bed.Network.Sent;
            talks.Add(Encoding.ASCII.GetBytes(string.Join('\n', sent.Select(datagram => Convert.ToHexString(datagram.Bytes)))));
            talks.Add(Capture(sent));
            talks.AddRange(sent.Select(datagram => datagram.Bytes));
        }

        return (secrets, [.. talks]);
    }

    /// <summary>A capture of raw IP packets, as tcpdump writes them.</summary>
    private static byte[] Capture(List<Datagram> sent)
    {
        List<byte> all = [.. Convert.FromHexString("d4c3b2a1020004000000000000000000ffff000065000000")];
        foreach (Datagram datagram in sent)
        {
            int length = 28 + datagram.Bytes.Length;
            byte[] ports = datagram.ToServer ? [0xC0, 0x01, 0x16, 0x34] : [0x16, 0x34, 0xC0, 0x01];
            byte[] hosts = datagram.ToServer ? [192, 0, 2, 7, 192, 0, 2, 1] : [192, 0, 2, 1, 192, 0, 2, 7];
            all.AddRange([1, 0, 0, 0, 0, 0, 0, 0, (byte)length, (byte)(length >> 8), 0, 0, (byte)length, (byte)(length >> 8), 0, 0]);
            all.AddRange([0x45, 0, (byte)(length >> 8), (byte)length, 0, 0, 0, 0, 64, 17, 0, 0, .. hosts, .. ports, (byte)((length - 20) >> 8), (byte)(length - 20), 0, 0]);
            all.AddRange(datagram.Bytes);
        }

        return [.. all];
    }

    private sealed class Lines(KeyLogSecrets secrets) : KeyLog
    {
        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
            Write("CLIENT_RANDOM", clientRandom, masterSecret);
        }

        public override void Write(string label, byte[] clientRandom, byte[] secret)
        {
            secrets.Add(label + " " + Convert.ToHexString(clientRandom) + " " + Convert.ToHexString(secret));
        }
    }
}
