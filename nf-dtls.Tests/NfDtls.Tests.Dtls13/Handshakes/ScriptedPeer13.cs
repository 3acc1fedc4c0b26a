using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>
/// A peer of DTLS 1.3 that can send any message at any time, in any epoch, with right keys and a right transcript, and keeps no
/// rules: a pre-shared key alone with AES_128_CCM_8, written after the standards over .NET's own cryptography.
/// </summary>
internal sealed class ScriptedPeer13
{
    private const int Size = 32;

    private static readonly byte[] s_retryRandom = SHA256.HashData(Encoding.ASCII.GetBytes("HelloRetryRequest"));

    private readonly bool _isServer;
    private readonly List<byte> _transcript = [];
    private readonly Dictionary<int, (byte[] Client, byte[] Server)> _secrets = [];
    private readonly Dictionary<int, long> _numbers = [];
    private readonly byte[] _early;
    private byte[]? _handshake;
    private int _taken = -1;
    private byte[] _cookie = [];

    internal ScriptedPeer13(bool isServer)
    {
        _isServer = isServer;
        _early = HKDF.Extract(HashAlgorithmName.SHA256, TestBed.Key, new byte[Size]);
    }

    /// <summary>message_seq of what is sent next.</summary>
    internal int NextMessage { get; set; }

    /// <summary>Handshake messages received: epoch and type.</summary>
    internal List<(int Epoch, int Type)> Received { get; } = [];

    internal List<(int Epoch, int Description)> Alerts { get; } = [];

    internal int Acks { get; private set; }

    /// <summary>Epoch and number of the record that had the peer's last Finished.</summary>
    internal (int Epoch, long Number) FinishedRecord { get; private set; }

    internal byte[] ClientHelloBody()
    {
        List<byte> body = [0xFE, 0xFD, .. TestBed.Bytes(32, 10), 0, 0, 0, 2, 0x13, 0x05, 1, 0];
        byte[] cookie = _cookie.Length == 0 ? [] : [0, 44, .. Vector(2, Vector(2, _cookie))];
        byte[] identity = TestBed.Text("sensor-1");
        byte[] offer = [.. Vector(2, [.. Vector(2, identity), 0, 0, 0, 0]), .. Vector(2, Vector(1, new byte[Size]))];
        body.AddRange(Vector(2, [0, 43, 0, 3, 2, 0xFE, 0xFC, 0, 45, 0, 2, 1, 0, .. cookie, 0, 41, .. Vector(2, offer)]));
        byte[] hello = [.. body];

        // The binder covers all before the list that it stands in.
        byte[] covered = [.. _transcript, HandshakeType.ClientHello, 0, (byte)(hello.Length >> 8), (byte)hello.Length, .. hello[..^(Size + 3)]];
        byte[] key = Expand(Expand(_early, "ext binder", SHA256.HashData([]), Size), "finished", [], Size);
        HMACSHA256.HashData(key, SHA256.HashData(covered)).CopyTo(hello, hello.Length - Size);
        return hello;
    }

    internal static byte[] ServerHelloBody(bool isRetry)
    {
        byte[] random = isRetry ? s_retryRandom : TestBed.Bytes(32, 90);
        byte[] extensions = isRetry ? [0, 43, 0, 2, 0xFE, 0xFC, 0, 44, 0, 5, 0, 3, 7, 8, 9] : [0, 43, 0, 2, 0xFE, 0xFC, 0, 41, 0, 2, 0, 0];
        return [0xFE, 0xFD, .. random, 0, 0x13, 0x05, 0, .. Vector(2, extensions)];
    }

    /// <summary>A Finished of this end, as the transcript has it now.</summary>
    internal byte[] FinishedBody()
    {
        byte[] secret = _isServer ? SecretsOf(2).Server : SecretsOf(2).Client;
        return HMACSHA256.HashData(Expand(secret, "finished", [], Size), SHA256.HashData([.. _transcript]));
    }

