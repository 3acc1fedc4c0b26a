using System;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates;

/// <summary>A <see cref="CertificatePeer"/> as a client of a server engine.</summary>
internal sealed class AgainstServer
{
    private static readonly byte[] s_address = TestBed.Address;

    internal AgainstServer(DtlsOptions options)
    {
        Server = new DtlsServerEngine(options);
    }

    internal DtlsServerEngine Server { get; }

    internal CertificatePeer Peer { get; } = new CertificatePeer(false);

    internal DtlsError Error
    {
        get { return Server.At(0) == null ? DtlsError.None : Server.At(0).LastError; }
    }

    internal bool IsConnected
    {
        get { return Server.Statistics.HandshakesCompleted == 1; }
    }

    /// <summary>Both hellos: the server has answered with its flight.</summary>
    internal AgainstServer Hello()
    {
        return Send(HandshakeType.ClientHello, Peer.ClientHello()).Send(HandshakeType.ClientHello, Peer.ClientHello());
    }

    internal AgainstServer Send(int type, byte[] body)
    {
        return Send(Peer.Message(type, body));
    }

    internal AgainstServer Send(byte[] datagram)
    {
        byte[] copy = (byte[])datagram.Clone();
        Server.HandleDatagram(copy, 0, copy.Length, s_address, s_address.Length, 1);
        while (true)
        {
            for (Packet packet = Server.PollDatagram(1); packet != null; packet = Server.PollDatagram(1))
            {
                byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
                packet.Return();
                Peer.Take(bytes);
            }

            if (Server.NextDeadline > 1)
            {
                return this;
            }

            Server.HandleTimeout(1);
        }
    }

    internal AgainstServer Certificate(params Identity[] identities)
    {
        return Send(HandshakeType.Certificate, CertificatePeer.Certificate(Array.ConvertAll(identities, identity => identity.End.Der)));
    }

    internal AgainstServer KeyExchange()
    {
        return Send(HandshakeType.ClientKeyExchange, Peer.ClientKeyExchange());
    }

    internal AgainstServer Verify(Identity identity, int scheme = 0x0403)
    {
        return Send(HandshakeType.CertificateVerify, Peer.CertificateVerify(identity.End.Key, scheme));
    }

    internal AgainstServer Finish()
    {
        return Send(Peer.ChangeCipherSpec()).Send(Peer.Finished());
    }
}
