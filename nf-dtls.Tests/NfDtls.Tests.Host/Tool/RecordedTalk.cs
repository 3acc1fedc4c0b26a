using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using NfDtls.Server;

namespace NfDtls.Tests.Host;

/// <summary>A client and a server of one process that talk by passing datagrams, with a time of their own; what they say is kept as a capture.</summary>
internal sealed class RecordedTalk
{
    private const int MaxRounds = 10_000;
    private static readonly byte[] ClientAddress = [127, 0, 0, 1, 0x9C, 0x40];

    private readonly DtlsClientEngine _client;
    private readonly DtlsServerEngine _server;
    private readonly SecretLines _secrets = new SecretLines();
    private readonly List<(bool FromClient, int Port, byte[] Bytes)> _datagrams = [];
    private readonly byte[] _buffer = new byte[16384];
    private long _now = 1000;
    private int _port = 40000;

    public RecordedTalk(DtlsOptions client, DtlsOptions server)
    {
        client.KeyLog = _secrets;
        _client = new DtlsClientEngine(client);
        _server = new DtlsServerEngine(server);
    }

    /// <summary>Lines of the key log.</summary>
    public string Secrets => _secrets.Text.ToString();

    public Association Client => _client.Association;

    public Association Server => _server.At(0);

    public IReadOnlyList<(bool FromClient, int Port, byte[] Bytes)> Datagrams => _datagrams;

    public long Now => _now;

    public RecordedTalk Connect()
    {
        _client.Connect(_now);
        Until(() => Client.State == AssociationState.Connected && _server.SessionCount > 0 && Server.State == AssociationState.Connected);
        Pass(5);
        return this;
    }

    /// <summary>The client says something, which the server says back.</summary>
    public RecordedTalk Say(string text)
    {
        byte[] data = Encoding.UTF8.GetBytes(text);
        _client.Association.Send(data, 0, data.Length, _now);
        Pass(3);
        _server.At(0).Send(data, 0, data.Length, _now);
        Pass(3);
        return this;
    }

    /// <summary>From now on the client is at another port.</summary>
    public void Move()
    {
        _port++;
    }

    public void Pass(int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            Round();
        }
    }

    /// <summary>A capture in the form of pcap, of bare IP.</summary>
    public byte[] Pcap()
    {
        using MemoryStream bytes = new MemoryStream();
        using BinaryWriter writer = new BinaryWriter(bytes);
        writer.Write(0xA1B2C3D4u);
        writer.Write((ushort)2);
        writer.Write((ushort)4);
        writer.Write(0L);
        writer.Write(65535);
        writer.Write(101);
        for (int i = 0; i < _datagrams.Count; i++)
        {
            byte[] packet = Packet(_datagrams[i].FromClient, _datagrams[i].Port, _datagrams[i].Bytes);
            writer.Write(i);
            writer.Write(1000);
            writer.Write(packet.Length);
            writer.Write(packet.Length);
            writer.Write(packet);
        }

        return bytes.ToArray();
    }

    /// <summary>The same in the form of pcapng, of Ethernet.</summary>
    public byte[] Pcapng()
    {
        using MemoryStream bytes = new MemoryStream();
        using BinaryWriter writer = new BinaryWriter(bytes);
        Block(writer, 0x0A0D0D0A, [0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        Block(writer, 1, [1, 0, 0, 0, 0, 0, 4, 0]);
        for (int i = 0; i < _datagrams.Count; i++)
        {
            byte[] packet = [.. new byte[12], 8, 0, .. Packet(_datagrams[i].FromClient, _datagrams[i].Port, _datagrams[i].Bytes)];
            byte[] head = new byte[20];
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), 1_000_000 * i);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), packet.Length);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), packet.Length);
            Block(writer, 6, [.. head, .. packet, .. new byte[-packet.Length & 3]]);
        }

        return bytes.ToArray();
    }

    private static void Block(BinaryWriter writer, uint type, byte[] body)
    {
        writer.Write(type);
        writer.Write(body.Length + 12);
        writer.Write(body);
        writer.Write(body.Length + 12);
    }

    private static byte[] Packet(bool fromClient, int port, byte[] data)
    {
        byte[] packet = new byte[28 + data.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[9] = 17;
        new byte[] { 127, 0, 0, 1, 127, 0, 0, 1 }.CopyTo(packet, 12);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), (ushort)(fromClient ? port : 5684));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), (ushort)(fromClient ? 5684 : port));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)(8 + data.Length));
        data.CopyTo(packet, 28);
        return packet;
    }

    private void Until(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            if (i == MaxRounds)
            {
                throw new InvalidOperationException("It does not come about: " + Client.State + " " + Client.LastError);
            }

            Round();
        }
    }

    private void Round()
    {
        _now += 10;
        for (NfDtls.Packet packet = _client.PollDatagram(_now); packet != null; packet = _client.PollDatagram(_now))
        {
            int count = Take(packet, fromClient: true);
            BinaryPrimitives.WriteUInt16BigEndian(ClientAddress.AsSpan(4), (ushort)_port);
            _server.HandleDatagram(_buffer, 0, count, ClientAddress, ClientAddress.Length, _now);
        }

        for (NfDtls.Packet packet = _server.PollDatagram(_now); packet != null; packet = _server.PollDatagram(_now))
        {
            int count = Take(packet, fromClient: false);
            _client.HandleDatagram(_buffer, 0, count, _now);
        }

        _client.HandleTimeout(_now);
        _server.HandleTimeout(_now);
        while (_server.PollEvent(out _) != null)
        {
            // What happens is seen at the associations.
        }
    }

    private int Take(NfDtls.Packet packet, bool fromClient)
    {
        int count = packet.CopyTo(_buffer, 0);
        _datagrams.Add((fromClient, _port, _buffer.AsSpan(0, count).ToArray()));
        packet.Return();
        return count;
    }

    private sealed class SecretLines : KeyLog
    {
        public readonly StringBuilder Text = new StringBuilder();

        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
            Write("CLIENT_RANDOM", clientRandom, masterSecret);
        }

        public override void Write(string label, byte[] clientRandom, byte[] secret)
        {
            Text.Append(CultureInfo.InvariantCulture, $"{label} {Convert.ToHexStringLower(clientRandom)} {Convert.ToHexStringLower(secret)}\n");
        }
    }
}
