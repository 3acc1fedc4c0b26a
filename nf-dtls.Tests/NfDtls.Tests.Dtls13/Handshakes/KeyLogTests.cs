using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>
/// What a key log says opens what was sent: by a reader of its own, over .NET's cryptography, as a dissector would do it. Debian 12's
/// tshark, 4.0, does not know the records of DTLS 1.3.
/// </summary>
[TestClass]
public class KeyLogTests
{
    private const string Secret = "nobody else should read this";
    private const int PlainHeader = 13;
    private const int MessageHeaderLength = 12;
    private const int Tag = 8;

    [TestMethod]
    public void Every_record_opens_with_the_lines_of_either_end_and_the_exporter_is_of_the_same_messages()
    {
        Lines client = new();
        Lines server = new();
        DtlsOptions clientOptions = Bed13.Options(false, 1, Bed13.NoGroup, true);
        DtlsOptions serverOptions = Bed13.Options(true, 2, Bed13.NoGroup, true);
        clientOptions.KeyLog = client;
        serverOptions.KeyLog = server;
        TestBed bed = new(clientOptions, serverOptions);
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        byte[] data = Encoding.ASCII.GetBytes(Secret);
        bed.Client.Association.Send(data, 0, data.Length, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 1000));

        foreach (Lines lines in new[] { client, server })
        {
            List<string> contents = [];
            List<byte[]> messages = [];
            foreach (Datagram datagram in bed.Network.Sent)
            {
                Read(datagram, lines, contents, messages);
            }

            // ServerHello, EncryptedExtensions, Finished; Finished; its ACK; the line and its echo.
            Assert.AreEqual("16 16 16 1A 17 17", string.Join(" ", contents.Select(content => content[..2])));
            string hex = Convert.ToHexString(data);
            Assert.IsTrue(contents.TakeLast(2).All(content => content[2..] == hex), string.Join(" ", contents));

            // ClientHello, HelloRetryRequest, ClientHello, ServerHello, EncryptedExtensions, the server's Finished.
            byte[] first = SHA256.HashData(messages[0]);
            byte[] transcript = [254, 0, 0, 32, .. first, .. messages.Skip(1).Take(5).SelectMany(message => message)];
            CollectionAssert.AreEqual(Exporter(SHA256.HashData(transcript)), lines.Of("EXPORTER_SECRET"));
        }
    }

    private static void Read(Datagram datagram, Lines lines, List<string> contents, List<byte[]> messages)
    {
        byte[] bytes = datagram.Bytes;
        for (int at = 0; at < bytes.Length;)
        {
            if ((bytes[at] & 0xE0) != 0x20)
            {
                int length = (bytes[at + 11] << 8) | bytes[at + 12];
                AddMessages(bytes.AsSpan(at + PlainHeader, length), messages);
                at += PlainHeader + length;
                continue;
            }

            bool isLong = (bytes[at] & 8) != 0;
            bool hasLength = (bytes[at] & 4) != 0;
            int header = 1 + (isLong ? 2 : 1) + (hasLength ? 2 : 0);
            int end = hasLength ? at + header + ((bytes[at + header - 2] << 8) | bytes[at + header - 1]) : bytes.Length;
            byte[] opened = Open(bytes.AsSpan(at, end - at).ToArray(), header, isLong, lines.Of(Label(bytes[at] & 3, datagram.ToServer)));
            int type = Array.FindLastIndex(opened, b => b != 0);
            contents.Add(opened[type].ToString("X2") + Convert.ToHexString(opened.AsSpan(0, type)));
            if (opened[type] == ContentType.Handshake)
            {
                AddMessages(opened.AsSpan(0, type), messages);
            }

            at = end;
        }
    }

    private static string Label(int epoch, bool ofClient)
    {
        string end = ofClient ? "CLIENT" : "SERVER";
        return epoch == 2 ? end + "_HANDSHAKE_TRAFFIC_SECRET" : end + "_TRAFFIC_SECRET_0";
    }

    private static byte[] Open(byte[] record, int header, bool isLong, byte[] secret)
    {
        using Aes aes = Aes.Create();
        aes.Key = Expand(secret, "sn", [], 16);
        byte[] mask = aes.EncryptEcb(record.AsSpan(header, 16), PaddingMode.None);
        record[1] ^= mask[0];
        record[2] ^= isLong ? mask[1] : (byte)0;
        int number = isLong ? (record[1] << 8) | record[2] : record[1];
        byte[] nonce = Expand(secret, "iv", [], 12);
        nonce[11] ^= (byte)number;
        nonce[10] ^= (byte)(number >> 8);
        byte[] content = new byte[record.Length - header - Tag];
        using AesCcm ccm = new(Expand(secret, "key", [], 16));
        ccm.Decrypt(nonce, record.AsSpan(header, content.Length), record.AsSpan(record.Length - Tag), content, record.AsSpan(0, header));
        return content;
    }

    /// <summary>The exporter's secret, from the pre-shared key on.</summary>
    private static byte[] Exporter(byte[] transcript)
    {
        byte[] zeros = new byte[32];
        byte[] empty = SHA256.HashData([]);
        byte[] early = HKDF.Extract(HashAlgorithmName.SHA256, TestBed.Key, zeros);
        byte[] handshake = HKDF.Extract(HashAlgorithmName.SHA256, zeros, Expand(early, "derived", empty, 32));
        byte[] master = HKDF.Extract(HashAlgorithmName.SHA256, zeros, Expand(handshake, "derived", empty, 32));
        return Expand(master, "exp master", transcript, 32);
    }

    private static byte[] Expand(byte[] secret, string label, byte[] context, int length)
    {
        byte[] name = Encoding.ASCII.GetBytes("dtls13" + label);
        byte[] info = [(byte)(length >> 8), (byte)length, (byte)name.Length, .. name, (byte)context.Length, .. context];
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, info);
    }

    /// <summary>Whole messages, with the header of TLS.</summary>
    private static void AddMessages(ReadOnlySpan<byte> record, List<byte[]> messages)
    {
        while (record.Length >= MessageHeaderLength)
        {
            int length = (record[2] << 8) | record[3];
            messages.Add([.. record[..4], .. record.Slice(MessageHeaderLength, length)]);
            record = record[(MessageHeaderLength + length)..];
        }
    }

    private sealed class Lines : KeyLog
    {
        private readonly Dictionary<string, byte[]> _secrets = [];

        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
            Assert.Fail("A line of DTLS 1.2.");
        }

        public override void Write(string label, byte[] clientRandom, byte[] secret)
        {
            _secrets.Add(label, (byte[])secret.Clone());
        }

        internal byte[] Of(string label)
        {
            return _secrets[label];
        }
    }
}
