using System;
using System.Collections.Generic;
using System.Linq;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates.Fuzz;

/// <summary>
/// Two ends that are stopped in the middle of what they do, and an attacker who then speaks to one of them: in datagrams of his own, in
/// records under the right keys, or in handshake messages under them. So he reaches every state of either role in either version.
/// </summary>
internal sealed class Duel
{
    private const int Raw = 0;
    private const int Records = 1;
    private const int Messages = 2;
    private const int MostStates = 32;

    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");

    private readonly TestBed _bed;
    private readonly int _state;
    private int _datagrams;

    private Duel(TestBed bed, int state)
    {
        _bed = bed;
        _state = state;
    }

    /// <summary>Plays an input: who is attacked, how, and in which state in its first byte; then pieces with their lengths.</summary>
    internal static void Play(string kind, ReadOnlySpan<byte> input)
    {
        if (input.Length == 0)
        {
            return;
        }

        bool ofServer = (input[0] & 1) != 0;
        int mode = ((input[0] >> 1) & 3) % 3;
        Duel duel = new(Make(kind), (input[0] >> 3) % MostStates);
        duel.Begin();
        foreach (byte[] piece in Pieces(input[1..]))
        {
            duel.Attack(ofServer, mode, piece);
        }

        duel.End();
    }

    /// <summary>What two honest ends of a kind say to each other: a seed for each state and way.</summary>
    internal static IEnumerable<byte[]> Seeds(string kind)
    {
        TestBed bed = Make(kind);
        Duel duel = new(bed, MostStates - 1);
        duel.Begin();
        List<Datagram> sent = bed.Network.Sent.Take(MostStates - 1).ToList();
        for (int state = 0; state < sent.Count; state++)
        {
            byte role = (byte)(sent[state].ToServer ? 1 : 0);
            byte[] bytes = sent[state].Bytes;
            yield return [(byte)(role | (Raw << 1) | (state << 3)), (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
            if (bytes.Length > 25 && bytes[0] == ContentType.Handshake && bytes[4] == 0)
            {
                byte[] body = bytes[25..Math.Min(bytes.Length, 25 + 400)];
                byte[] message = [bytes[13], (byte)bytes[18], .. body];
                yield return [(byte)(role | (Messages << 1) | (state << 3)), (byte)(message.Length >> 8), (byte)message.Length, .. message];
            }
        }

        foreach (byte role in new byte[] { 0, 1 })
        {
            foreach (byte[] record in new byte[][] { [21, 1, 0], [21, 2, 40], [20, 1], [23, 1, 2, 3], [27, 0, 1, 2, 3, 4, 5, 6, 7, 8], [26, 0, 0], [22, 24, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0] })
            {
                yield return [(byte)(role | (Records << 1) | ((MostStates - 1) << 3)), 0, (byte)record.Length, .. record];
            }
        }
    }

    private static IEnumerable<byte[]> Pieces(ReadOnlySpan<byte> input)
    {
        List<byte[]> pieces = [];
        while (input.Length > 2 && pieces.Count < 16)
        {
            int length = Math.Min((input[0] << 8) | input[1], input.Length - 2);
            pieces.Add(input.Slice(2, length).ToArray());
            input = input[(2 + length)..];
        }

        return pieces;
    }

    private static TestBed Make(string kind)
    {
        DtlsOptions client;
        DtlsOptions server;
        switch (kind)
        {
            case "psk12":
                client = TestBed.Options(1);
                server = TestBed.Options(2);
                break;
            case "psk13":
                client = Psk13(false, 1);
                server = Psk13(true, 2);
                break;
            case "cert12":
                client = Setup.Client(Setup.One(EcdheSuites.EcdsaAes128Ccm8), Setup.Store(s_client, s_server), new SeededProvider(Setup.Crypto(), 1));
                server = Setup.Server(Setup.One(EcdheSuites.EcdsaAes128Ccm8), Setup.Store(s_server, s_client), ClientCertificates.Request, new SeededProvider(Setup.Crypto(), 2));
                break;
            case "cert13":
                client = Setup13.Client(Setup.Store(s_client, s_server), null, new SeededProvider(Setup.Crypto(), 1));
                server = Setup13.Server(Setup.Store(s_server, s_client), ClientCertificates.Request, null, new SeededProvider(Setup.Crypto(), 2));
                break;
            default:
                throw new ArgumentException("There is no kind " + kind + ".", nameof(kind));
        }

        bool is13 = kind.EndsWith("13", StringComparison.Ordinal);
        client.Features = Features(is13);
        server.Features = Features(is13);
        return new TestBed(client, server);
    }

    private static Feature[] Features(bool is13)
    {
        Feature[] both = [new ConnectionIdFeature(4), new ReturnRoutability(), new SessionResumption()];
        return is13 ? both : [.. both, new Renegotiation { AllowPeer = true }];
    }

    private static DtlsOptions Psk13(bool isServer, int seed)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Suites = Suites13.Constrained();
        options.Versions = new VersionTable().Add(isServer ? new ServerVersion13([], true) : new Version13([], true));
        return options;
    }

    /// <summary>Both go on until so many datagrams were sent; then nothing more comes of theirs.</summary>
    private void Begin()
    {
        _bed.Network.AutoRelease = false;
        _bed.Network.Filter = _ => _datagrams++ < _state;
        _bed.Client.Engine.Connect(_bed.Network.Now);
        _bed.Network.Run(() => _datagrams > _state, 500);
        if (_bed.Client.State == AssociationState.Connected && _bed.ServerAssociation?.State == AssociationState.Connected)
        {
            _bed.Client.Association.Send(new byte[3], 0, 3, _bed.Network.Now);
            _bed.Network.Run(300);
        }
    }

    private void Attack(bool ofServer, int mode, byte[] piece)
    {
        byte[] bytes = piece;
        Association? speaker = ofServer ? _bed.Client.Association : _bed.Server.At(0);
        bool isKeyed = speaker?.WriteEpoch?.WriteProtection != null && speaker.WriteEpoch.Number > 0 && speaker.WriteEpoch.MaySeal;
        if (mode != Raw && piece.Length > 2)
        {
            int type = mode == Messages ? ContentType.Handshake : piece[0];
            byte[] content = mode == Messages ? TestBed.Fragment(piece[0], piece[1], piece[2..]) : piece[1..];
            bytes = isKeyed && content.Length < 4000 ? TestBed.Seal(speaker!, type, content) : TestBed.Record(type, 0, 500, content);
        }

        _bed.Network.Deliver(ofServer, TestBed.Address, bytes);
        _bed.Network.Run(50);
        foreach (Association? association in new[] { _bed.Client.Association, _bed.Server.At(0) })
        {
            while (association != null && association.Pending > 0)
            {
                association.Receive(new byte[20_000], 0);
            }
        }
    }

    /// <summary>Whatever was said, everything is back when both have ended.</summary>
    private void End()
    {
        _bed.Network.Run(1000);
        _bed.Client.Engine.Reset();
        _bed.Server.Reset();
        _bed.Network.Flush();
        _bed.VerifyPools();
    }
}
