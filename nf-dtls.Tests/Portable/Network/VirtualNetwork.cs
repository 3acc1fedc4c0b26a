using System;
using System.Collections;
using NfDtls.Server;

namespace NfDtls.Tests
{
    /// <summary>
    /// A network in virtual time between one server, which sends back what it receives, and its clients. It goes from event to
    /// event, a delivery or a deadline; the same seed gives the same run.
    /// </summary>
    internal sealed class VirtualNetwork
    {
        private const int Latency = 10;
        private const int LongestDelay = 3000;
        private const int MostEventsAtOneTime = 10000;

        private readonly SeededRandom _random;
        private readonly ArrayList _flying = new ArrayList();
        private readonly ArrayList _clients = new ArrayList();
        private readonly byte[] _echo = new byte[1300];

        internal VirtualNetwork(int seed)
        {
            _random = new SeededRandom(seed);
        }

        internal delegate bool Condition();

        /// <summary>Asked about every datagram sent: true lets it pass. It may change the bytes, or send others.</summary>
        internal delegate bool Asked(Datagram datagram);

        internal delegate void KeyWanted(PskRequest request);

        /// <summary>Milliseconds; begins far from zero so that nobody takes zero for "now".</summary>
        internal long Now = 1000000;

        internal DtlsServerEngine Server;

        /// <summary>Chances in percent.</summary>
        internal int Drop { get; set; }

        internal int Duplicate { get; set; }

        /// <summary>The chance that a datagram takes up to 3 s longer, and is overtaken.</summary>
        internal int Delay { get; set; }

        internal Asked Filter { get; set; }

        internal KeyWanted PskWanted { get; set; }

        /// <summary>Datagrams that engines sent, and their bytes.</summary>
        internal int Sent;

        internal int SentBytes;

        internal TestClient Add(DtlsClientEngine engine, byte[] address)
        {
            TestClient client = new TestClient(engine, address);
            _clients.Add(client);
            return client;
        }

        /// <summary>Puts a datagram on its way that no engine sent.</summary>
        internal void Inject(bool toServer, byte[] address, byte[] bytes, int delay)
        {
            Datagram datagram = new Datagram();
            datagram.ToServer = toServer;
            datagram.Address = address;
            datagram.Bytes = bytes;
            datagram.Number = -1;
            datagram.Due = Now + delay;
            _flying.Add(datagram);
        }

        /// <summary>Goes from event to event until the condition holds (true) or this many milliseconds passed (false).</summary>
        internal bool Run(Condition until, long milliseconds)
        {
            long end = Now + milliseconds;
            int atOneTime = 0;
            while (true)
            {
                Flush();
                if (until != null && until())
                {
                    return true;
                }

                long next = NextEvent();
                if (next > end)
                {
                    Now = end;
                    return false;
                }

                atOneTime = next > Now ? 0 : atOneTime + 1;
                if (atOneTime > MostEventsAtOneTime)
                {
                    throw new InvalidOperationException("Time stands still: an engine wants to be called again and again.");
                }

                Now = next > Now ? next : Now;
                Step();
            }
        }

        internal void Run(long milliseconds)
        {
            Run(null, milliseconds);
        }

        private void Step()
        {
            Datagram datagram = First();
            if (datagram != null && datagram.Due <= Now)
            {
                _flying.Remove(datagram);
                Deliver(datagram);
                return;
            }

            if (Server.NextDeadline <= Now)
            {
                Server.HandleTimeout(Now);
            }

            for (int c = 0; c < _clients.Count; c++)
            {
                TestClient client = (TestClient)_clients[c];
                if (client.Engine.NextDeadline <= Now)
                {
                    client.Engine.HandleTimeout(Now);
                }
            }
        }

        private void Deliver(Datagram datagram)
        {
            if (datagram.ToServer)
            {
                Server.HandleDatagram(datagram.Bytes, 0, datagram.Bytes.Length, datagram.Address, datagram.Address.Length, Now);
                return;
            }

            for (int c = 0; c < _clients.Count; c++)
            {
                TestClient client = (TestClient)_clients[c];
                if (client.Address == datagram.Address)
                {
                    client.Engine.HandleDatagram(datagram.Bytes, 0, datagram.Bytes.Length, Now);
                }
            }
        }

