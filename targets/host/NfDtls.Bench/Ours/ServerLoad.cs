using System;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Tasks;
using NfDtls.Net;
using NfDtls.Sockets;

namespace NfDtls.Bench;

/// <summary>
/// A server of many clients, each of which has an echo under way: the blocking server, or NfDtls.Net's with as many shards as there are
/// cores. The clients are engines with sockets, all driven by the calling thread, whose time does not count.
/// </summary>
internal sealed class ServerLoad : Workload
{
    private const int Clients = 32;

    private readonly IDisposable _server;
    private readonly Client[] _clients = new Client[Clients];
    private readonly byte[] _data;
    private readonly byte[] _buffer = new byte[Wire.Longest];

    private ServerLoad(Row row, string folder, IDisposable server, IPEndPoint address)
    {
        _server = server;
        _data = new byte[row.Size];
        CryptoProvider crypto = OurOptions.Provider(Contestant.OpenSslProvider);
        for (int i = 0; i < Clients; i++)
        {
            _clients[i] = new Client(OurOptions.Client(row, crypto, folder), address, _buffer);
        }
    }

    internal override string Version => OurOptions.Version(Contestant.OpenSslProvider);

    internal override long Excluded => CpuTime.OfThread;

    internal static ServerLoad Blocking(Row row, string folder)
    {
        DtlsOptions options = OurOptions.Server(row, OurOptions.Provider(Contestant.OpenSslProvider), folder);
        options.MaxSessions = 2 * Clients;
        options.PoolPackets = 4 * Clients;
        DtlsServer server = new(options);
        byte[] served = new byte[Wire.Longest];
        server.DataReceived += session =>
        {
            for (int length = session.Receive(served, 0, 0); length >= 0; length = session.Receive(served, 0, 0))
            {
                session.Send(served, 0, length);
            }
        };
        server.Start(new IPEndPoint(IPAddress.Loopback, 0));
        return new ServerLoad(row, folder, server, new IPEndPoint(IPAddress.Loopback, server.LocalPort));
    }

    internal static ServerLoad Asynchronous(Row row, string folder, bool isInline)
    {
        DtlsListener listener = DtlsListener.ListenAsync(new DtlsListenerOptions
        {
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            PskCallback = (_, _) => ValueTask.FromResult<byte[]?>(Identities.Psk),
            CipherSuites = [row.Suite == Suite.PskCcm8 ? TlsCipherSuite.TLS_PSK_WITH_AES_128_CCM_8 : TlsCipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256],
            UnsafePreferInlineScheduling = isInline,
        }).AsTask().GetAwaiter().GetResult();
        _ = AcceptAsync(listener);
        return new ServerLoad(row, folder, new Stopping(listener), listener.LocalEndPoint);
    }

    internal override void Run(int times)
    {
        for (int done = 0; done < times; done += Clients)
        {
            foreach (Client client in _clients)
            {
                client.Send(_data);
            }

            foreach (Client client in _clients)
            {
                client.Receive(_buffer, _data.Length);
            }
        }
    }

    public override void Dispose()
    {
        foreach (Client client in _clients)
        {
            client.Dispose();
        }

        _server.Dispose();
    }

    private static async Task AcceptAsync(DtlsListener listener)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptConnectionAsync());
            }
        }
        catch (ObjectDisposedException)
        {
            // It is over.
        }
    }

    private static async Task AnswerAsync(DtlsConnection connection)
    {
        byte[] buffer = new byte[Wire.Longest];
        try
        {
            while (true)
            {
                int length = await connection.ReceiveAsync(buffer);
                await connection.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is DtlsException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private sealed class Stopping(DtlsListener listener) : IDisposable
    {
        public void Dispose()
        {
            listener.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>A client's engine with a socket.</summary>
    private sealed class Client : IDisposable
    {
        private const int Patience = 600_000;

        private readonly DtlsClientEngine _engine;
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience };

        internal Client(DtlsOptions options, IPEndPoint server, byte[] buffer)
        {
            options.RetransmitTimeout = 60_000;
            _engine = new DtlsClientEngine(options);
            _socket.Connect(server);
            _engine.Connect(Environment.TickCount64);
            SendAll();
            while (_engine.Association.State == AssociationState.Connecting)
            {
                Take(buffer);
            }

            if (_engine.Association.State != AssociationState.Connected)
            {
                throw new InvalidOperationException("No handshake: " + _engine.Association.LastError);
            }
        }

        public void Dispose()
        {
            _socket.Dispose();
        }

        internal void Send(byte[] data)
        {
            _engine.Association.Send(data, 0, data.Length, Environment.TickCount64);
            SendAll();
        }

        internal void Receive(byte[] buffer, int length)
        {
            while (_engine.Association.Pending == 0)
            {
                Take(buffer);
            }

            if (_engine.Association.Receive(buffer, 0) != length)
            {
                throw new InvalidOperationException("A record got lost.");
            }
        }

        private void Take(byte[] buffer)
        {
            int length = _socket.Receive(buffer);
            _engine.HandleDatagram(buffer, 0, length, Environment.TickCount64);
            SendAll();
        }

        private void SendAll()
        {
            for (Packet? packet = _engine.PollDatagram(Environment.TickCount64); packet != null; packet = _engine.PollDatagram(Environment.TickCount64))
            {
                _socket.Send(packet.Buffer.AsSpan(packet.Offset, packet.Length));
                packet.Return();
            }
        }
    }
}
