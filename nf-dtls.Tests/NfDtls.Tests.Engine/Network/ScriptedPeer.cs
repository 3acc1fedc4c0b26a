using System;
using System.Collections.Generic;
using System.Linq;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Engine;

/// <summary>
/// A peer that can send any message at any time, with right keys and a right transcript, and keeps no rules: PSK with
/// AES_128_CCM_8, without extended master secret.
/// </summary>
internal sealed class ScriptedPeer
{
    private readonly bool _isServer;
    private readonly CryptoProvider _crypto = new SoftwareProvider(new SeededEntropy(77));
    private readonly Dtls12RecordCodec _codec = new Dtls12RecordCodec();
    private readonly List<byte> _transcript = new();
    private Epoch? _epoch;
    private byte[] _master = new byte[48];
    private byte[] _finished = new byte[0];
    private int _taken = -1;

    internal ScriptedPeer(bool isServer)
    {
        _isServer = isServer;
        ClientRandom = TestBed.Bytes(32, 10);
        ServerRandom = TestBed.Bytes(32, 90);
    }

    internal byte[] ClientRandom { get; set; }

    internal byte[] ServerRandom { get; set; }

    internal byte[] Cookie { get; set; } = new byte[0];

    internal byte[] SessionId { get; set; } = new byte[0];

    internal byte[] Suites { get; set; } = { 0xC0, 0xA8, 0x00, 0xFF };

    internal byte[] Compressions { get; set; } = { 0 };

    /// <summary>Extension block with its length; empty for none.</summary>
    internal byte[] Extensions { get; set; } = new byte[0];

    internal int Version { get; set; } = DtlsVersion.Dtls12;

    internal int Suite { get; set; } = 0xC0A8;

    internal int Compression { get; set; }

    internal byte[] Identity { get; set; } = TestBed.Text("sensor-1");

    internal byte[] Key { get; set; } = TestBed.Key;

    /// <summary>The master secret of a session that is resumed: then there is no key exchange.</summary>
    internal byte[]? ResumedMaster { get; set; }

    /// <summary>The session id of the client's hello.</summary>
    internal byte[] OfferedId { get; private set; } = new byte[0];

    internal int NextMessage { get; set; }

    internal long NextRecord { get; set; }

    /// <summary>Handshake messages received, by type.</summary>
    internal List<int> Received { get; } = new();

    internal List<(int Epoch, int Level, int Description)> Alerts { get; } = new();

    internal byte[] ClientHelloBody()
    {
        List<byte> body = new() { (byte)(Version >> 8), (byte)Version };
        body.AddRange(ClientRandom);
        body.Add((byte)SessionId.Length);
        body.AddRange(SessionId);
        body.Add((byte)Cookie.Length);
        body.AddRange(Cookie);
        body.Add((byte)(Suites.Length >> 8));
        body.Add((byte)Suites.Length);
        body.AddRange(Suites);
        body.Add((byte)Compressions.Length);
        body.AddRange(Compressions);
        body.AddRange(Extensions);
        return body.ToArray();
    }

    internal byte[] ServerHelloBody()
    {
        List<byte> body = new() { (byte)(Version >> 8), (byte)Version };
        body.AddRange(ServerRandom);
        body.Add((byte)SessionId.Length);
        body.AddRange(SessionId);
        body.Add((byte)(Suite >> 8));
        body.Add((byte)Suite);
        body.Add((byte)Compression);
        body.AddRange(Extensions);
        return body.ToArray();
    }

    internal byte[] ClientKeyExchangeBody()
    {
        return new byte[] { 0, (byte)Identity.Length }.Concat(Identity).ToArray();
    }

    /// <summary>A message in epoch 0.</summary>
    internal byte[] Message(int type, byte[] body)
    {
        byte[] fragment = TestBed.Fragment(type, NextMessage, body);
        NextMessage++;
        Hash(type, fragment);
        return TestBed.Record(ContentType.Handshake, 0, NextRecord++, fragment);
    }

    /// <summary>A Finished with the right content, in epoch 1 or in the clear.</summary>
    internal byte[] Finished(bool isProtected, bool isRight = true)
    {
        byte[] verify = VerifyData(_isServer);
        verify[3] ^= (byte)(isRight ? 0 : 1);
        byte[] fragment = TestBed.Fragment(HandshakeType.Finished, NextMessage, verify);
        NextMessage++;
        Hash(HandshakeType.Finished, fragment);
        _finished = fragment;
        return isProtected ? Protect(ContentType.Handshake, fragment) : TestBed.Record(ContentType.Handshake, 0, NextRecord++, fragment);
    }

