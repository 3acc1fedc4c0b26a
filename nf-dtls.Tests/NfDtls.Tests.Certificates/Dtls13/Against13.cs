using System;
using NfDtls.Server;
using NfDtls.Tests.Engine;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Certificates;

/// <summary>A <see cref="Peer13"/> as the client of a server engine.</summary>
internal sealed class AgainstServer13
{
    private static readonly byte[] s_address = TestBed.Address;

    internal AgainstServer13(DtlsOptions options)
    {
        Server = new DtlsServerEngine(options);
    }

    internal DtlsServerEngine Server { get; }

    internal Peer13 Peer { get; } = new Peer13(false);

    internal Association? Association => Server.At(0);

    internal DtlsError Error => Association == null ? DtlsError.None : Association.LastError;

    internal bool IsConnected => Server.Statistics.HandshakesCompleted == 1;

    /// <summary>Both hellos: the server has answered with its flight.</summary>
    internal AgainstServer13 Hello()
    {
        return Send(M.ClientHello, Peer.ClientHello()).Send(M.ClientHello, Peer.ClientHello());
    }

    internal AgainstServer13 Send(int type, byte[] body)
    {
        return Send(Peer.Message(type, body));
    }

    internal AgainstServer13 Send(byte[] datagram)
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

    internal AgainstServer13 Certificate(Identity identity)
    {
        return Send(M.Certificate, Peer13.Certificate(identity));
    }

    internal AgainstServer13 Verify(Identity identity, int scheme = SignatureScheme.EcdsaSecp256r1Sha256)
    {
        return Send(M.CertificateVerify, Peer.CertificateVerify(identity.End.Key, scheme));
    }

    internal AgainstServer13 Finish()
    {
        return Send(M.Finished, Peer.Finished());
    }
}

/// <summary>A <see cref="Peer13"/> as the server of a client engine.</summary>
internal sealed class AgainstClient13
{
    internal AgainstClient13(DtlsOptions options)
    {
        Client = new DtlsClientEngine(options);
        Client.Connect(0);
        Run();
    }

    internal DtlsClientEngine Client { get; }

    internal Peer13 Peer { get; } = new Peer13(true);

    internal DtlsError Error => Client.Association.LastError;

    /// <summary>The client has verified all, and sent its Finished.</summary>
    internal bool HasFinished => Peer.Received.Contains(M.Finished);

    internal AgainstClient13 Send(int type, byte[] body)
    {
        return Send(Peer.Message(type, body));
    }

    internal AgainstClient13 Send(byte[] datagram)
    {
        byte[] copy = (byte[])datagram.Clone();
        Client.HandleDatagram(copy, 0, copy.Length, 1);
        Run();
        return this;
    }

    /// <summary>Hello and EncryptedExtensions.</summary>
    internal AgainstClient13 Begin()
    {
        return Send(M.ServerHello, Peer.ServerHello()).Send(8, [0, 0]);
    }

    internal AgainstClient13 Certificate(Identity identity)
    {
        return Send(M.Certificate, Peer13.Certificate(identity));
    }

    internal AgainstClient13 Verify(Identity identity, int scheme = SignatureScheme.EcdsaSecp256r1Sha256)
    {
        return Send(M.CertificateVerify, Peer.CertificateVerify(identity.End.Key, scheme));
    }

    internal AgainstClient13 Finish()
    {
        return Send(M.Finished, Peer.Finished());
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
