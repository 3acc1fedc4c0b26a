using System;

namespace NfDtls.Tests.Engine;

/// <summary>Either end in the handshake of <see cref="ToyVersion"/>: its number, a random, no session id and a cookie; that is all.</summary>
internal sealed class ToyRole : HandshakeRole
{
    private readonly int[] _script;
    private byte[] _cookie = new byte[0];

    internal ToyRole(ProtocolVersion version, Handshake handshake)
        : base(version, handshake)
    {
        _script = new[] { handshake.IsServer ? HandshakeType.ServerHello : HandshakeType.ClientHello };
    }

    internal override int AskedExtensions
    {
        get { return 0; }
    }

    internal override void Start(HandshakeHost host, long now)
    {
        Handshake.RecordVersion = ToyVersion.WireNumber;
        if (!Handshake.IsServer)
        {
            Handshake.Begin(host, 0, 0, now);
            Handshake.Crypto.Random(Handshake.ClientRandom, 0, Handshake.ClientRandom.Length);
            Handshake.BeginFlight(_script, true, now);
        }
    }

    internal override DtlsError Read(int type, WireReader reader, long now)
    {
        int version = reader.ReadUInt16();
        reader.Skip(Handshake.RandomLength);
        reader.Skip(reader.ReadUInt8());
        reader.Skip(reader.ReadUInt8());
        return version == Version.Number ? DtlsError.None : DtlsError.ProtocolVersion;
    }

    internal override void Write(int type, WireWriter writer)
    {
        writer.WriteUInt16(Version.Number);
        writer.WriteBytes(Handshake.ClientRandom, 0, Handshake.RandomLength);
        writer.WriteUInt8(0);
        writer.WriteUInt8(_cookie.Length);
    }

    internal override void OnMessage(int type, long now)
    {
        if (Handshake.IsServer)
        {
            Handshake.BeginFlight(_script, false, now);
        }
        else
        {
            Handshake.Host.Complete(now);
        }
    }

    internal override bool Skips(int type)
    {
        return false;
    }

    internal override HandshakePart? PartFor(int type)
    {
        return null;
    }

    internal override bool BeginsAnew(int type)
    {
        return false;
    }

    internal override DtlsError OnPassed(int type)
    {
        return DtlsError.None;
    }
}
