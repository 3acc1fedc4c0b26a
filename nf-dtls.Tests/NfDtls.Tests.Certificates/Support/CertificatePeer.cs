using System;
using System.Collections.Generic;
using System.Linq;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates;

/// <summary>
/// A peer that can say anything at any time, with right keys and a right transcript: ECDHE_ECDSA, ECDHE_RSA or RSA with
/// AES_128_CCM_8 or AES_128_GCM, without extended master secret.
/// </summary>
internal sealed class CertificatePeer
{
    private readonly bool _isServer;
    private readonly CryptoProvider _crypto = Setup.Crypto();
    private readonly Dtls12RecordCodec _codec = new Dtls12RecordCodec();
    private readonly List<byte> _transcript = new();
    private readonly byte[] _private = new byte[32];
    private Epoch? _epoch;
    private byte[] _master = new byte[48];

    internal CertificatePeer(bool isServer)
    {
        _isServer = isServer;
        _crypto.GenerateKey(NamedGroup.Secp256r1, _private, 0, Public, 0);
        Extensions = isServer ? Array.Empty<byte>() : ClientExtensions();
    }

    internal byte[] ClientRandom { get; private set; } = TestBed.Bytes(32, 10);

    internal byte[] ServerRandom { get; private set; } = TestBed.Bytes(32, 90);

    internal byte[] Cookie { get; private set; } = Array.Empty<byte>();

    internal int Suite { get; set; } = 0xC0AE;

    /// <summary>Extension block with its length; empty for none.</summary>
    internal byte[] Extensions { get; set; }

    /// <summary>This end's point on secp256r1.</summary>
    internal byte[] Public { get; } = new byte[65];

    internal int OfferedVersion { get; set; } = 0xFEFD;

    internal byte[] Premaster { get; set; } = new byte[32];

    internal int NextMessage { get; set; }

    internal long NextRecord { get; set; }

    internal List<int> Received { get; } = new();

    internal Dictionary<int, byte[]> Bodies { get; } = new();

    internal List<int> Alerts { get; } = new();

    internal static byte[] Extension(int type, params byte[] content)
    {
        return Wire.Number(type, 2).Concat(Wire.Vector(2, content)).ToArray();
    }

    internal static byte[] ClientExtensions(int[]? groups = null, int[]? schemes = null)
    {
        return Wire.Vector(
            2,
            Extension(10, Wire.Vector(2, Wire.Numbers(groups ?? new[] { 23 }))),
            Extension(11, 1, 0),
            Extension(13, Wire.Vector(2, Wire.Numbers(schemes ?? new[] { 0x0403, 0x0401 }))));
    }

    internal byte[] ClientHello()
    {
        return Wire.Number(OfferedVersion, 2).Concat(ClientRandom).Concat(Wire.Vector(1)).Concat(Wire.Vector(1, Cookie))
            .Concat(Wire.Vector(2, Wire.Numbers(Suite, 0xFF))).Concat(new byte[] { 1, 0 }).Concat(Extensions).ToArray();
    }

    internal byte[] ServerHello()
    {
        return Wire.Number(0xFEFD, 2).Concat(ServerRandom).Concat(Wire.Vector(1)).Concat(Wire.Number(Suite, 2)).Concat(new byte[] { 0 }).Concat(Extensions).ToArray();
    }

    internal static byte[] Certificate(params byte[][] certificates)
    {
        return Wire.Vector(3, certificates.Select(der => Wire.Vector(3, der)).ToArray());
    }

    /// <summary>A ServerKeyExchange with this peer's point, signed as it should be.</summary>
    internal byte[] ServerKeyExchange(CaKey key, int scheme = 0x0403, int group = 23, byte[]? point = null, int curveType = 3)
    {
        byte[] parameters = new[] { (byte)curveType }.Concat(Wire.Number(group, 2)).Concat(Wire.Vector(1, point ?? Public)).ToArray();
        byte[] signature = Sign(key, scheme, ClientRandom.Concat(ServerRandom).Concat(parameters).ToArray());
        return parameters.Concat(Wire.Number(scheme, 2)).Concat(Wire.Vector(2, signature)).ToArray();
    }

    internal static byte[] CertificateRequest(byte[]? types = null, int[]? schemes = null)
    {
        return Wire.Vector(1, types ?? new byte[] { 64, 1 }).Concat(Wire.Vector(2, Wire.Numbers(schemes ?? new[] { 0x0403, 0x0401 }))).Concat(Wire.Vector(2)).ToArray();
    }

    /// <summary>A ClientKeyExchange with this peer's point; the secret is agreed on with the server's.</summary>
    internal byte[] ClientKeyExchange()
    {
        byte[] exchange = Bodies[HandshakeType.ServerKeyExchange];
        Agree(exchange.AsSpan(4, exchange[3]).ToArray());
        return Wire.Vector(1, Public);
    }

    internal byte[] CertificateVerify(CaKey key, int scheme = 0x0403)
    {
        return Wire.Number(scheme, 2).Concat(Wire.Vector(2, Sign(key, scheme, _transcript.ToArray()))).ToArray();
    }

    internal void Agree(byte[] point)
    {
        _crypto.Agree(NamedGroup.Secp256r1, _private, 0, point, 0, point.Length, Premaster, 0);
    }

