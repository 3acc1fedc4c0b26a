using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates;

/// <summary>
/// A peer of DTLS 1.3 that can say anything at any time, with right keys and a right transcript: TLS_AES_128_GCM_SHA256 with secp256r1. Its
/// secrets and records are its own, made of .NET's HKDF and AES alone.
/// </summary>
internal sealed class Peer13
{
    internal const int Suite = 0x1301;
    private const int PlainHeader = 13;
    private const int MessageHeader = 12;
    private const int TagLength = 16;

    private static readonly byte[] s_retryRandom = Convert.FromHexString("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C");

    private readonly bool _isServer;
    private readonly List<byte> _transcript = [];
    private readonly ECDiffieHellman _own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly Dictionary<int, Keys> _read = [];
    private readonly Dictionary<int, Keys> _write = [];
    private readonly Dictionary<(int Epoch, bool IsWrite), long> _next = [];
    private byte[] _secret = [];
    private byte[] _clientSecret = [];
    private byte[] _serverSecret = [];
    private byte[]? _session;

    internal Peer13(bool isServer)
    {
        _isServer = isServer;
        Extensions = isServer ? [SupportedVersion, ServerShare] : ClientExtensions();
    }

    internal static (int Type, byte[] Content) SupportedVersion => (43, [0xFE, 0xFC]);

    /// <summary>Extensions of the own hello, in order.</summary>
    internal List<(int Type, byte[] Content)> Extensions { get; set; }

    /// <summary>The epoch that is written in: 0, 2 or 3.</summary>
    internal int Epoch { get; set; }

    internal int NextMessage { get; set; }

    internal byte[] Cookie { get; private set; } = [];

    /// <summary>Types of the messages that came, and what each was last.</summary>
    internal List<int> Received { get; } = [];

    internal Dictionary<int, byte[]> Bodies { get; } = [];

    internal List<int> Alerts { get; } = [];

    internal int Acks { get; private set; }

    internal (int Type, byte[] Content) ServerShare => (51, [.. Wire.Number(23, 2), .. Wire.Vector(2, Public)]);

    private byte[] Public
    {
        get
        {
            ECPoint point = _own.ExportParameters(false).Q;
            return [4, .. point.X!, .. point.Y!];
        }
    }

    internal static byte[] Block(IEnumerable<(int Type, byte[] Content)> extensions)
    {
        return Wire.Vector(2, [.. extensions.Select(one => (byte[])[.. Wire.Number(one.Type, 2), .. Wire.Vector(2, one.Content)])]);
    }

    internal static (int Type, byte[] Content) Schemes(params int[] schemes)
    {
        return (13, Wire.Vector(2, Wire.Numbers(schemes)));
    }

    internal List<(int Type, byte[] Content)> ClientExtensions()
    {
        return
        [
            (43, Wire.Vector(1, [0xFE, 0xFC])),
            (10, Wire.Vector(2, Wire.Numbers(23))),
            Schemes(SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPssRsaeSha256),
            (51, Wire.Vector(2, Wire.Number(23, 2), Wire.Vector(2, Public))),
        ];
    }

    internal byte[] ClientHello()
    {
        List<(int Type, byte[] Content)> all = [.. Extensions];
        if (Cookie.Length > 0)
        {
            all.Insert(Math.Min(1, all.Count), (44, Wire.Vector(2, Cookie)));
        }

        return [0xFE, 0xFD, .. TestBed.Bytes(32, 10), 0, 0, .. Wire.Vector(2, Wire.Numbers(Suite)), 1, 0, .. Block(all)];
    }

    internal byte[] ServerHello()
    {
        return [0xFE, 0xFD, .. TestBed.Bytes(32, 90), 0, .. Wire.Number(Suite, 2), 0, .. Block(Extensions)];
    }

    /// <summary>A Certificate message with these certificates, each with a block of extensions.</summary>
    internal static byte[] Certificate(byte[] context, params (byte[] Der, byte[] Block)[] entries)
    {
        return [.. Wire.Vector(1, context), .. Wire.Vector(3, [.. entries.Select(entry => (byte[])[.. Wire.Vector(3, entry.Der), .. entry.Block])])];
    }

    internal static byte[] Certificate(Identity identity)
    {
        return Certificate([], [.. identity.Sent.Select(one => (one.Der, new byte[2]))]);
    }

    internal static byte[] CertificateRequest(params (int Type, byte[] Content)[] extensions)
    {
        return [0, .. Block(extensions)];
    }

