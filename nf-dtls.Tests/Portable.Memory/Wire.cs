using NfDtls.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>Carries datagrams between a client and a server until neither end has one.</summary>
    internal static class Wire
    {
        internal static void Pump(DtlsClientEngine client, DtlsServerEngine server, byte[] address, long now)
        {
            Take(client, server, now);
            Packet packet = client.PollDatagram(now);
            while (packet != null)
            {
                server.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, address, address.Length, now);
                packet.Return();
                Take(client, server, now);
                packet = client.PollDatagram(now);
            }
        }

        private static void Take(DtlsClientEngine client, DtlsServerEngine server, long now)
        {
            for (Packet packet = server.PollDatagram(now); packet != null; packet = server.PollDatagram(now))
            {
                client.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, now);
                packet.Return();
            }
        }
    }
}
