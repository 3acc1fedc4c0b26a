using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Extensions;

namespace NfDtls.Net;

/// <summary>
/// A connection with one peer: a client's own, or one that a <see cref="DtlsListener"/> accepted. Sends and receives datagrams, which
/// keep their bounds, and may be lost or come in another order. Safe from any thread; several may send and receive at one time.
/// </summary>
public sealed class DtlsConnection : IAsyncDisposable
{
    private const int Open = 0;
    private const int Over = 1;

    private readonly EngineDriver _driver;
    private readonly DtlsConnectionOptions _options;
    private readonly ConnectionIdFeature? _ids;
    private readonly bool _isClient;
    private readonly ReceiveQueue _received;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began;
    private Activity? _handshake;
    private Association? _association;
    private DtlsException? _ended;
    private IPEndPoint? _remote;
    private byte[][] _certificates = [];
    private long _dropped;
    private int _disposal;

    internal DtlsConnection(EngineDriver driver, Association association, DtlsConnectionOptions options, ConnectionIdFeature? ids, bool isClient)
    {
        _driver = driver;
        _association = association;
        _options = options;
        _ids = ids;
        _isClient = isClient;
        _began = options.TimeProvider.GetTimestamp();
        _received = new ReceiveQueue(options.ReceiveQueueLength);
        LocalEndPoint = (IPEndPoint)driver.Socket.LocalEndPoint!;
    }

    /// <summary>The peer's address; with connection IDs it may change.</summary>
    public IPEndPoint RemoteEndPoint
    {
        get => Volatile.Read(ref _remote)!;
        internal set => Volatile.Write(ref _remote, value);
    }

    /// <summary>This end's address.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Where this end's cryptography comes from: the library and its version or ".NET", with what the processor does by itself, or the type of another provider.</summary>
    public string Cryptography => _driver.Cryptography;

    /// <summary>The version agreed on.</summary>
    public DtlsProtocols NegotiatedProtocol { get; private set; }

    /// <summary>The suite agreed on.</summary>
    public TlsCipherSuite NegotiatedCipherSuite { get; private set; }

    /// <summary>The application's protocol agreed on (ALPN); default where none was.</summary>
    public SslApplicationProtocol NegotiatedApplicationProtocol { get; private set; }

    /// <summary>The name that a client asked this server for, or what this client asks for; empty for none.</summary>
    public string TargetHostName { get; private set; } = "";

    /// <summary>The identity of the pre-shared key; null where none was used. Not to be changed.</summary>
    public ReadOnlyMemory<byte>? PskIdentity { get; private set; }

    /// <summary>Whether an earlier session was resumed.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>The connection ID that the peer puts into its records; empty for none.</summary>
    public ReadOnlyMemory<byte> LocalConnectionId { get; private set; }

    /// <summary>The connection ID that this end puts into its records; empty for none.</summary>
    public ReadOnlyMemory<byte> RemoteConnectionId { get; private set; }

    /// <summary>A fresh object of the peer's certificate, which was verified; null where it showed none.</summary>
    public X509Certificate2? RemoteCertificate => _certificates.Length == 0 ? null : X509CertificateLoader.LoadCertificate(_certificates[0]);

    /// <summary>Bytes that one <see cref="SendAsync"/> takes at this moment; 0 when the connection is over.</summary>
    public int MaxSendSize
    {
        get
        {
            lock (_driver.Gate)
            {
                return _association?.MaxPayload ?? 0;
            }
        }
    }

    /// <summary>Datagrams that came while <see cref="DtlsConnectionOptions.ReceiveQueueLength"/> others waited, and were dropped.</summary>
    public long DatagramsDropped => Volatile.Read(ref _dropped);

    /// <summary>Ends when the connection is over, whoever ended it and however; never fails.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Why the connection is over; <see cref="DtlsError.None"/> while it is not.</summary>
    public DtlsError CloseReason => Volatile.Read(ref _ended)?.Error ?? DtlsError.None;

    /// <summary>Description of the alert that this end sent last before its end, or <see cref="Alert.None"/>.</summary>
    public int AlertSent => Volatile.Read(ref _ended)?.AlertSent ?? Alert.None;

    /// <summary>Description of the alert that the peer ended it by, or <see cref="Alert.None"/>.</summary>
    public int AlertReceived => Volatile.Read(ref _ended)?.AlertReceived ?? Alert.None;

    /// <summary>The application's own.</summary>
    public object? State { get; set; }