    /// <summary>A signature of this end's over the transcript so far, or of the other's by name.</summary>
    internal byte[] CertificateVerify(CaKey key, int scheme = SignatureScheme.EcdsaSecp256r1Sha256, bool? asServer = null)
    {
        string text = "TLS 1.3, " + (asServer ?? _isServer ? "server" : "client") + " CertificateVerify";
        byte[] content = [.. Enumerable.Repeat((byte)0x20, 64), .. TestBed.Text(text), 0, .. Digest()];
        string algorithm = scheme switch
        {
            SignatureScheme.RsaPssRsaeSha256 => "SHA256WITHRSAANDMGF1",
            SignatureScheme.RsaPkcs1Sha256 => "SHA256WITHRSA",
            SignatureScheme.EcdsaSha1 => "SHA1WITHECDSA",
            SignatureScheme.RsaPkcs1Sha1 => "SHA1WITHRSA",
            SignatureScheme.EcdsaSecp384r1Sha384 => "SHA384WITHECDSA",
            _ => "SHA256WITHECDSA",
        };
        return [.. Wire.Number(scheme, 2), .. Wire.Vector(2, key.Sign(algorithm, content))];
    }

    internal byte[] Finished()
    {
        return VerifyData(_isServer ? _serverSecret : _clientSecret);
    }

    /// <summary>A record with a whole message; what it says goes into the transcript, and where it is a hello or a Finished the next keys come of it.</summary>
    internal byte[] Message(int type, byte[] body)
    {
        byte[] fragment = TestBed.Fragment(type, NextMessage++, body);
        int epoch = Epoch;
        byte[] record = Record(ContentType.Handshake, fragment);
        Add(type, body);
        if (type == HandshakeType.ServerHello && _isServer && epoch == 0)
        {
            EnterHandshake();
        }
        else if (type == HandshakeType.Finished)
        {
            OnFinished(_isServer);
        }

        return record;
    }

    internal byte[] Record(int type, byte[] content)
    {
        long number = _next.GetValueOrDefault((Epoch, true));
        _next[(Epoch, true)] = number + 1;
        return Epoch == 0 ? TestBed.Record(type, 0, number, content) : _write[Epoch].Seal(Epoch, number, type, content);
    }

    internal void Take(byte[] datagram)
    {
        for (int at = 0; at < datagram.Length;)
        {
            if ((datagram[at] & 0xE0) != 0x20)
            {
                int length = Wire.Number(datagram, at + 11, 2);
                TakeContent(datagram[at], datagram.AsSpan(at + PlainHeader, length).ToArray());
                at += PlainHeader + length;
                continue;
            }

            int epoch = datagram[at] & 3;
            int size = (datagram[at] & 8) == 0 ? 1 : 2;
            int head = 1 + size + ((datagram[at] & 4) == 0 ? 0 : 2);
            int end = (datagram[at] & 4) == 0 ? datagram.Length : at + head + Wire.Number(datagram, at + 1 + size, 2);
            byte[] record = datagram.AsSpan(at, end - at).ToArray();
            at = end;
            if (_read.TryGetValue(epoch, out Keys? keys))
            {
                byte[] inner = keys.Open(record, size, head);
                int last = Array.FindLastIndex(inner, one => one != 0);
                TakeContent(inner[last], inner[..last]);
            }
        }
    }

    private void TakeContent(int type, byte[] content)
    {
        switch (type)
        {
            case ContentType.Alert:
                Alerts.Add(content[1]);
                break;
            case ContentType.Ack:
                Acks++;
                break;
            case ContentType.Handshake:
                for (int at = 0; at < content.Length; at += MessageHeader + Wire.Number(content, at + 9, 3))
                {
                    TakeMessage(content[at], content.AsSpan(at + MessageHeader, Wire.Number(content, at + 9, 3)).ToArray());
                }

                break;
            default:
                throw new InvalidOperationException("A record of type " + type + " came.");
        }
    }

    private void TakeMessage(int type, byte[] body)
    {
        Received.Add(type);
        Bodies[type] = body;
        if (type == HandshakeType.ServerHello && body.AsSpan(2, 32).SequenceEqual(s_retryRandom))
        {
            byte[] digest = SHA256.HashData(_transcript.ToArray());
            _transcript.Clear();
            Add(254, digest);
            Cookie = ExtensionOf(body, 44)[2..];
        }

        if (type == HandshakeType.NewSessionTicket)
        {
            return;
        }

        if (type == HandshakeType.ClientHello)
        {
            // A first hello, or the one that answers what this peer said.
            Add(type, body);
            return;
        }

        Add(type, body);
        if (type == HandshakeType.ServerHello && !body.AsSpan(2, 32).SequenceEqual(s_retryRandom))
        {
            EnterHandshake();
        }
        else if (type == HandshakeType.Finished)
        {
            OnFinished(!_isServer);
        }
    }

    private void Add(int type, byte[] body)
    {
        _transcript.Add((byte)type);
        _transcript.AddRange(Wire.Number(body.Length, 3));
        _transcript.AddRange(body);
    }

