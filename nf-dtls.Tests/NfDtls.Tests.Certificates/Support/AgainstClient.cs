using System;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates;

/// <summary>A <see cref="CertificatePeer"/> as the server of a client engine.</summary>
internal sealed class AgainstClient
{
    internal AgainstClient(DtlsOptions options)
    {
        Client = new DtlsClientEngine(options);
        Client.Connect(0);
        Run();
    }

    internal DtlsClientEngine Client { get; }

    internal CertificatePeer Peer { get; } = new CertificatePeer(true);

    internal DtlsError Error
    {
        get { return Client.Association.LastError; }
    }

    internal AgainstClient Send(int type, byte[] body)
    {
        return Send(Peer.Message(type, body));
    }

    internal AgainstClient Send(byte[] datagram)
    {
        byte[] copy = (byte[])datagram.Clone();
        Client.HandleDatagram(copy, 0, copy.Length, 1);
        Run();
        return this;
    }

    /// <summary>Hello and certificate.</summary>
    internal AgainstClient Begin(Identity identity)
    {
        return Send(HandshakeType.ServerHello, Peer.ServerHello()).Send(HandshakeType.Certificate, CertificatePeer.Certificate(identity.End.Der));
    }

    internal AgainstClient Finish()
    {
        return Send(Peer.ChangeCipherSpec()).Send(Peer.Finished());
    }

    private void Run()
    {
        while (true)
        {
            for (Packet packet = Client.PollDatagram(1); packet != null; packet = Client.PollDatagram(1))
            {
                byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
                packet.Return();
                Peer.Take(bytes);
            }

            if (Client.NextDeadline > 1)
            {
                return;
            }

            Client.HandleTimeout(1);
        }
    }
}
