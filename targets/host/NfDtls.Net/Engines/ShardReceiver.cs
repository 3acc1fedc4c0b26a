using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Net;

/// <summary>
/// Receives a shard's datagrams on Linux, several by one system call, and opens them where they were received. Those that come
/// together are handed on together, so that what they lead to goes out by one system call, too.
/// </summary>
internal sealed class ShardReceiver
{
    private const int Places = 32;
    private const int PauseMilliseconds = 100;

    private readonly ListenerShard _shard;
    private readonly LinuxBatch _batch;
    private byte[] _address = new byte[PeerAddress.MaxLength];
    private byte[] _nextAddress = new byte[PeerAddress.MaxLength];

    internal ShardReceiver(ListenerShard shard, int receiveSize)
    {
        _shard = shard;
        _batch = new LinuxBatch(Places, receiveSize, false);
    }

    /// <summary>Receives until it is told to stop; blocks its thread.</summary>
    internal void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int received;
            try
            {
                received = _batch.Receive(_shard.Socket.SafeHandle, true);
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            if (stop.IsCancellationRequested)
            {
                return;
            }

            if (received > 0)
            {
                _shard.Inline?.Enter();
                try
                {
                    HandOn();
                }
                finally
                {
                    _shard.Inline?.Leave(_shard);
                }
            }
            else if (!LinuxCalls.IsNothing(received) && !LinuxCalls.IsOfAnother(received))
            {
                // A socket that is broken for good fails at once, again and again.
                _shard.Tell(new SocketException((int)SocketError.SocketError, "Datagrams cannot be received: " + Marshal.GetPInvokeErrorMessage(-received)));
                stop.WaitHandle.WaitOne(PauseMilliseconds);
            }
        }
    }

    private void HandOn()
    {
        int length = _batch.WriteAddress(0, _address);
        ListenerShard? shard = ShardOf(0, _address, length);
        for (int i = 0; i < _batch.Count; i++)
        {
            int nextLength = i + 1 < _batch.Count ? _batch.WriteAddress(i + 1, _nextAddress) : 0;
            ListenerShard? next = i + 1 < _batch.Count ? ShardOf(i + 1, _nextAddress, nextLength) : null;
            try
            {
                HandOn(i, shard, length, next == shard);
            }
            catch (Exception e)
            {
                _shard.Tell(e);
            }

            (_address, _nextAddress) = (_nextAddress, _address);
            (length, shard) = (nextLength, next);
        }
    }

    private void HandOn(int index, ListenerShard? shard, int addressLength, bool isFollowed)
    {
        if (addressLength == 0)
        {
            return;
        }

        if (shard != null && _batch.IsTruncated(index))
        {
            shard.AcceptTruncated(_address, addressLength);
            return;
        }

        bool isKnown = shard != null && shard.Accept(_batch.Buffer, _batch.OffsetOf(index), _batch.LengthOf(index), _address, addressLength, isFollowed);
        if (shard == null || (!isKnown && _shard.MayBeOthers(DatagramOf(index))))
        {
            _shard.TakeOthers(DatagramOf(index), _address.AsSpan(0, addressLength));
        }
    }

    // Null for another node's. Where the node breaks, which is the application's, a datagram is for whom it came to: it ends nothing else.
    private ListenerShard? ShardOf(int index, byte[] address, int addressLength)
    {
        try
        {
            return _shard.ShardFor(_batch.IsTruncated(index) ? default : DatagramOf(index), address.AsSpan(0, addressLength));
        }
        catch (Exception e)
        {
            _shard.Tell(e);
            return _shard;
        }
    }

    private ReadOnlySpan<byte> DatagramOf(int index)
    {
        return _batch.Buffer.AsSpan(_batch.OffsetOf(index), _batch.LengthOf(index));
    }
}