    /// <summary>The last Finished, header and body.</summary>
    internal byte[] LastFinished
    {
        get { return _finished; }
    }

    /// <summary>The last Finished once more, in a record of its own; changed, where somebody wants that.</summary>
    internal byte[] FinishedAgain(Action<byte[]>? change = null)
    {
        byte[] fragment = (byte[])_finished.Clone();
        change?.Invoke(fragment);
        return Protect(ContentType.Handshake, fragment);
    }

    internal byte[] ChangeCipherSpec()
    {
        return TestBed.Record(ContentType.ChangeCipherSpec, 0, NextRecord++, 1);
    }

    internal byte[] Protect(int type, params byte[] content)
    {
        const int At = 64;
        byte[] buffer = new byte[At + content.Length + 80];
        Array.Copy(content, 0, buffer, At, content.Length);
        if (_epoch == null)
        {
            DeriveKeys();
        }

        int length = _epoch!.Seal(new RecordHeader(), type, DtlsVersion.Dtls12, buffer, At, content.Length);
        return buffer.AsSpan(At - 8 - 13, length).ToArray();
    }

    internal void DeriveKeys()
    {
        byte[] premaster = new byte[4 + (2 * Key.Length)];
        premaster[1] = (byte)Key.Length;
        premaster[3 + Key.Length] = (byte)Key.Length;
        Array.Copy(Key, 0, premaster, 4 + Key.Length, Key.Length);
        _master = ResumedMaster ?? Prf(premaster, "master secret", ClientRandom.Concat(ServerRandom).ToArray(), 48);
        byte[] keys = Prf(_master, "key expansion", ServerRandom.Concat(ClientRandom).ToArray(), 40);
        RecordProtection client = new AeadProtection(_crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, keys, 0, 8), keys, 32, 4);
        RecordProtection server = new AeadProtection(_crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, keys, 16, 8), keys, 36, 4);

        // Keys that are derived twice are the same keys: no number is used again under them.
        long next = _epoch == null ? 0 : _epoch.NextSequence;
        _epoch = new Epoch(1, _codec, new ReplayWindow(64)) { WriteProtection = _isServer ? server : client, ReadProtection = _isServer ? client : server, NextSequence = next };
    }

    /// <summary>Forgets what was hashed and derived: a handshake begins anew.</summary>
    internal void Restart()
    {
        _transcript.Clear();
        _epoch = null;
        _taken = -1;
    }

    /// <summary>Reads what the engine sent.</summary>
    internal void Take(byte[] datagram)
    {
        RecordHeader header = new RecordHeader();
        for (int at = 0; at < datagram.Length; at = header.End)
        {
            if (!_codec.Read(datagram, at, datagram.Length - at, header))
            {
                throw new InvalidOperationException("The engine sent a malformed record.");
            }

            if (header.Epoch > 0 && (_epoch == null || !_epoch.Open(header, datagram)))
            {
                continue;
            }

            if (header.Type == ContentType.Alert)
            {
                Alerts.Add(((int)header.Epoch, datagram[header.FragmentOffset], datagram[header.FragmentOffset + 1]));
            }
            else if (header.Type == ContentType.Handshake)
            {
                TakeMessage(datagram.AsSpan(header.FragmentOffset, header.FragmentLength).ToArray());
            }
        }
    }

    private void TakeMessage(byte[] fragment)
    {
        int type = fragment[0];
        Received.Add(type);
        int sequence = (fragment[4] << 8) | fragment[5];
        bool begins = type is HandshakeType.HelloVerifyRequest or HandshakeType.ClientHello;
        if (!begins && sequence <= _taken)
        {
            // It was sent again.
            return;
        }

        _taken = sequence;
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
            OfferedId = fragment.AsSpan(47, fragment[46]).ToArray();
            _epoch = null;
        }

        Hash(type, fragment);
        if (type == HandshakeType.ClientKeyExchange || (type == HandshakeType.ServerHello && ResumedMaster != null))
        {
            DeriveKeys();
        }
    }

    private void Hash(int type, byte[] fragment)
    {
        if (type == HandshakeType.HelloVerifyRequest)
        {
            _transcript.Clear();
        }
        else if (type != HandshakeType.HelloRequest)
        {
            _transcript.AddRange(fragment);
        }
    }

    private byte[] VerifyData(bool ofServer)
    {
        HashContext hash = _crypto.CreateHash(CryptoAlgorithm.Sha256);
        byte[] bytes = _transcript.ToArray();
        hash.Update(bytes, 0, bytes.Length);
        byte[] digest = new byte[32];
        hash.Peek(digest, 0);
        if (_epoch == null)
        {
            DeriveKeys();
        }

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
