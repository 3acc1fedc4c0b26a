using System;
using System.Net;
using System.Net.Security;
using System.Threading.Tasks;
using NfDtls.Net;

namespace NfDtls.Bench;

/// <summary>NfDtls.Net: a listener, a client, and a task of each.</summary>
internal sealed class AsyncPair : Workload
{
    private readonly DtlsListener _listener;
    private readonly DtlsConnection _client;
    private readonly byte[] _data;
    private readonly byte[] _received = new byte[Wire.Longest];

    private AsyncPair(int size, DtlsListener listener, DtlsConnection client)
    {
        _data = new byte[size];
        _listener = listener;
        _client = client;
    }

    internal override string Version => _client.Cryptography;

    internal static AsyncPair Create(Row row)
    {
        return CreateAsync(row).GetAwaiter().GetResult();
    }

    internal override void Run(int times)
    {
        RunAsync(times).GetAwaiter().GetResult();
    }

    public override void Dispose()
    {
        _client.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _listener.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static async Task<AsyncPair> CreateAsync(Row row)
    {
        TlsCipherSuite suite = row.Suite == Suite.PskCcm8 ? TlsCipherSuite.TLS_PSK_WITH_AES_128_CCM_8 : TlsCipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256;
        DtlsListener listener = await DtlsListener.ListenAsync(new DtlsListenerOptions
        {
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            PskCallback = (_, _) => ValueTask.FromResult<byte[]?>(Identities.Psk),
            CipherSuites = [suite],
            Shards = 1,
        });
        DtlsConnection client = await DtlsConnection.ConnectAsync(new DtlsClientOptions
        {
            RemoteEndPoint = listener.LocalEndPoint,
            Psk = new DtlsPskCredential(Identities.PskIdentity, Identities.Psk),
            CipherSuites = [suite],
        });
        _ = AnswerAsync(await listener.AcceptConnectionAsync());
        return new AsyncPair(row.Size, listener, client);
    }

    private static async Task AnswerAsync(DtlsConnection connection)
    {
        try
        {
            await foreach (DtlsDatagram datagram in connection.ReadAllAsync())
            {
                using (datagram)
                {
                    await connection.SendAsync(datagram.Memory);
                }
            }
        }
        catch (Exception e) when (e is DtlsException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task RunAsync(int times)
    {
        for (int i = 0; i < times; i++)
        {
            await _client.SendAsync(_data);
            if (await _client.ReceiveAsync(_received) != _data.Length)
            {
                throw new InvalidOperationException("A record got lost.");
            }
        }
    }
}
