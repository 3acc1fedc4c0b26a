using System;
using System.Diagnostics;
using System.Threading;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace NfDtls.Bench;

/// <summary>BouncyCastle at both ends, the server on a thread of its own while hands are shaken.</summary>
internal sealed class BouncyPair : Workload
{
    private readonly Row _row;
    private readonly BouncySide _side;
    private readonly BouncyWire _clientWire;
    private readonly BouncyWire _serverWire;
    private readonly byte[] _data;
    private readonly byte[] _received = new byte[Wire.Longest];
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly SemaphoreSlim _accepted = new(0);
    private DtlsTransport _client = null!;
    private DtlsTransport? _server;
    private Exception? _failure;
    private volatile bool _isOver;

    internal BouncyPair(Row row, string folder)
    {
        _row = row;
        _side = new BouncySide(row, folder);
        _data = new byte[row.Size];
        BouncyWire[] wires = BouncyWire.MakePair(row.Way);
        (_clientWire, _serverWire) = (wires[0], wires[1]);
        new Thread(Serve) { IsBackground = true }.Start();
        Connect();
        if (row.IsResumed)
        {
            Connect();
        }
    }

    internal override (long Datagrams, long Bytes) Traffic => (_clientWire.Datagrams + _serverWire.Datagrams, _clientWire.Bytes + _serverWire.Bytes);

    internal override string Version => "BouncyCastle.Cryptography " + FileVersionInfo.GetVersionInfo(typeof(DtlsTransport).Assembly.Location).ProductVersion!.Split('+')[0];

    internal override void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            if (_row.Work == Work.Handshake)
            {
                Connect();
                continue;
            }

            Pass(_client, _server!);
            if (_row.Work == Work.Echo)
            {
                Pass(_server!, _client);
            }
        }
    }

    public override void Dispose()
    {
        _isOver = true;
        _wanted.Release();
    }

    private void Pass(DtlsTransport from, DtlsTransport to)
    {
        from.Send(_data, 0, _data.Length);
        if (to.Receive(_received, 0, _received.Length, 60_000) != _data.Length)
        {
            throw new InvalidOperationException("A record got lost.");
        }
    }

    private void Connect()
    {
        _clientWire.Drain();
        _serverWire.Drain();
        _wanted.Release();
        _client = new DtlsClientProtocol().Connect(_side.MakeClient(), _clientWire);
        _accepted.Wait();
        if (_failure != null)
        {
            throw _failure;
        }
    }

    private void Serve()
    {
        byte[] address = new byte[Wire.AddressLength];
        byte[] datagram = new byte[Wire.Longest];
        DtlsVerifier verifier = new(_side.Crypto);
        while (true)
        {
            _wanted.Wait();
            if (_isOver)
            {
                return;
            }

            try
            {
                DtlsRequest? request = null;
                while (request == null)
                {
                    int length = _serverWire.Receive(datagram.AsSpan(), 60_000);
                    request = verifier.VerifyRequest(address, datagram, 0, length, _serverWire);
                }

                _server = new DtlsServerProtocol().Accept(_side.MakeServer(), _serverWire, request);
            }
            catch (Exception e)
            {
                _failure = e;
            }

            _accepted.Release();
        }
    }
}
