using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>What is done to two ends that are connected, and to what is between them.</summary>
internal enum Deed
{
    Send,
    Deliver,
    Lose,
    Repeat,
    Forge,
    Wait,
    Close,
}

/// <summary>One deed: by or towards the server or the client, and a number that says which datagram, how long, which bit.</summary>
internal sealed record Step(Deed What, bool OfServer, int Number);

/// <summary>
/// Two ends under any row of deeds, beside a model of them that is a list of datagrams under way: a record is received once, as it
/// was sent, when its datagram comes for the first time; what is repeated, changed or no data gives nothing.
/// </summary>
internal sealed class AssociationModel
{
    /// <summary>Rows of deeds; few enough that no number leaves the replay window.</summary>
    internal static readonly Gen<Step[]> Rows = Gen.Select(
        Gen.FrequencyConst((6, Deed.Send), (6, Deed.Deliver), (1, Deed.Lose), (3, Deed.Repeat), (3, Deed.Forge), (1, Deed.Wait)),
        Gen.Bool,
        Gen.Int[0, 100_000],
        (what, ofServer, number) => new Step(what, ofServer, number)).Array[1, 50];

    private readonly TestBed _bed;
    private readonly Association _server;
    private readonly List<Flying> _flying = [];
    private readonly List<Flying> _past = [];
    private readonly byte[] _buffer = new byte[3000];
    private int _sent;
    private bool _isClosing;

    internal AssociationModel(TestBed bed)
    {
        _bed = bed;
        bed.Network.Echo = false;
        bed.Network.Run(2000);
        _server = bed.ServerAssociation!;
        Now = bed.Network.Now;
    }

    private long Now { get; set; }

    /// <summary>Does the deeds; then, where it is wanted, closes one end; then all that is left arrives.</summary>
    internal void Play(Step[] steps, Step? close)
    {
        foreach (Step step in close == null ? steps : steps.Append(close))
        {
            Do(step);
        }

        while (_flying.Count > 0)
        {
            Arrive(_flying[0], true);
        }

        _bed.Client.Engine.Reset();
        _bed.Server.Reset();
        Collect(null, false);
        _bed.VerifyPools();
    }

    private void Do(Step step)
    {
        Association end = step.OfServer ? _server : _bed.Client.Association;
        switch (step.What)
        {
            case Deed.Send:
                byte[] data = TestBed.Bytes(step.Number % 200, _sent++);
                end.Send(data, 0, data.Length, Now);
                Collect(data, step.OfServer);
                break;
            case Deed.Deliver when _flying.Count > 0:
                Arrive(_flying[step.Number % _flying.Count], true);
                break;
            case Deed.Lose when _flying.Count > 0:
                _flying.RemoveAt(step.Number % _flying.Count);
                break;
            case Deed.Repeat when _past.Count > 0:
                Arrive(_past[step.Number % _past.Count] with { Data = null }, false);
                break;
            case Deed.Forge when _flying.Count > 0:
                Flying flying = _flying[step.Number % _flying.Count];
                byte[] changed = (byte[])flying.Bytes.Clone();
                changed[step.Number / 8 % changed.Length] ^= (byte)(1 << (step.Number % 8));
                Arrive(new Flying(flying.ToServer, changed, null), false);
                break;
            case Deed.Wait:
                Now += step.Number;
                _bed.Client.Engine.HandleTimeout(Now);
                _bed.Server.HandleTimeout(Now);
                Collect(null, false);
                break;
            case Deed.Close:
                _isClosing = true;
                end.Close(step.Number % 5000, Now);
                Collect(null, false);
                break;
        }
    }

    /// <summary>A datagram arrives: what is read then is what the model says.</summary>
    private void Arrive(Flying flying, bool isFirst)
    {
        if (isFirst)
        {
            _flying.Remove(flying);
            _past.Add(flying);
        }

        byte[] copy = (byte[])flying.Bytes.Clone();
        if (flying.ToServer)
        {
            _bed.Server.HandleDatagram(copy, 0, copy.Length, TestBed.Address, TestBed.Address.Length, Now);
        }
        else
        {
            _bed.Client.Engine.HandleDatagram(copy, 0, copy.Length, Now);
        }

        List<byte[]> expected = isFirst && flying.Data != null ? [flying.Data] : [];
        List<byte[]> received = Read(flying.ToServer ? _server : _bed.Client.Association);
        Assert.IsEmpty(Read(flying.ToServer ? _bed.Client.Association : _server), "The other end received something.");
        if (!_isClosing || received.Count > 0)
        {
            Assert.HasCount(expected.Count, received);
            Assert.IsTrue(expected.Zip(received).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), "Other bytes than were sent.");
        }

        Assert.IsTrue(_isClosing || (_server.State == AssociationState.Connected && _bed.Client.State == AssociationState.Connected), "Nobody has closed.");
        Collect(null, false);
    }

    private List<byte[]> Read(Association association)
    {
        List<byte[]> all = [];
        while (association.Pending > 0)
        {
            int length = association.Receive(_buffer, 0);
            all.Add(_buffer[..length]);
        }

        return all;
    }

    /// <summary>Takes what both ends want to send; the first datagram of the end that has just sent holds its data.</summary>
    private void Collect(byte[]? data, bool ofServer)
    {
        while (_bed.Server.PollEvent(out int _) != null)
        {
        }

        _bed.Client.TakeEvents();
        int found = 0;
        for (Packet packet = _bed.Server.PollDatagram(Now); packet != null; packet = _bed.Server.PollDatagram(Now))
        {
            Take(packet, false, ofServer ? data : null, ref found);
        }

        for (Packet packet = _bed.Client.Engine.PollDatagram(Now); packet != null; packet = _bed.Client.Engine.PollDatagram(Now))
        {
            Take(packet, true, ofServer ? null : data, ref found);
        }

        Assert.IsTrue(data == null || found == 1, "A record is a datagram.");
    }

    private void Take(Packet packet, bool toServer, byte[]? data, ref int found)
    {
        byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        found += data == null ? 0 : 1;
        _flying.Add(new Flying(toServer, bytes, data));
    }

    private sealed record Flying(bool ToServer, byte[] Bytes, byte[]? Data);
}