    /// <summary>A handshake message in an epoch; it has the next message_seq and becomes part of the transcript.</summary>
    internal byte[] Message(int epoch, int type, byte[] body)
    {
        byte[] record = Record(epoch, ContentType.Handshake, TestBed.Fragment(type, NextMessage, body));
        NextMessage++;
        Add(epoch, type, body);
        return record;
    }

    /// <summary>An ACK of the peer's Finished.</summary>
    internal byte[] Ack(int epoch)
    {
        return Record(epoch, ContentType.Ack, [0, 16, .. new byte[7], (byte)FinishedRecord.Epoch, .. new byte[7], (byte)FinishedRecord.Number]);
    }

    internal byte[] Record(int epoch, int type, byte[] content)
    {
        long number = _numbers.GetValueOrDefault(epoch);
        _numbers[epoch] = number + 1;
        if (epoch == 0)
        {
            return TestBed.Record(type, 0, number, content);
        }

        (byte[] key, byte[] iv, byte[] mask) = KeysOf(_isServer ? SecretsOf(epoch).Server : SecretsOf(epoch).Client);
        byte[] inner = [.. content, (byte)type, .. new byte[Math.Max(0, 7 - content.Length)]];
        byte[] header = [(byte)(0x2C | (epoch & 3)), (byte)(number >> 8), (byte)number, (byte)((inner.Length + 8) >> 8), (byte)(inner.Length + 8)];
        byte[] sealedOne = new byte[inner.Length];
        byte[] tag = new byte[8];
        using (AesCcm ccm = new(key))
        {
            ccm.Encrypt(Nonce(iv, number), inner, sealedOne, tag, header);
        }

        byte[] cipher = [.. sealedOne, .. tag];
        byte[] hidden = MaskOf(mask, cipher);
        header[1] ^= hidden[0];
        header[2] ^= hidden[1];
        return [.. header, .. cipher];
    }

    /// <summary>Reads what the engine sent.</summary>
    internal void Take(byte[] datagram)
    {
        for (int at = 0; at < datagram.Length;)
        {
            bool isPlain = (datagram[at] & 0xE0) != 0x20;
            int size = (datagram[at] & 8) != 0 ? 2 : 1;
            int head = isPlain ? 13 : 1 + size + ((datagram[at] & 4) != 0 ? 2 : 0);
            int length = isPlain || (datagram[at] & 4) != 0 ? (datagram[at + head - 2] << 8) | datagram[at + head - 1] : datagram.Length - at - head;
            byte[] cipher = datagram[(at + head)..(at + head + length)];
            if (isPlain)
            {
                Take(0, datagram[at + 12], datagram[at], cipher);
            }
            else
            {
                Open(datagram[at..(at + head)], size, cipher);
            }

            at += head + length;
        }
    }

    private void Open(byte[] header, int size, byte[] cipher)
    {
        int epoch = header[0] & 3;
        if (!_secrets.TryGetValue(epoch, out (byte[] Client, byte[] Server) secrets))
        {
            return;
        }

        (byte[] key, byte[] iv, byte[] mask) = KeysOf(_isServer ? secrets.Client : secrets.Server);
        byte[] hidden = MaskOf(mask, cipher);
        long number = 0;
        for (int i = 0; i < size; i++)
        {
            header[1 + i] ^= hidden[i];
            number = (number << 8) | header[1 + i];
        }

        byte[] inner = new byte[cipher.Length - 8];
        try
        {
            using AesCcm ccm = new(key);
            ccm.Decrypt(Nonce(iv, number), cipher.AsSpan(0, inner.Length), cipher.AsSpan(inner.Length), inner, header);
        }
        catch (AuthenticationTagMismatchException)
        {
            // After messages out of their place the two have different transcripts, and so different keys.
            return;
        }

        int end = Array.FindLastIndex(inner, one => one != 0);
        Take(epoch, number, inner[end], inner[..end]);
    }

