using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>A <see cref="ScriptedPeer13"/> before a server engine.</summary>
internal sealed class ScriptedClient13
{
    private const int MostSteps = 50;

    private readonly byte[] _address;

    internal ScriptedClient13(DtlsServerEngine server, byte[]? address = null)
    {
        Server = server;
        _address = address ?? TestBed.Address;
    }

    internal DtlsServerEngine Server { get; }

    internal ScriptedPeer13 Peer { get; } = new(false);

    internal long Now { get; set; } = 5_000_000;

    internal int Answers { get; private set; }

    internal void Send(byte[] datagram)
    {
        byte[] copy = (byte[])datagram.Clone();
        Server.HandleDatagram(copy, 0, copy.Length, _address, _address.Length, Now);
        TakeAnswers();
        for (int i = 0; i < MostSteps && Server.NextDeadline <= Now; i++)
        {
            Server.HandleTimeout(Now);
            TakeAnswers();
        }
    }

    internal void SendHello()
    {
        Send(Peer.Message(0, HandshakeType.ClientHello, Peer.ClientHelloBody()));
    }

    /// <summary>Both hellos: the server has answered with its flight.</summary>
    internal ScriptedClient13 Hello()
    {
        SendHello();
        SendHello();
        return this;
    }

    private void TakeAnswers()
    {
        for (Packet packet = Server.PollDatagram(Now); packet != null; packet = Server.PollDatagram(Now))
        {
            Answers++;
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            Peer.Take(bytes);
        }

        Exception? failure = Server.TakeFailure();
        Assert.IsNull(failure, failure?.Message);
    }
}
