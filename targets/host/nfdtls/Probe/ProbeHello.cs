using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace NfDtls.Tool;

/// <summary>A ClientHello that asks a server what it speaks: what it offers, and its bytes. It is good for no handshake, only for an answer.</summary>
internal sealed class ProbeHello
{
    private const int Secp256r1 = NamedGroup.Secp256r1;
    private static readonly int[] Schemes = [0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201];

    private readonly byte[] _random = RandomNumberGenerator.GetBytes(32);
    private byte[]? _share;

    /// <summary>client_version: 0xFEFD, or 0xFEFF for DTLS 1.0 alone.</summary>
    public int Version { get; init; } = 0xFEFD;

    /// <summary>supported_versions, or none.</summary>
    public int[] Versions { get; init; } = [];

    public required int[] Suites { get; init; }

    public required int[] Groups { get; init; }

    /// <summary>The server's name, or null; an address is none.</summary>
    public string? Name { get; init; }

    /// <summary>The cookie of a HelloVerifyRequest.</summary>
    public byte[] Cookie { get; set; } = [];

    /// <summary>The cookie of a HelloRetryRequest, or null.</summary>
    public byte[]? Cookie13 { get; set; }

    /// <summary>The group that a HelloRetryRequest asks a key in, or 0.</summary>
    public int ShareGroup { get; set; }

    /// <summary>The groups that a key can be had in here.</summary>
    public static bool CanShare(int group)
    {
        return group is NamedGroup.X25519 or Secp256r1 or NamedGroup.Secp384r1 or NamedGroup.Secp521r1 or 30;
    }

    /// <summary>The record with the whole message, for this message's and record's number.</summary>
    public byte[] Record(int number)
    {
        byte[] body = Body();
        Bytes record = new Bytes().U8(22).U16(0xFEFF).U16(0).U16(0).U32(number).U16(body.Length + 12);
        record.U8(HandshakeType.ClientHello).U24(body.Length).U16(number).U24(0).U24(body.Length).Add(body);
        return record.ToArray();
    }

    /// <summary>An alert that ends a handshake which goes no further: without it the server would send its flight again and again.</summary>
    public static byte[] Goodbye()
    {
        return new Bytes().U8(21).U16(0xFEFD).U16(0).U16(0).U32(7).U16(2).U8(2).U8(Alert.HandshakeFailure).ToArray();
    }

    private byte[] Body()
    {
        return new Bytes().U16(Version).Add(_random).Vector(1, []).Vector(1, Cookie).Vector(2, Numbers([.. Suites, 0x00FF])).Vector(1, [0]).Vector(2, Extensions()).ToArray();
    }

    private byte[] Extensions()
    {
        Bytes all = new Bytes();
        if (Name != null && !IPAddress.TryParse(Name, out _))
        {
            Put(all, 0, new Bytes().Vector(2, new Bytes().U8(0).Vector(2, Encoding.ASCII.GetBytes(Name)).ToArray()).ToArray());
        }

        Put(all, 10, new Bytes().Vector(2, Numbers(Groups)).ToArray());
        Put(all, 11, [1, 0]);
        Put(all, 13, new Bytes().Vector(2, Numbers(Schemes)).ToArray());
        Put(all, 22, []);
        Put(all, 23, []);

        // The empty ID: this end wants none, and a server that has them says so.
        Put(all, 54, [0]);
        if (Versions.Length > 0)
        {
            Put(all, 43, new Bytes().Vector(1, Numbers(Versions)).ToArray());
            Put(all, 45, [2, 1, 0]);
            Put(all, 51, new Bytes().Vector(2, ShareGroup == 0 ? [] : new Bytes().U16(ShareGroup).Vector(2, Share()).ToArray()).ToArray());
            if (Cookie13 != null)
            {
                Put(all, 44, new Bytes().Vector(2, Cookie13).ToArray());
            }
        }

        return all.ToArray();
    }

    /// <summary>A public key of the group that is asked for; that nobody has the private one is all the same.</summary>
    private byte[] Share()
    {
        if (_share != null)
        {
            return _share;
        }

        ECCurve? curve = ShareGroup switch
        {
            Secp256r1 => ECCurve.NamedCurves.nistP256,
            NamedGroup.Secp384r1 => ECCurve.NamedCurves.nistP384,
            NamedGroup.Secp521r1 => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        if (curve == null)
        {
            return _share = RandomNumberGenerator.GetBytes(ShareGroup == NamedGroup.X25519 ? 32 : 56);
        }

        using ECDiffieHellman pair = ECDiffieHellman.Create(curve.Value);
        ECPoint point = pair.ExportParameters(false).Q;
        return _share = [4, .. point.X!, .. point.Y!];
    }

    private static void Put(Bytes all, int type, byte[] content)
    {
        all.U16(type).Vector(2, content);
    }

    private static byte[] Numbers(int[] numbers)
    {
        Bytes bytes = new Bytes();
        Array.ForEach(numbers, n => bytes.U16(n));
        return bytes.ToArray();
    }

    /// <summary>Writes numbers and vectors as TLS has them.</summary>
    private sealed class Bytes
    {
        private readonly List<byte> _bytes = [];

        public Bytes U8(int value)
        {
            _bytes.Add((byte)value);
            return this;
        }

        public Bytes U16(int value)
        {
            return U8(value >> 8).U8(value);
        }

        public Bytes U24(int value)
        {
            return U8(value >> 16).U16(value);
        }

        public Bytes U32(int value)
        {
            return U16(value >> 16).U16(value);
        }

        public Bytes Add(byte[] bytes)
        {
            _bytes.AddRange(bytes);
            return this;
        }

        public Bytes Vector(int lengthBytes, byte[] bytes)
        {
            return (lengthBytes == 1 ? U8(bytes.Length) : U16(bytes.Length)).Add(bytes);
        }

        public byte[] ToArray()
        {
            return [.. _bytes];
        }
    }
}
