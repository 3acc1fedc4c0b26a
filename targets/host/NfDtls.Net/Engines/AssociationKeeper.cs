using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Extensions;

namespace NfDtls.Net;

/// <summary>
/// Stores one shard's associations behind it, each with promises ahead of what it uses; and takes back what another node stored.
/// Everything but the store's own work is under the shard's lock.
/// </summary>
internal sealed class AssociationKeeper
{
    // More than any association takes: PSK identity, both IDs, exporter.
    private const int Room = 2048;

    // What could not be stored, or not be written in the middle of a change of keys, is tried again so much later.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ListenerShard _shard;
    private readonly DurableAssociations _durable;
    private readonly ConnectionIdFeature _ids;
    private readonly AssociationStore _store;
    private readonly byte[] _key;
    private readonly byte[] _owner;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private int _working;
    private TaskCompletionSource? _idle;

    internal AssociationKeeper(ListenerShard shard, DtlsListenerOptions options, DurableAssociations durable, ConnectionIdFeature ids)
    {
        _shard = shard;
        _durable = durable;
        _ids = ids;
        _store = options.Associations!;
        _key = options.AssociationKey!;
        _owner = options.Node?.Name.ToArray() ?? [];
        _time = options.TimeProvider;
    }

    /// <summary>It is connected, or has asked for the next promise.</summary>
    internal void Keep(ServerRun run, Association association)
    {
        if (run.Kept == null)
        {
            byte[]? id = _ids.IdOf(association);
            if (id == null || id.Length == 0)
            {
                return; // Nobody could find it.
            }

            run.Kept = new Kept((byte[])id.Clone(), 0);
        }

        Kept kept = run.Kept;
        if (kept.IsOver)
        {
            return;
        }

        if (kept.IsBusy)
        {
            kept.IsWanted = true;
            return;
        }

        kept.IsBusy = true;
        kept.IsWanted = false;
        try
        {
            byte[]? saved = TryWrite(association, kept);
            bool isBound = saved != null && Bind(association, kept, saved);
            AssociationFence fence = kept.Fence;
            Begin(kept, saved == null ? () => LaterAsync(run, association) : () => StoreAsync(run, association, saved, fence, isBound));
        }
        catch (Exception e)
        {
            kept.IsBusy = false;
            _shard.Tell(e);
        }
    }

    /// <summary>New keys took the place of those that were promised of: nobody has stored anything of them.</summary>
    internal static void Rekeyed(ServerRun run)
    {
        if (run.Kept != null)
        {
            run.Kept.IsBound = false;
        }
    }

    /// <summary>It is over: nobody shall take it back, unless another node has it.</summary>
    /// <returns>Whether it is: false where another has it, or may have.</returns>
    internal bool Forget(ServerRun run, Association association)
    {
        if (run.Kept is not { IsOver: false } kept)
        {
            return false;
        }

        kept.IsOver = true;
        bool isOver = association.LastError != DtlsError.Exported;
        if (isOver && !kept.IsBusy)
        {
            Remove(kept);
        }

        return isOver;
    }

