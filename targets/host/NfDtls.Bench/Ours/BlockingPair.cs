using System;
using System.Net;
using NfDtls.Sockets;

namespace NfDtls.Bench;

/// <summary>DtlsClient and DtlsServer: blocking calls at the client, a notification at the server.</summary>
internal sealed class BlockingPair : Workload
{
    private const int Patience = 600_000;

    private readonly DtlsServer _server;
    private readonly DtlsClient _client;
    private readonly byte[] _data;
    private readonly byte[] _received = new byte[Wire.Longest];
    private readonly byte[] _served = new byte[Wire.Longest];

    internal BlockingPair(Row row, string folder)
    {
        _data = new byte[row.Size];
        _server = new DtlsServer(OurOptions.Server(row, OurOptions.Provider(Contestant.OpenSslProvider), folder));
        _server.DataReceived += Answer;
        _server.Start(new IPEndPoint(IPAddress.Loopback, 0));
        _client = new DtlsClient(OurOptions.Client(row, OurOptions.Provider(Contestant.OpenSslProvider), folder));
        if (!_client.Connect(new IPEndPoint(IPAddress.Loopback, _server.LocalPort), Patience))
        {
            throw new InvalidOperationException("No handshake: " + _client.LastError);
        }
    }

    internal override string Version => OurOptions.Version(Contestant.OpenSslProvider);

    internal override void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _client.Send(_data, 0, _data.Length);
            if (_client.Receive(_received, 0, Patience) != _data.Length)
            {
                throw new InvalidOperationException("A record got lost.");
            }
        }
    }

    public override void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private void Answer(DtlsSession session)
    {
        for (int length = session.Receive(_served, 0, 0); length >= 0; length = session.Receive(_served, 0, 0))
        {
            session.Send(_served, 0, length);
        }
    }
}