    private void Take(int epoch, long number, int type, byte[] content)
    {
        if (type == ContentType.Alert)
        {
            Alerts.Add((epoch, content[1]));
            return;
        }

        Acks += type == ContentType.Ack ? 1 : 0;
        for (int at = 0; type == ContentType.Handshake && at < content.Length;)
        {
            int length = (content[at + 9] << 16) | (content[at + 10] << 8) | content[at + 11];
            TakeMessage(epoch, number, content[at], (content[at + 4] << 8) | content[at + 5], content[(at + 12)..(at + 12 + length)]);
            at += 12 + length;
        }
    }

    private void TakeMessage(int epoch, long number, int type, int sequence, byte[] body)
    {
        Received.Add((epoch, type));
        if (sequence <= _taken)
        {
            return;
        }

        _taken = sequence;
        if (type == HandshakeType.Finished)
        {
            FinishedRecord = (epoch, number);
        }

        if (type == HandshakeType.ServerHello && body.AsSpan(2, 32).SequenceEqual(s_retryRandom))
        {
            // Behind supported_versions: type, two lengths, and the rest is the cookie.
            int at = 2 + 32 + 1 + 2 + 1 + 2 + 6;
            _cookie = body[(at + 6)..];
        }

        Add(epoch, type, body);
    }

    private void Add(int epoch, int type, byte[] body)
    {
        bool isRetry = type == HandshakeType.ServerHello && body.Length > 34 && body.AsSpan(2, 32).SequenceEqual(s_retryRandom);
        if (isRetry)
        {
            byte[] first = SHA256.HashData([.. _transcript]);
            _transcript.Clear();
            _transcript.AddRange([254, 0, 0, Size, .. first]);
        }

        _transcript.AddRange([(byte)type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body]);
        if (type == HandshakeType.ServerHello && !isRetry && epoch == 0)
        {
            _secrets[2] = MakeSecrets(2);
        }
        else if (type == HandshakeType.Finished && !_secrets.ContainsKey(3))
        {
            _secrets[3] = MakeSecrets(3);
        }
    }

    private (byte[] Client, byte[] Server) SecretsOf(int epoch)
    {
        return _secrets.TryGetValue(epoch, out (byte[] Client, byte[] Server) known) ? known : MakeSecrets(epoch);
    }

    private (byte[] Client, byte[] Server) MakeSecrets(int epoch)
    {
        byte[] empty = SHA256.HashData([]);
        _handshake ??= HKDF.Extract(HashAlgorithmName.SHA256, new byte[Size], Expand(_early, "derived", empty, Size));
        byte[] from = epoch == 2 ? _handshake : HKDF.Extract(HashAlgorithmName.SHA256, new byte[Size], Expand(_handshake, "derived", empty, Size));
        string what = epoch == 2 ? "hs" : "ap";
        byte[] hash = SHA256.HashData([.. _transcript]);
        return (Expand(from, "c " + what + " traffic", hash, Size), Expand(from, "s " + what + " traffic", hash, Size));
    }

    private static (byte[] Key, byte[] Iv, byte[] Mask) KeysOf(byte[] secret)
    {
        return (Expand(secret, "key", [], 16), Expand(secret, "iv", [], 12), Expand(secret, "sn", [], 16));
    }

    private static byte[] MaskOf(byte[] key, byte[] cipher)
    {
        using Aes aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptEcb(cipher.AsSpan(0, 16), PaddingMode.None);
    }

    private static byte[] Nonce(byte[] iv, long number)
    {
        byte[] nonce = (byte[])iv.Clone();
        for (int i = 0; i < 8; i++)
        {
            nonce[11 - i] ^= (byte)(number >> (8 * i));
        }

        return nonce;
    }

    private static byte[] Expand(byte[] secret, string label, byte[] context, int count)
    {
        byte[] info = [(byte)(count >> 8), (byte)count, .. Vector(1, Encoding.ASCII.GetBytes("dtls13" + label)), .. Vector(1, context)];
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, count, info);
    }

    private static byte[] Vector(int size, byte[] content)
    {
        return size == 1 ? [(byte)content.Length, .. content] : [(byte)(content.Length >> 8), (byte)content.Length, .. content];
    }
}
