using NfDtls.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>Carries datagrams between a client and a server until neither end has one.</summary>
    internal static class Wire
    {
        internal static void Pump(DtlsClientEngine client, DtlsServerEngine server, byte[] address, long now)
        {
            // Without a call more than there must be: each stands in the heap.
            Packet packet = null;
            bool any = true;
            while (any)
            {
                any = false;
                for (packet = server.PollDatagram(now); packet != null; packet = server.PollDatagram(now))
                {
                    client.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, now);
                    packet.Return();
                    any = true;
                }

                for (packet = client.PollDatagram(now); packet != null; packet = client.PollDatagram(now))
                {
                    server.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, address, address.Length, now);
                    packet.Return();
                    any = true;
                }
            }
        }
    }
}
