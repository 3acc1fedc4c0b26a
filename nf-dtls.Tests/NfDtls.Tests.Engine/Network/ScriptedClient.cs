using System;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>A <see cref="ScriptedPeer"/> before a server engine.</summary>
internal sealed class ScriptedClient
{
    private readonly byte[] _address;

    internal ScriptedClient(DtlsServerEngine server, byte[] address)
    {
        Server = server;
        _address = address;
    }

    internal DtlsServerEngine Server { get; }

    internal ScriptedPeer Peer { get; } = new ScriptedPeer(false);

    internal long Now { get; set; } = 5_000_000;

    internal int Answers { get; private set; }

    internal int LastAnswerLength { get; private set; }

    internal Association? Association
    {
        get { return Server.Find(_address, _address.Length); }
    }

    internal void Send(byte[] datagram)
    {
        byte[] copy = (byte[])datagram.Clone();
        Server.HandleDatagram(copy, 0, copy.Length, _address, _address.Length, Now);
        TakeAnswers();
    }

    internal void TakeAnswers()
    {
        for (Packet packet = Server.PollDatagram(Now); packet != null; packet = Server.PollDatagram(Now))
        {
            Answers++;
            LastAnswerLength = packet.Length;
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            Peer.Take(bytes);
        }

        System.Exception? failure = Server.TakeFailure();
        if (failure != null)
        {
            throw new System.InvalidOperationException("Something threw inside of the engine: " + failure.Message, failure);
        }
    }

    internal void SendHello()
    {
        Send(Peer.Message(HandshakeType.ClientHello, Peer.ClientHelloBody()));
    }

    /// <summary>Both hellos: the server has answered with its flight.</summary>
    internal ScriptedClient Hello()
    {
        SendHello();
        SendHello();
        return this;
    }

    internal ScriptedClient Complete()
    {
        Hello();
        Send(Peer.Message(HandshakeType.ClientKeyExchange, Peer.ClientKeyExchangeBody()));
        Send(Peer.ChangeCipherSpec());
        Send(Peer.Finished(true));
        return this;
    }
}