    private void EnterHandshake()
    {
        byte[] share = _isServer ? ExtensionOf(Bodies[HandshakeType.ClientHello], 51) : ExtensionOf(Bodies[HandshakeType.ServerHello], 51);
        byte[] point = share[^65..];
        using ECDiffieHellman peer = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33], Y = point[33..65] },
        });
        byte[] shared = _own.DeriveRawSecretAgreement(peer.PublicKey);
        byte[] early = HKDF.Extract(HashAlgorithmName.SHA256, new byte[32], new byte[32]);
        _secret = HKDF.Extract(HashAlgorithmName.SHA256, shared, Expand(early, "derived", SHA256.HashData([]), 32));
        byte[] digest = Digest();
        _clientSecret = Expand(_secret, "c hs traffic", digest, 32);
        _serverSecret = Expand(_secret, "s hs traffic", digest, 32);
        Install(2, _clientSecret, _serverSecret);
        Epoch = 2;
    }

    private void OnFinished(bool ofServer)
    {
        if (ofServer)
        {
            byte[] master = HKDF.Extract(HashAlgorithmName.SHA256, new byte[32], Expand(_secret, "derived", SHA256.HashData([]), 32));
            byte[] digest = Digest();
            Install(3, Expand(master, "c ap traffic", digest, 32), Expand(master, "s ap traffic", digest, 32));
            _session = master;
        }

        Epoch = ofServer == _isServer && _session != null ? 3 : Epoch;
    }

    private void Install(int epoch, byte[] client, byte[] server)
    {
        _read[epoch] = new Keys(_isServer ? client : server);
        _write[epoch] = new Keys(_isServer ? server : client);
    }

    private byte[] VerifyData(byte[] secret)
    {
        return HMACSHA256.HashData(Expand(secret, "finished", [], 32), Digest());
    }

    private byte[] Digest()
    {
        return SHA256.HashData(_transcript.ToArray());
    }

    /// <summary>Whether a hello has an extension.</summary>
    internal static bool HasExtension(byte[] hello, int type)
    {
        return FindExtension(hello, type) != null;
    }

    private static byte[] ExtensionOf(byte[] hello, int type)
    {
        return FindExtension(hello, type) ?? throw new InvalidOperationException("The hello has no extension " + type + ".");
    }

    private static byte[]? FindExtension(byte[] hello, int type)
    {
        // A hello of either end: the block ends the message, and it is found by its own length.
        for (int at = 35; at + 2 < hello.Length; at++)
        {
            if (at + 2 + Wire.Number(hello, at, 2) != hello.Length)
            {
                continue;
            }

            for (int e = at + 2; e + 4 <= hello.Length; e += 4 + Wire.Number(hello, e + 2, 2))
            {
                if (Wire.Number(hello, e, 2) == type)
                {
                    return hello.AsSpan(e + 4, Wire.Number(hello, e + 2, 2)).ToArray();
                }
            }
        }

        return null;
    }

    private static byte[] Expand(byte[] secret, string label, byte[] context, int count)
    {
        byte[] info = [.. Wire.Number(count, 2), .. Wire.Vector(1, TestBed.Text("dtls13" + label)), .. Wire.Vector(1, context)];
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, count, info);
    }

    /// <summary>Of one direction in one epoch.</summary>
    private sealed class Keys
    {
        private readonly AesGcm _aead;
        private readonly byte[] _iv;
        private readonly Aes _mask = Aes.Create();

        internal Keys(byte[] secret)
        {
            _aead = new AesGcm(Expand(secret, "key", [], 16), TagLength);
            _iv = Expand(secret, "iv", [], 12);
            _mask.Key = Expand(secret, "sn", [], 16);
        }

        internal byte[] Seal(int epoch, long number, int type, byte[] content)
        {
            byte[] inner = [.. content, (byte)type];
            byte[] head = [(byte)(0x2C | epoch), .. Wire.Number((int)number, 2), .. Wire.Number(inner.Length + TagLength, 2)];
            byte[] tag = new byte[TagLength];
            byte[] cipher = new byte[inner.Length];
            _aead.Encrypt(Nonce(number), inner, cipher, tag, head);
            byte[] record = [.. head, .. cipher, .. tag];
            Hide(record, 2, head.Length);
            return record;
        }

        internal byte[] Open(byte[] record, int size, int head)
        {
            Hide(record, size, head);
            byte[] inner = new byte[record.Length - head - TagLength];
            _aead.Decrypt(Nonce(Wire.Number(record, 1, size)), record.AsSpan(head, inner.Length), record.AsSpan(head + inner.Length), inner, record.AsSpan(0, head));
            return inner;
        }

        private void Hide(byte[] record, int size, int head)
        {
            byte[] mask = _mask.EncryptEcb(record.AsSpan(head, 16), PaddingMode.None);
            for (int i = 0; i < size; i++)
            {
                record[1 + i] ^= mask[i];
            }
        }

        private byte[] Nonce(long number)
        {
            byte[] nonce = (byte[])_iv.Clone();
            nonce[10] ^= (byte)(number >> 8);
            nonce[11] ^= (byte)number;
            return nonce;
        }
    }
}