    /// <summary>Connects to a server.</summary>
    /// <param name="options">What to connect to, and as whom.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it.</exception>
    /// <exception cref="DtlsException">The handshake failed, and why; SocketError: no socket, or no address of that name.</exception>
    /// <exception cref="OperationCanceledException">The attempt was ended.</exception>
    public static async ValueTask<DtlsConnection> ConnectAsync(DtlsClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(nameof(options));
        cancellationToken.ThrowIfCancellationRequested();
        DtlsErrors.UseInExceptions();
        ClientDriver driver = ClientDriver.Create(options, await ResolveAsync(options, cancellationToken).ConfigureAwait(false));
        DtlsConnection connection = driver.Connection;
        try
        {
            connection._handshake = DtlsTelemetry.BeginHandshake(ActivityKind.Client, connection.RemoteEndPoint);
            driver.Start();
            driver.Connect();
            await connection._connected.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Sends one datagram. It has been sealed and handed to the system when the task ends, which it mostly has at once; whether it
    /// arrives nobody knows.
    /// </summary>
    /// <param name="datagram">0 to <see cref="MaxSendSize"/> bytes.</param>
    /// <param name="cancellationToken">Looked at before anything is sent.</param>
    /// <exception cref="ArgumentException">It is longer than <see cref="MaxSendSize"/>.</exception>
    /// <exception cref="DtlsException">SessionClosed, or what else ended the connection; MessageTooLarge: longer than the network takes.</exception>
    /// <exception cref="ObjectDisposedException">The connection was disposed of.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposal) != Open, this);
            if (!MemoryMarshal.TryGetArray(datagram, out ArraySegment<byte> bytes))
            {
                bytes = datagram.ToArray();
            }

            lock (_driver.Gate)
            {
                if (_association == null)
                {
                    throw Ended();
                }

                _driver.Send(_association, bytes.Array ?? [], bytes.Offset, bytes.Count);
            }

            DtlsTelemetry.CountSent(datagram.Length);
            return ValueTask.CompletedTask;
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Receives one datagram. What came before the connection's end is still received.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <returns>Its length; 0 is an empty datagram.</returns>
    /// <exception cref="DtlsException">MessageTooLarge: the buffer is smaller than the datagram, which is kept. SessionClosed, or what else ended the connection.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    /// <exception cref="ObjectDisposedException">The connection was disposed of.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_received.TryTake(buffer.Length, out Received datagram))
            {
                datagram.Buffer.AsSpan(0, datagram.Length).CopyTo(buffer.Span);
                datagram.Return();
                return datagram.Length;
            }

            if (!await _received.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                throw Ended();
            }
        }
    }