        /// <summary>The earliest, and of several the one that was sent first.</summary>
        private Datagram First()
        {
            Datagram first = null;
            for (int i = 0; i < _flying.Count; i++)
            {
                Datagram datagram = (Datagram)_flying[i];
                if (first == null || datagram.Due < first.Due)
                {
                    first = datagram;
                }
            }

            return first;
        }

        private long NextEvent()
        {
            Datagram first = First();
            long next = first == null ? long.MaxValue : first.Due;
            next = Server.NextDeadline < next ? Server.NextDeadline : next;
            for (int c = 0; c < _clients.Count; c++)
            {
                TestClient client = (TestClient)_clients[c];
                next = client.Engine.NextDeadline < next ? client.Engine.NextDeadline : next;
            }

            return next;
        }

        /// <summary>Takes every datagram that the engines want to send, and every event.</summary>
        private void Flush()
        {
            bool any = true;
            while (any)
            {
                any = false;
                for (Packet packet = Server.PollDatagram(Now); packet != null; packet = Server.PollDatagram(Now))
                {
                    any = true;
                    Send(false, AddressOf(packet), packet);
                }

                Verify(Server);
                int events;
                for (Association association = Server.PollEvent(out events); association != null; association = Server.PollEvent(out events))
                {
                    any = true;
                    TakeServerEvents(association, events);
                }

                for (int c = 0; c < _clients.Count; c++)
                {
                    TestClient client = (TestClient)_clients[c];
                    for (Packet packet = client.Engine.PollDatagram(Now); packet != null; packet = client.Engine.PollDatagram(Now))
                    {
                        any = true;
                        Send(true, client.Address, packet);
                    }

                    Verify(client.Engine);
                    if ((client.Engine.TakeEvents() & AssociationEvents.PskWanted) != 0 && PskWanted != null)
                    {
                        any = true;
                        PskWanted(client.Association.PskRequest);
                    }
                }
            }
        }

        private static void Verify(DtlsEngine engine)
        {
            Exception failure = engine.TakeFailure();
            if (failure != null)
            {
                throw failure;
            }
        }

        private void TakeServerEvents(Association association, int events)
        {
            if ((events & AssociationEvents.PskWanted) != 0 && PskWanted != null)
            {
                PskWanted(association.PskRequest);
            }

            while ((events & AssociationEvents.Data) != 0 && association.Pending > 0)
            {
                int length = association.Receive(_echo, 0);
                if (association.State == AssociationState.Connected)
                {
                    association.Send(_echo, 0, length, Now);
                }
            }

            if ((events & AssociationEvents.Closed) != 0)
            {
                Server.Release(association);
            }
        }

        /// <summary>The client's own array, so that addresses can be compared by reference.</summary>
        private byte[] AddressOf(Packet packet)
        {
            for (int c = 0; c < _clients.Count; c++)
            {
                TestClient client = (TestClient)_clients[c];
                int i = 0;
                while (i < client.Address.Length && packet.Address[i] == client.Address[i])
                {
                    i++;
                }

                if (i == client.Address.Length && packet.AddressLength == i)
                {
                    return client.Address;
                }
            }

            return Check.Part(packet.Address, 0, packet.AddressLength);
        }

        private void Send(bool toServer, byte[] address, Packet packet)
        {
            Datagram datagram = new Datagram();
            datagram.ToServer = toServer;
            datagram.Address = address;
            datagram.Bytes = Check.Part(packet.Buffer, packet.Offset, packet.Length);
            datagram.Number = Sent;
            packet.Return();
            Sent++;
            SentBytes += datagram.Bytes.Length;
            if (_random.Next(100) < Drop || (Filter != null && !Filter(datagram)))
            {
                return;
            }

            int times = _random.Next(100) < Duplicate ? 2 : 1;
            for (int i = 0; i < times; i++)
            {
                Datagram copy = datagram.Copy();
                copy.Due = Now + Latency + (_random.Next(100) < Delay ? _random.Next(LongestDelay) : 0);
                _flying.Add(copy);
            }
        }
    }
}
