using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Sockets;

namespace NfDtls.Net;

/// <summary>
/// Drives one engine: a lock, a socket, a timer. Whatever is done with the engine is a turn under the lock: something is put in, then
/// what is due is done, what is to be sent goes out, events are handed over. Nothing of the application's runs under the lock.
/// </summary>
internal abstract class EngineDriver : IAsyncDisposable
{
    // So many rounds of one turn, and the rest in a turn of the timer's: others want the lock, too.
    private const int MostRounds = 64;

    // Datagrams that are sent by one system call at most: a listener's of many clients, and a client's own flight.
    private const int OutgoingPlaces = 16;
    private const int ClientPlaces = 4;

    private readonly DtlsEngine _engine;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly SocketAddress _to;
    private readonly int _datagramSize;
    private readonly bool _usesSegments;
    private readonly CancellationTokenSource _stop = new();
    private Task _receiving = Task.CompletedTask;
    private long _wakesAt = long.MaxValue;
    private long _datagramsLost;
    private LinuxBatch? _outgoing;
    private bool _isCutAnew;

    private protected EngineDriver(DtlsEngine engine, DtlsConnectionOptions options, DtlsOptions settings, Socket socket)
    {
        _engine = engine;
        _time = options.TimeProvider;
        Cryptography = DefaultCryptography.NameOf(settings.Crypto);
        Socket = socket;
        _to = new SocketAddress(socket.AddressFamily);
        _datagramSize = options.MaxDatagramSize;

        // Who keeps a log of keys reads captures by it, and a capture at the sender has a group as one datagram.
        _usesSegments = LinuxCalls.MaySegment && settings.KeyLog == null;
        _timer = _time.CreateTimer(static driver => ((EngineDriver)driver!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whoever touches the engine, or an association of it, holds this.</summary>
    internal Lock Gate { get; } = new();

    internal Socket Socket { get; }

    /// <summary>What the engine's provider is called.</summary>
    internal string Cryptography { get; }

    /// <summary>Under the lock: whether the engine is used no more.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>Datagrams that the system did not take.</summary>
    internal long DatagramsLost => Volatile.Read(ref _datagramsLost);

    /// <summary>Milliseconds of the options' clock, which never goes back.</summary>
    internal long Now => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    /// <summary>Something outside has answered: an operation of the pool, a call-back.</summary>
    internal void Wake()
    {
        lock (Gate)
        {
            Turn();
        }
    }

    /// <summary>Under the lock: sends one record; what it leads to happens at once.</summary>
    internal void Send(Association association, byte[] data, int offset, int count)
    {
        int lost;
        InlineRun? run = InlineRun.Current is { IsRunning: true } running ? running : null;
        try
        {
            association.Send(data, offset, count, Now);
        }
        finally
        {
            run?.SendLater(this);
            lost = Turn(run != null);
        }

        // Of those that go out together nobody knows any more whose one is.
        if (lost > 0 && run == null)
        {
            throw new DtlsException(DtlsError.MessageTooLarge, $"The record makes a datagram of {lost} bytes, which is more than the network takes; it is lost. From now on a record carries at most {association.MaxPayload} bytes.");
        }
    }

    /// <summary>Under the lock: sends close_notify, and waits as the engine does.</summary>
    internal void Close(Association association, long milliseconds)
    {
        association.Close(milliseconds, Now);
        Turn();
    }

    /// <summary>
    /// Under the lock: does what is due, sends what is to be sent, hands events over. Returns the bytes of a datagram that was too
    /// long, or 0.
    /// </summary>
    /// <param name="gathers">Whether another turn follows at once, and what is to be sent may wait for it.</param>
    internal int Turn(bool gathers = false)
    {
        int lost = 0;
        if (HasEnded)
        {
            return lost;
        }

        long now = Now;
        for (int round = 0; round < MostRounds; round++)
        {
            try
            {
                if (_engine.NextDeadline <= now)
                {
                    _engine.HandleTimeout(now);
                }

                lost = Math.Max(lost, Flush(now, gathers));
                if (!HandleEvents() && _engine.NextDeadline > now)
                {
                    break;
                }
            }
            catch (Exception e)
            {
                // An engine tells by itself of what was plugged in and broke; this is a mistake of ours, which must not stop the others.
                OnFailure(e);
                break;
            }
        }

        Exception? failure = _engine.TakeFailure();
        if (failure != null)
        {
            OnFailure(failure);
        }

        Schedule(now);
        return lost;
    }

    /// <summary>Begins to receive.</summary>
    internal virtual void Start()
    {
        _receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>Begins to receive on a thread of its own, which waits in the system: it is told to end by <see cref="StopReceiving"/>.</summary>
    private protected void Start(Action<CancellationToken> receive)
    {
        _receiving = Task.Factory.StartNew(() => receive(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends the wait of a thread that receives; the token says so already.</summary>
    private protected virtual void StopReceiving()
    {
    }

    /// <summary>Ends all that the engine has, and waits for what goes on after that.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        StopReceiving();
        await _receiving.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        CloseSocket();
    }

    /// <summary>The first part of disposal, for which nothing of what several share is given back. Its last datagrams go out.</summary>
    internal async Task EndAsync()
    {
        lock (Gate)
        {
            if (!HasEnded)
            {
                EndAll();
                Turn();
                HasEnded = true;
            }
        }

        await FinishAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for what goes on after the engine's end.</summary>
    private protected virtual Task FinishAsync()
    {
        return Task.CompletedTask;
    }

    private protected virtual void CloseSocket()
    {
        Socket.Dispose();
    }

    /// <summary>Under the lock: closes every association at once.</summary>
    private protected abstract void EndAll();

    /// <summary>Under the lock: tells of events; false where there were none.</summary>
    private protected abstract bool HandleEvents();

    /// <summary>Takes a datagram, from the buffer's beginning on.</summary>
    private protected abstract void Handle(byte[] buffer, int count, byte[] address, int addressLength);

    /// <summary>Takes the news of a datagram that was longer than the buffer.</summary>
    private protected abstract void HandleTruncated(byte[] address, int addressLength);

    /// <summary>Under the lock: a datagram was longer than the network takes.</summary>
    private protected abstract void NoteTooLong(ReadOnlySpan<byte> address, int length);

    private protected virtual void OnFailure(Exception failure)
    {
    }

    /// <summary>Whether datagrams go to who the socket is connected to.</summary>
    private protected abstract bool IsConnected { get; }

    private protected abstract int ReceiveSize { get; }

    private void OnTimer()
    {
        lock (Gate)
        {
            _wakesAt = long.MaxValue;
            Turn();
        }
    }

    private void Schedule(long now)
    {
        long next = _engine.NextDeadline;
        if (next >= _wakesAt)
        {
            return; // It fires too early then, and finds nothing to do.
        }

        _wakesAt = next;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(next - now, 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private int Flush(long now, bool gathers)
    {
        int lost = 0;
        bool goesOn = true;
        while (goesOn)
        {
            Packet? packet = _engine.PollDatagram(now);
            while (packet != null)
            {
                Packet? next = _engine.PollDatagram(now);
                bool isAlone = next == null && !gathers && (_outgoing == null || _outgoing.Count == 0);
                lost = Math.Max(lost, isAlone || !LinuxCalls.AreThere ? Send(packet) : Gather(packet));
                packet = next;
            }

            lost = Math.Max(lost, gathers ? 0 : SendGathered());

            // A flight that was too long is cut anew.
            goesOn = _isCutAnew;
            _isCutAnew = false;
        }

        return lost;
    }

    // Whoever never sends two together, as most clients of one record at a time, needs no room for that.
    private int Gather(Packet packet)
    {
        LinuxBatch outgoing = _outgoing ??= new LinuxBatch(IsConnected ? ClientPlaces : OutgoingPlaces, _datagramSize, false) { UsesSegments = _usesSegments };
        bool isTooLong = packet.Length > outgoing.Size;
        int lost = isTooLong || outgoing.Count == outgoing.Places ? SendGathered() : 0;
        if (isTooLong)
        {
            return Math.Max(lost, Send(packet));
        }

        outgoing.Add(packet.Buffer.AsSpan(packet.Offset, packet.Length), AddressOf(packet), default);
        packet.Return();
        return lost;
    }

    /// <summary>Under the lock: sends what has been gathered. Returns the bytes of a datagram that was too long for the network.</summary>
    private int SendGathered()
    {
        int lost = 0;
        int next = 0;
        Span<byte> address = stackalloc byte[PeerAddress.MaxLength];
        while (_outgoing != null && next < _outgoing.Count)
        {
            int sent = SendFrom(_outgoing, next);
            if (sent <= 0)
            {
                // By itself, to know why it does not go.
                int length = IsConnected ? 0 : _outgoing.WriteAddress(next, address);
                lost = Math.Max(lost, SendByItself(_outgoing.DatagramOf(next), address[..length]));
                sent = 1;
            }

            next += sent;
        }

        _outgoing?.Clear();
        return lost;
    }

    private int SendFrom(LinuxBatch outgoing, int first)
    {
        try
        {
            return outgoing.Send(Socket.SafeHandle, first);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    private ReadOnlySpan<byte> AddressOf(Packet packet)
    {
        return IsConnected ? default : packet.Address.AsSpan(0, packet.AddressLength);
    }

    // Returns the bytes of a datagram of data that was too long for the network.
    private int Send(Packet packet)
    {
        try
        {
            return SendByItself(packet.Buffer.AsSpan(packet.Offset, packet.Length), AddressOf(packet));
        }
        finally
        {
            packet.Return();
        }
    }

    private int SendByItself(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> address)
    {
        const int ApplicationData = 23;
        const int ConnectionId = 25;
        const int Protected13 = 0x20;
        bool isData = datagram[0] is ApplicationData or ConnectionId || (datagram[0] & 0xE0) == Protected13;
        int tooLong = 0;
        try
        {
            // What fails is done again by .NET's socket, which says why.
            if (LinuxCalls.AreThere && LinuxBatch.Send(Socket.SafeHandle, datagram, address) == 0)
            {
                return 0;
            }

            if (IsConnected)
            {
                Socket.Send(datagram, SocketFlags.None);
            }
            else
            {
                PeerAddress.Read(address, _to);
                Socket.SendTo(datagram, SocketFlags.None, _to);
            }
        }
        catch (SocketException e)
        {
            Interlocked.Increment(ref _datagramsLost);
            if (e.SocketErrorCode == SocketError.MessageSize)
            {
                tooLong = datagram.Length;
                NoteTooLong(address, tooLong);
                _isCutAnew = true;
            }
        }
        catch (ObjectDisposedException)
        {
            Interlocked.Increment(ref _datagramsLost);
        }

        return isData ? tooLong : 0;
    }

    private async Task ReceiveAsync()
    {
        // One byte more than the longest, so that a longer one is known.
        byte[] buffer = GC.AllocateUninitializedArray<byte>(ReceiveSize + 1, pinned: true);
        byte[] address = new byte[PeerAddress.MaxLength];
        SocketAddress from = new(Socket.AddressFamily);
        int addressSize = from.Size;
        while (!_stop.IsCancellationRequested)
        {
            int count;
            try
            {
                from.Size = addressSize;
                count = await Socket.ReceiveFromAsync(buffer, SocketFlags.None, from, _stop.Token).ConfigureAwait(false);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
            {
                count = buffer.Length;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused)
            {
                continue; // Somebody's answer (ICMP) to what was sent before, which proves nothing.
            }
            catch (SocketException e)
            {
                await PauseAsync(e).ConfigureAwait(false);
                continue;
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            int addressLength = PeerAddress.Write(from, address);
            if (addressLength == 0 && !IsConnected)
            {
                continue;
            }

            if (!IsConnected && count > 0 && PeerAddress.HasNoPort(address))
            {
                // Nobody can answer it: a byte is left, which begins no record, and which the engine drops and counts.
                buffer[0] = 0;
                count = 1;
            }

            try
            {
                if (count == buffer.Length)
                {
                    HandleTruncated(address, addressLength);
                }
                else
                {
                    Handle(buffer, count, address, addressLength);
                }
            }
            catch (Exception e)
            {
                OnFailure(e);
            }
        }
    }

    // A socket that is broken for good fails at once, again and again.
    private async Task PauseAsync(SocketException failure)
    {
        OnFailure(failure);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }
}