    internal byte[] Message(int type, byte[] body)
    {
        byte[] fragment = TestBed.Fragment(type, NextMessage++, body);
        _transcript.AddRange(fragment);
        return TestBed.Record(ContentType.Handshake, 0, NextRecord++, fragment);
    }

    internal byte[] ChangeCipherSpec()
    {
        return TestBed.Record(ContentType.ChangeCipherSpec, 0, NextRecord++, 1);
    }

    internal byte[] Finished()
    {
        byte[] fragment = TestBed.Fragment(HandshakeType.Finished, NextMessage++, VerifyData(_isServer));
        const int At = 64;
        byte[] buffer = new byte[At + fragment.Length + 80];
        fragment.CopyTo(buffer, At);
        int length = _epoch!.Seal(new RecordHeader(), ContentType.Handshake, DtlsVersion.Dtls12, buffer, At, fragment.Length);
        return buffer.AsSpan(At - 8 - 13, length).ToArray();
    }

    internal void Take(byte[] datagram)
    {
        RecordHeader header = new RecordHeader();
        for (int at = 0; at < datagram.Length; at = header.End)
        {
            if (!_codec.Read(datagram, at, datagram.Length - at, header))
            {
                throw new InvalidOperationException("The engine sent a malformed record.");
            }

            if (header.Epoch > 0 && !Open(header, datagram))
            {
                continue;
            }

            if (header.Type == ContentType.Alert)
            {
                Alerts.Add(datagram[header.FragmentOffset + 1]);
            }
            else if (header.Type == ContentType.Handshake)
            {
                TakeMessage(datagram.AsSpan(header.FragmentOffset, header.FragmentLength).ToArray());
            }
        }
    }

    private static byte[] Sign(CaKey key, int scheme, byte[] data)
    {
        string algorithm = scheme switch
        {
            SignatureScheme.EcdsaSecp384r1Sha384 => "SHA384WITHECDSA",
            SignatureScheme.EcdsaSha1 => "SHA1WITHECDSA",
            SignatureScheme.RsaPkcs1Sha256 => "SHA256WITHRSA",
            SignatureScheme.Ed25519 => "Ed25519",
            _ => key.Kind is CaKeyKind.Rsa2048 or CaKeyKind.Rsa4096 ? "SHA256WITHRSA" : "SHA256WITHECDSA",
        };
        return key.Kind == CaKeyKind.Ed25519 ? key.Sign("Ed25519", data) : key.Sign(algorithm, data);
    }

    private void TakeMessage(byte[] fragment)
    {
        int type = fragment[0];
        Received.Add(type);
        Bodies[type] = fragment[12..];
        if (type == HandshakeType.HelloVerifyRequest)
        {
            Cookie = fragment.AsSpan(15, fragment[14]).ToArray();
            _transcript.Clear();
            return;
        }

        if (type == HandshakeType.ServerHello)
        {
            ServerRandom = fragment.AsSpan(14, 32).ToArray();
        }
        else if (type == HandshakeType.ClientHello)
        {
            ClientRandom = fragment.AsSpan(14, 32).ToArray();
        }

        _transcript.AddRange(fragment);
        if (type == HandshakeType.ClientKeyExchange && _isServer && Bodies[type].Length == 66)
        {
            Agree(Bodies[type][1..]);
        }
    }

    private bool Open(RecordHeader header, byte[] datagram)
    {
        DeriveKeys();
        return _epoch!.Open(header, datagram);
    }

    private void DeriveKeys()
    {
        if (_epoch != null)
        {
            return;
        }

        _master = Prf(Premaster, "master secret", ClientRandom.Concat(ServerRandom).ToArray(), 48);
        byte[] keys = Prf(_master, "key expansion", ServerRandom.Concat(ClientRandom).ToArray(), 40);
        bool isGcm = Suite == 0x009C || Suite == 0xC02F;
        AeadContext Aead(int at) => _crypto.CreateAead(isGcm ? CryptoAlgorithm.Aes128Gcm : CryptoAlgorithm.Aes128Ccm, keys, at, isGcm ? 16 : 8);
        RecordProtection client = new AeadProtection(Aead(0), keys, 32, 4);
        RecordProtection server = new AeadProtection(Aead(16), keys, 36, 4);
        _epoch = new Epoch(1, _codec, new ReplayWindow(64)) { WriteProtection = _isServer ? server : client, ReadProtection = _isServer ? client : server };
    }

    private byte[] VerifyData(bool ofServer)
    {
        DeriveKeys();
        HashContext hash = _crypto.CreateHash(CryptoAlgorithm.Sha256);
        hash.Update(_transcript.ToArray(), 0, _transcript.Count);
        byte[] digest = new byte[32];
        hash.Peek(digest, 0);
        return Prf(_master, ofServer ? "server finished" : "client finished", digest, 12);
    }

    private byte[] Prf(byte[] secret, string label, byte[] seed, int count)
    {
        byte[] input = TestBed.Text(label).Concat(seed).ToArray();
        byte[] output = new byte[count];
        _crypto.Prf(CryptoAlgorithm.Sha256, secret, 0, secret.Length, input, 0, input.Length, output, 0, count);
        return output;
    }
}