    /// <summary>Waits until stores under way have ended, and those that are over are forgotten, but no longer than that.</summary>
    internal async Task FinishAsync(TimeSpan most)
    {
        try
        {
            await WorkAsync().WaitAsync(most, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The store is out of reach. It forgets them by itself.
        }

        await _end.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Takes an association back, makes the next promise of it this node's, and hands what came for it on: where that is its peer's,
    /// for anybody can send a connection ID that was seen. False where it is not, where another node was faster, or it cannot be had.
    /// Not under the lock.
    /// </summary>
    /// <param name="id">Its connection ID.</param>
    /// <param name="saved">What is stored of it.</param>
    /// <param name="held">Tells what came for it so far.</param>
    /// <param name="go">Hands on what came for it, under the lock.</param>
    internal async Task<bool> TakeBackAsync(byte[] id, byte[] saved, Func<IReadOnlyList<(byte[] Datagram, IPEndPoint Peer)>> held, Action go)
    {
        Association association;
        ServerRun run;
        byte[]? next;
        lock (_shard.Gate)
        {
            if (_shard.HasEnded || _shard.IsDraining)
            {
                return false; // Whose clients are told to go takes nobody's.
            }

            (run, association) = Import(id, saved);
            if (!_shard.Proves(association, held()))
            {
                LetGo(run, association);
                return false;
            }

            if (association.State == AssociationState.Closed)
            {
                // Its peer's last word, which has ended this one before it was anybody's.
                _shard.Turn();
                (run, association) = Import(id, saved);
            }

            next = TryWrite(association, run.Kept!);
            if (next == null)
            {
                LetGo(run, association);
                return false;
            }
        }

        Kept kept = run.Kept!;
        bool isOurs = false;
        try
        {
            isOurs = await _store.StoreAsync(id, new StoredAssociation(next, _owner), kept.Fence, _end.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _shard.Tell(e);
        }

        lock (_shard.Gate)
        {
            kept.IsBusy = false;
            if (kept.IsOver && !_shard.IsDraining && !_shard.HasEnded)
            {
                Remove(kept); // Its peer's last word came meanwhile. What ends with this listener is for another node.
                return false;
            }

            if (kept.IsOver || !isOurs || _shard.IsDraining)
            {
                LetGo(run, association);
                return false;
            }

            kept.Follows = null;
            _durable.PromiseStored(association, next, 0);
            if (!_shard.Announce(run, association))
            {
                LetGo(run, association); // Nobody has room for it here. It stays stored, for the next record of its client's.
                return false;
            }

            go();
            _shard.Turn();
            return true;
        }
    }

    // Under the lock. Nothing is stored of it: it neither sends nor takes anything yet.
    private (ServerRun Run, Association Association) Import(byte[] id, byte[] saved)
    {
        Association association = _durable.Import(_shard.Engine, _key, saved, 0, saved.Length, 0, _shard.Now);
        ServerRun run = _shard.RunOf(association, false);
        run.Kept = new Kept(id, DurableAssociations.GenerationOf(saved, 0, saved.Length)) { IsBusy = true, IsBound = true };
        return (run, association);
    }

    private byte[]? TryWrite(Association association, Kept kept)
    {
        byte[] buffer = new byte[Room];
        try
        {
            int length = _durable.WritePromise(association, _key, buffer, 0);
            kept.Generation = DurableAssociations.GenerationOf(buffer, 0, length);
            return buffer[..length];
        }
        catch (DtlsException)
        {
            return null; // In the middle of a change of keys, or over.
        }
    }

    // A promise that is on its way may be stored, and taken over, before anybody here knows, or though nobody ever does. Of the first one
    // of some keys there is nothing older in the store, so the association keeps within it at once: before, it was bound by nothing.
    private bool Bind(Association association, Kept kept, byte[] saved)
    {
        if (kept.IsBound)
        {
            return false;
        }

        _durable.PromiseStored(association, saved, 0);
        kept.IsBound = true;
        return true;
    }

    // Under the lock. The store is the application's, and does not run under it. What ends may begin something else, which counts before.
    private void Begin(Kept kept, Func<Task> work)
    {
        _working++;
        _ = Task.Run(async () =>
        {
            Exception? failure = null;
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failure = e;
            }

            lock (_shard.Gate)
            {
                kept.IsBusy &= failure == null;
                _working--;
                if (_working == 0)
                {
                    _idle?.TrySetResult();
                }
            }

            if (failure != null)
            {
                _shard.Tell(failure);
            }
        });
    }

    private Task WorkAsync()
    {
        lock (_shard.Gate)
        {
            if (_working == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private async Task StoreAsync(ServerRun run, Association association, byte[] saved, AssociationFence fence, bool isBound)
    {
        Kept kept = run.Kept!;
        bool? isStored = null;
        try
        {
            isStored = await _store.StoreAsync(kept.Id, new StoredAssociation(saved, _owner), fence, _end.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _shard.Tell(e);
        }

        if (isStored == null)
        {
            await LaterAsync(run, association).ConfigureAwait(false);
            return;
        }

        lock (_shard.Gate)
        {
            _shard.Turn(); // What has happened to it meanwhile.
            kept.IsBusy = false;
            if (kept.IsOver)
            {
                Remove(kept);
                return;
            }

            if (isStored == false)
            {
                LetGo(run, association); // Another node has taken it for dead, and goes on with it.
                return;
            }

            kept.Follows = null;
            if (!isBound && !TryTell(association, saved))
            {
                kept.IsWanted = true;
            }

            if (kept.IsWanted)
            {
                Keep(run, association);
            }

            _shard.Turn();
        }
    }

    private bool TryTell(Association association, byte[] saved)
    {
        try
        {
            _durable.PromiseStored(association, saved, 0);
            return true;
        }
        catch (ArgumentException)
        {
            return false; // Its keys changed meanwhile, and with them what is to be promised.
        }
    }

    private async Task LaterAsync(ServerRun run, Association association)
    {
        try
        {
            await Task.Delay(Pause, _time, _end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_shard.Gate)
        {
            _shard.Turn();
            run.Kept!.IsBusy = false;
            if (run.Kept.IsOver)
            {
                Remove(run.Kept);
            }
            else
            {
                Keep(run, association);
                _shard.Turn();
            }
        }
    }

    // Ends it here without a word to the peer, who is another node's.
    private void LetGo(ServerRun run, Association association)
    {
        run.Kept!.IsBusy = false;
        if (run.Kept.IsOver)
        {
            return;
        }

        run.Kept.IsOver = true;
        run.Kept.IsLetGo = true;
        try
        {
            byte[] unused = new byte[Room];
            _durable.Export(association, _key, unused, 0);
            CryptographicOperations.ZeroMemory(unused);
        }
        catch (DtlsException)
        {
            _shard.EndSilently(association); // In the middle of a handshake within it.
        }

        _shard.Turn();
    }

    // Under the lock.
    private void Remove(Kept kept)
    {
        if (kept.Generation > 0 && !kept.IsLetGo)
        {
            AssociationFence fence = kept.Fence;
            Begin(kept, () => RemoveAsync(kept.Id, fence));
        }
    }

    private async Task RemoveAsync(byte[] id, AssociationFence fence)
    {
        try
        {
            await _store.RemoveAsync(id, fence, _end.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _shard.Tell(e); // It stays until the store forgets it by itself; its client does not use it any more.
        }
    }
}