    /// <summary>
    /// Receives one datagram after the other, each in memory of a pool, which <see cref="DtlsDatagram.Dispose"/> gives back. Ends when
    /// either end closes the connection in order.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <exception cref="DtlsException">What else ended the connection.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async IAsyncEnumerable<DtlsDatagram> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_received.TryTake(int.MaxValue, out Received datagram))
            {
                yield return new DtlsDatagram(datagram);
            }
            else if (!await _received.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                if (CloseReason == DtlsError.SessionClosed || Volatile.Read(ref _disposal) != Open)
                {
                    yield break;
                }

                throw Ended();
            }
        }
    }

    /// <summary>
    /// Tells the peer that the connection ends, and waits for its answer, at most <see cref="DtlsConnectionOptions.CloseTimeout"/>.
    /// What was received and not read stays. Does nothing where the connection is over.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, not the closing.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_driver.Gate)
        {
            if (_association != null)
            {
                _driver.Close(_association, (long)_options.CloseTimeout.TotalMilliseconds);
            }
        }

        await _closed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Derives a key for another protocol (RFC 5705, RFC 8446 section 7.5), or an identifier of this connection that no other one has.
    /// </summary>
    /// <param name="label">What for: ASCII, of that protocol's standard or beginning with EXPERIMENTAL.</param>
    /// <param name="context">What else both ends know, 0 to 65,535 bytes, or null: in DTLS 1.2 another key than with 0 bytes.</param>
    /// <param name="length">Bytes of the key.</param>
    /// <exception cref="ArgumentException">The label is reserved or none, or the context too long.</exception>
    /// <exception cref="DtlsException">InsufficientSecurity: the peer does not know the extended master secret. SessionClosed, or what else ended the connection.</exception>
    public byte[] ExportKeyingMaterial(string label, byte[]? context, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        byte[] key = new byte[length];
        lock (_driver.Gate)
        {
            if (_association == null)
            {
                throw Ended();
            }

            _association.ExportKey(label, context, key, 0, length);
        }

        return key;
    }

    /// <summary>Ends the connection at once, telling the peer, and gives back what was received and not read. May be called twice, and at any time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposal, Over) == Open)
        {
            lock (_driver.Gate)
            {
                if (_association != null)
                {
                    _driver.Close(_association, 0);
                }
            }
        }

        if (_isClient)
        {
            await _driver.DisposeAsync().ConfigureAwait(false);
        }

        // Where no handshake ever began, nobody has said so.
        _received.Complete();
        _closed.TrySetResult();
        while (_received.TryTake(int.MaxValue, out Received datagram))
        {
            datagram.Return();
        }
    }

    /// <summary>Under the lock: the handshake has succeeded.</summary>
    internal void Announce()
    {
        Association association = _association!;
        NegotiatedProtocol = association.Version == DtlsVersion.Dtls12 ? DtlsProtocols.Dtls12 : DtlsProtocols.Dtls13;
        NegotiatedCipherSuite = (TlsCipherSuite)association.Suite!.Id;
        NegotiatedApplicationProtocol = association.ApplicationProtocol == null ? default : new SslApplicationProtocol(association.ApplicationProtocol);
        TargetHostName = association.ServerName ?? (_options as DtlsClientOptions)?.TargetHost ?? "";
        bool hasIdentity = association.PskIdentity != null && (association.PskIdentity.Length > 0 || association.Suite.Name.Contains("_PSK_", StringComparison.Ordinal));
        PskIdentity = hasIdentity ? (ReadOnlyMemory<byte>?)association.PskIdentity! : default(ReadOnlyMemory<byte>?);
        IsResumed = association.IsResumed;
        _certificates = association.PeerCertificates ?? [];
        LocalConnectionId = _ids?.IdOf(association);
        RemoteConnectionId = _ids?.PeerIdOf(association);
        IsAnnounced = true;
        if (_isClient)
        {
            DtlsTelemetry.EndHandshake(_handshake, association, DtlsError.None, _options.TimeProvider.GetElapsedTime(_began), false);
        }

        DtlsTelemetry.CountConnection(1, !_isClient);
        _connected.TrySetResult();
    }

    /// <summary>Whether the handshake has succeeded.</summary>
    internal bool IsAnnounced { get; private set; }

    /// <summary>Under the lock: takes what the engine has received, as far as there is room.</summary>
    internal void Take()
    {
        bool wakes = false;
        while (_association is { Pending: > 0 } association)
        {
            Packet packet = association.TakePacket()!;
            Received datagram = Received.Of(packet);
            packet.Return();
            DtlsTelemetry.CountReceived(datagram.Length);
            bool isWaitedFor = false;
            if (Volatile.Read(ref _disposal) != Open || !_received.TryAdd(datagram, out isWaitedFor))
            {
                datagram.Return();
                Interlocked.Increment(ref _dropped);
                DtlsTelemetry.CountDropped();
            }

            wakes |= isWaitedFor;
        }

        if (wakes)
        {
            Wake();
        }
    }

    /// <summary>Under the lock: the end. The association is somebody else's from here on.</summary>
    internal void Detach()
    {
        Association? association = _association;
        if (association == null)
        {
            return;
        }

        _association = null;
        DtlsError error = association.LastError is DtlsError.None or DtlsError.CloseFail ? DtlsError.SessionClosed : association.LastError;
        string what = IsAnnounced ? "The connection is over: " : "The handshake failed: ";
        _ended = new DtlsException(error, association.AlertSent, association.AlertReceived, what + DtlsErrors.DescribeWith(error, association.AlertReceived) + ".");
        if (IsAnnounced)
        {
            DtlsTelemetry.CountConnection(-1, !_isClient);
        }
        else
        {
            // Only a client's connection is there before its handshake's end.
            DtlsTelemetry.EndHandshake(_handshake, association, error, _options.TimeProvider.GetElapsedTime(_began), false);
        }

        _connected.TrySetException(_ended);
        _ = _connected.Task.Exception; // Where nobody waits for it, it is no news.
        _received.Complete();
        _closed.TrySetResult();
    }

    private void Wake()
    {
        InlineRun? run = InlineRun.Current;
        if (run == null)
        {
            _received.Wake(false);
        }
        else
        {
            run.Wake(_received);
        }
    }

    private static async ValueTask<IPAddress> ResolveAsync(DtlsClientOptions options, CancellationToken cancellationToken)
    {
        if (options.RemoteEndPoint is IPEndPoint known)
        {
            return known.Address;
        }

        DnsEndPoint named = (DnsEndPoint)options.RemoteEndPoint!;
        AddressFamily family = options.LocalEndPoint?.AddressFamily ?? named.AddressFamily;
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(named.Host, family, cancellationToken).ConfigureAwait(false);
            return addresses.Length > 0 ? addresses[0] : throw new DtlsException(DtlsError.SocketError, $"{named.Host} has no address.");
        }
        catch (SocketException e)
        {
            throw new DtlsException(DtlsError.SocketError, $"{named.Host} has no address: {e.Message}", e);
        }
    }

    private Exception Ended()
    {
        if (Volatile.Read(ref _disposal) != Open)
        {
            return new ObjectDisposedException(nameof(DtlsConnection));
        }

        // Each who asks gets one of its own, with his stack.
        DtlsException? ended = Volatile.Read(ref _ended);
        return ended == null
            ? new DtlsException(DtlsError.NotConnected, "The connection is not there yet.")
            : new DtlsException(ended.Error, ended.AlertSent, ended.AlertReceived, ended.Message);
    }
}
