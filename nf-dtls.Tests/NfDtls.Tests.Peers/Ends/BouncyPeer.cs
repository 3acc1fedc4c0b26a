using System;
using System.Collections.Concurrent;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace NfDtls.Tests.Peers.Ends;

// Ours has the same name.
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

/// <summary>BouncyCastle on a thread of its own: it shakes hands, and sends back what comes.</summary>
internal sealed class BouncyPeer : IDisposable
{
    private readonly BouncyTransport _transport;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<byte[]> _unasked = new();
    private volatile bool _stop;
    private volatile Exception? _failure;

    private BouncyPeer(BouncyTransport transport, Func<DtlsTransport> handshake)
    {
        _transport = transport;
        _thread = new Thread(() => Serve(handshake)) { IsBackground = true };
        _thread.Start();
    }

    internal int Port
    {
        get { return _transport.Port; }
    }

    /// <summary>What it failed with, for the message of a failure.</summary>
    internal string Output
    {
        get { return "BouncyCastle: " + (_failure?.ToString() ?? "no failure"); }
    }

    internal static BouncyPeer StartServer(TestSuite suite)
    {
        return StartServer(new Server(suite));
    }

    internal static BouncyPeer StartServer(TlsServer server)
    {
        BouncyTransport transport = new(1);
        return new BouncyPeer(transport, () => new DtlsServerProtocol().Accept(server, transport));
    }

    internal static BouncyPeer StartClient(TestSuite suite, int port)
    {
        return StartClient(new Client(suite), port);
    }

    internal static BouncyPeer StartClient(TlsClient client, int port)
    {
        BouncyTransport transport = new(port);
        return new BouncyPeer(transport, () => new DtlsClientProtocol().Connect(client, transport));
    }

    /// <summary>Lets a client go on from another port. A server answers where the last datagram came from.</summary>
    internal void ChangePort()
    {
        _transport.ChangePort();
    }

    /// <summary>Lets it send something that nothing came for.</summary>
    internal void Send(byte[] data)
    {
        _unasked.Enqueue(data);
    }

    /// <summary>Lets it close.</summary>
    internal void Stop()
    {
        _stop = true;
    }

    /// <summary>Waits for its end.</summary>
    internal void WaitForEnd()
    {
        Assert.IsTrue(_thread.Join(Patience.Milliseconds) || !Patience.WaitedInVain(), "BouncyCastle does not end.");
    }

    public void Dispose()
    {
        _stop = true;
        _transport.Close();
        _thread.Join();
    }

    private void Serve(Func<DtlsTransport> handshake)
    {
        byte[] buffer = new byte[16384];
        try
        {
            DtlsTransport dtls = handshake();
            while (!_stop)
            {
                while (_unasked.TryDequeue(out byte[]? data))
                {
                    dtls.Send(data, 0, data.Length);
                }

                int count = dtls.Receive(buffer, 0, buffer.Length, 20);
                if (count >= 0)
                {
                    dtls.Send(buffer, 0, count);
                }
            }

            dtls.Close();
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private sealed class Client(TestSuite suite) : PskTlsClient(new BcTlsCrypto(new SecureRandom()), new BasicTlsPskIdentity(TestSuite.Identity, TestSuite.Key))
    {
        protected override Org.BouncyCastle.Tls.ProtocolVersion[] GetSupportedVersions()
        {
            return Org.BouncyCastle.Tls.ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [suite.BouncyCastle];
        }
    }

    private sealed class Server(TestSuite suite) : PskTlsServer(new BcTlsCrypto(new SecureRandom()), new Keys())
    {
        protected override Org.BouncyCastle.Tls.ProtocolVersion[] GetSupportedVersions()
        {
            return Org.BouncyCastle.Tls.ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [suite.BouncyCastle];
        }
    }

    private sealed class Keys : TlsPskIdentityManager
    {
        public byte[] GetHint()
        {
            return [];
        }

        public byte[] GetPsk(byte[] identity)
        {
            return TestSuite.Key;
        }
    }
}
