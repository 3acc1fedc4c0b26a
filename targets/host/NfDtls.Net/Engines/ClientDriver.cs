using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Ecdhe;
using NfDtls.Extensions;

namespace NfDtls.Net;

/// <summary>A client's engine, with a socket of its own that is connected to the server.</summary>
internal sealed class ClientDriver : EngineDriver
{
    private readonly DtlsClientEngine _engine;
    private readonly DtlsClientOptions _options;
    private readonly DtlsConnection _connection;
    private readonly int _receiveSize;
    private PskWait? _question;

    private ClientDriver(DtlsClientEngine engine, DtlsClientOptions options, DtlsOptions settings, Socket socket, ConnectionIdFeature? ids)
        : base(engine, options, settings, socket)
    {
        _engine = engine;
        _options = options;
        _receiveSize = settings.ReceiveSize;
        _connection = new DtlsConnection(this, engine.Association, options, ids, true) { RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint! };
    }

    internal DtlsConnection Connection => _connection;

    /// <summary>Makes a driver with an engine that has begun nothing yet.</summary>
    /// <exception cref="ArgumentException">An option is not allowed.</exception>
    internal static ClientDriver Create(DtlsClientOptions options, IPAddress server)
    {
        Holder holder = new();
        ConnectionIdFeature? ids = options.ConnectionIdLength is int length ? new ConnectionIdFeature(length) : null;
        PeerTrust trust = new(options, options.NameToCheck);
        CredentialAuthenticator? authenticator = options.UsesCertificates ? new CredentialAuthenticator([new ObjectSource(options, trust, holder.Wake)]) : null;
        DtlsOptions settings = EngineSettings.ForClient(options, ids, authenticator);
        DtlsClientEngine engine = new(settings);
        Socket socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (options.LocalEndPoint != null)
            {
                socket.Bind(options.LocalEndPoint);
            }

            int port = options.RemoteEndPoint is DnsEndPoint dns ? dns.Port : ((IPEndPoint)options.RemoteEndPoint!).Port;
            socket.Connect(new IPEndPoint(server, port));
            ClientDriver driver = new(engine, options, settings, socket, ids);
            holder.Driver = driver;
            trust.Sender = driver._connection;
            return driver;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new DtlsException(DtlsError.SocketError, "The socket cannot be had: " + e.Message, e);
        }
    }

    /// <summary>Sends the first hello.</summary>
    internal void Connect()
    {
        lock (Gate)
        {
            _engine.Connect(Now);
            Turn();
        }
    }

    private protected override bool IsConnected => true;

    private protected override int ReceiveSize => _receiveSize;

    private protected override void EndAll()
    {
        _question?.Cancel();
        if (_engine.Association.State != AssociationState.Idle)
        {
            _engine.Association.Close(0, Now);
        }
    }

    private protected override bool HandleEvents()
    {
        int events = _engine.TakeEvents();
        if (events == 0)
        {
            return false;
        }

        Association association = _engine.Association;
        if ((events & AssociationEvents.PskWanted) != 0 && association.PskRequest != null && _options.PskCallback != null)
        {
            _question = new PskWait(this, association.PskRequest, _options.PskCallback, _options.HandshakeTimeout, _options.TimeProvider);
            _question.Begin();
        }

        if ((events & AssociationEvents.Connected) != 0)
        {
            _connection.Announce();
        }

        _connection.Take();
        if ((events & AssociationEvents.Closed) != 0)
        {
            _question?.Cancel();
            _connection.Detach();
        }

        return true;
    }

    private protected override void Handle(byte[] buffer, int count, byte[] address, int addressLength)
    {
        lock (Gate)
        {
            if (!HasEnded)
            {
                _engine.HandleDatagram(buffer, 0, count, Now);
                Turn();
            }
        }
    }

    private protected override void HandleTruncated(byte[] address, int addressLength)
    {
        lock (Gate)
        {
            _engine.NoteTruncated();
        }
    }

    private protected override void NoteTooLong(ReadOnlySpan<byte> address, int length)
    {
        _engine.NoteTooLong(length);
    }

    /// <summary>Stands for the driver in what is made before it.</summary>
    private sealed class Holder
    {
        internal ClientDriver? Driver;

        internal void Wake()
        {
            Volatile.Read(ref Driver)?.Wake();
        }
    }
}
