using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Projects.Drawings;

/// <summary>
/// A handshake of two engines in virtual time, written down turn by turn as it went over the wire: epochs from the records, names of
/// messages from what is in the clear and, for the rest, from what the engines trace.
/// </summary>
internal sealed class PlayedHandshake
{
    private static readonly byte[] Address = [1, 2, 3, 4, 5, 6];

    private readonly Notes _client = new();
    private readonly Notes _server = new();
    private readonly Predicate<int> _isLost;
    private long _now = 1_000_000;
    private long _quietSince;

    private PlayedHandshake(Predicate<int> isLost)
    {
        _isLost = isLost;
    }

    /// <summary>Bytes of UDP payload of each datagram.</summary>
    internal List<int> Sizes { get; } = [];

    /// <summary>What a record of data is longer than its content.</summary>
    internal int RecordOverhead { get; private set; }

    internal List<Turn> Turns { get; } = [];

    /// <summary>Runs it until both ends are connected.</summary>
    /// <param name="client">The client's options.</param>
    /// <param name="server">The server's.</param>
    /// <param name="isLost">Whether a turn, counted from 0, is lost.</param>
    internal static PlayedHandshake Of(DtlsOptions client, DtlsOptions server, Predicate<int>? isLost = null)
    {
        PlayedHandshake played = new(isLost ?? (_ => false));
        client.Trace = played._client;
        server.Trace = played._server;
        DtlsClientEngine engine = new(client);
        played.Run(engine, new DtlsServerEngine(server));
        engine.Association.Send(new byte[100], 0, 100, played._now);
        Packet record = engine.PollDatagram(played._now);
        played.RecordOverhead = record.Length - 100;
        record.Return();
        return played;
    }

    private void Run(DtlsClientEngine client, DtlsServerEngine server)
    {
        client.Connect(_now);
        _quietSince = _now;
        for (int i = 0; i < 1_000_000; i++)
        {
            byte[][] asked = Take(client, _client, true);
            foreach (byte[] datagram in asked)
            {
                server.HandleDatagram(datagram, 0, datagram.Length, Address, Address.Length, _now);
            }

            byte[][] answered = Take(server, _server, false);
            foreach (byte[] datagram in answered)
            {
                client.HandleDatagram(datagram, 0, datagram.Length, _now);
            }

            bool isConnected = client.Association.State == AssociationState.Connected && server.SessionCount == 1;
            if (isConnected && asked.Length == 0 && answered.Length == 0)
            {
                return;
            }

            if (asked.Length == 0 && answered.Length == 0)
            {
                _now = Math.Max(_now, Math.Min(client.NextDeadline, server.NextDeadline));
            }

            if (client.NextDeadline <= _now)
            {
                client.HandleTimeout(_now);
            }

            if (server.NextDeadline <= _now)
            {
                server.HandleTimeout(_now);
            }
        }

        Assert.Fail("They never come to an end: " + string.Join("; ", Turns));
    }

    /// <summary>What an end has to send now, which is a turn of its own; nothing where that is lost.</summary>
    private byte[][] Take(DtlsEngine engine, Notes notes, bool isClients)
    {
        List<byte[]> datagrams = [];
        for (Packet packet = engine.PollDatagram(_now); packet != null; packet = engine.PollDatagram(_now))
        {
            byte[] datagram = new byte[packet.Length];
            packet.CopyTo(datagram, 0);
            packet.Return();
            datagrams.Add(datagram);
        }

        if (datagrams.Count == 0)
        {
            return [];
        }

        Sizes.AddRange(datagrams.Select(datagram => datagram.Length));
        bool isLost = _isLost(Turns.Count);
        Turn turn = new(isClients) { IsLost = isLost, Waited = _now - _quietSince };
        foreach ((string name, int epoch) in datagrams.SelectMany(notes.Read))
        {
            turn.Add(name, epoch);
        }

        notes.EndTurn();
        Turns.Add(turn);
        _quietSince = _now;
        return isLost ? [] : [.. datagrams];
    }

    /// <summary>What an end traced of messages whose records do not show them.</summary>
    private sealed class Notes : TraceSink
    {
        private readonly List<string> _written = [];
        private string[] _last = [];
        private List<string>? _open;

        public override void Write(string what, int a, int b)
        {
            if (what == "message sent")
            {
                _written.Add(DtlsNames.OfMessage(a));
            }
            else if (what == "ack sent")
            {
                _written.Add("ACK");
            }
        }

        internal void EndTurn()
        {
            _open = null;
        }

        /// <summary>The messages of a datagram's records, which are one each here. Where nothing was written it is what was sent before.</summary>
        internal IEnumerable<(string Name, int Epoch)> Read(byte[] datagram)
        {
            if (_written.Count > 0)
            {
                _last = [.. _written];
                _written.Clear();
            }

            _open ??= [.. _last];
            for (int at = 0; at < datagram.Length;)
            {
                bool isUnified = (datagram[at] & 0xE0) == 0x20;
                int epoch = isUnified ? datagram[at] & 3 : (datagram[at + 3] << 8) | datagram[at + 4];
                int header = isUnified ? 1 + ((datagram[at] & 8) != 0 ? 2 : 1) + ((datagram[at] & 4) != 0 ? 2 : 0) : 13;
                int length = isUnified && (datagram[at] & 4) == 0 ? datagram.Length - at - header : (datagram[at + header - 2] << 8) | datagram[at + header - 1];
                string name = epoch == 0 ? PlainName(datagram, at, header) : _open.FirstOrDefault() ?? "nobody's record";
                _open.Remove(name);
                yield return (name, epoch);
                at += header + length;
            }
        }

        private static string PlainName(byte[] datagram, int at, int header)
        {
            if (datagram[at] != 22)
            {
                return datagram[at] == 20 ? "ChangeCipherSpec" : "alert " + datagram[at + header + 1];
            }

            string name = DtlsNames.OfMessage(datagram[at + header]);
            return name == "ServerHello" && IsRetry(datagram, at + header) ? "HelloRetryRequest" : name;
        }

        /// <summary>By the random that stands for it (RFC 8446 section 4.1.3), behind a header of 12 bytes and a version.</summary>
        private static bool IsRetry(byte[] datagram, int at)
        {
            byte[] random = Convert.FromHexString("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C");
            return datagram.AsSpan(at + 14, 32).SequenceEqual(random);
        }
    }
}
