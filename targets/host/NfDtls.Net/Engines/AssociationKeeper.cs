using System;
using System.Collections.Generic;
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
    private readonly List<Task> _removals = [];

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

            run.Kept = new Kept((byte[])id.Clone());
        }

        Kept kept = run.Kept;
        if (kept.IsBusy)
        {
            kept.IsWanted = true;
            return;
        }

        kept.IsBusy = true;
        kept.IsWanted = false;
        byte[]? saved = TryWrite(association, kept);
        _ = saved == null ? LaterAsync(run, association) : StoreAsync(run, association, saved);
    }

    /// <summary>It is over: nobody shall take it back, unless another node has it.</summary>
    internal void Forget(ServerRun run, Association association)
    {
        if (run.Kept is { IsOver: false } kept)
        {
            kept.IsOver = true;
            if (association.LastError != DtlsError.Exported && !kept.IsBusy)
            {
                Remove(kept);
            }
        }
    }

    /// <summary>Waits until those that are over are forgotten, but no longer than that.</summary>
    internal async Task FinishAsync(TimeSpan most)
    {
        Task[] removals;
        lock (_shard.Gate)
        {
            removals = [.. _removals];
        }

        try
        {
            await Task.WhenAll(removals).WaitAsync(most, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The store is out of reach. It forgets them by itself.
        }

        await _end.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Takes an association back, makes the next promise of it this node's, and hands what came for it on. Null where another node was
    /// faster, or it cannot be had. Not under the lock.
    /// </summary>
    internal async Task<bool> TakeBackAsync(byte[] id, byte[] saved, Action go)
    {
        Association association;
        ServerRun run;
        byte[]? next;
        lock (_shard.Gate)
        {
            if (_shard.HasEnded)
            {
                return false;
            }

            association = _durable.Import(_shard.Engine, _key, saved, 0, saved.Length, 0, _shard.Now);
            run = _shard.RunOf(association, false);
            run.Kept = new Kept(id) { IsBusy = true };
            next = TryWrite(association, run.Kept);
            if (next == null)
            {
                LetGo(run, association);
                return false;
            }
        }

        bool isOurs = false;
        try
        {
            isOurs = await _store.StoreAsync(id, new StoredAssociation(next, _owner), run.Kept.Generation, _end.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _shard.Tell(e);
        }

        lock (_shard.Gate)
        {
            run.Kept.IsBusy = false;
            if (run.Kept.IsOver || !isOurs)
            {
                LetGo(run, association);
                return false;
            }

            _durable.PromiseStored(association, next, 0);
            _shard.Announce(run, association);
            go();
            _shard.Turn();
            return true;
        }
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

    private async Task StoreAsync(ServerRun run, Association association, byte[] saved)
    {
        Kept kept = run.Kept!;
        bool? isStored = null;
        try
        {
            isStored = await _store.StoreAsync(kept.Id, new StoredAssociation(saved, _owner), kept.Generation, _end.Token).ConfigureAwait(false);
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

            _durable.PromiseStored(association, saved, 0);
            if (kept.IsWanted)
            {
                Keep(run, association);
            }

            _shard.Turn();
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

        try
        {
            byte[] unused = new byte[Room];
            _durable.Export(association, _key, unused, 0);
            CryptographicOperations.ZeroMemory(unused);
        }
        catch (DtlsException)
        {
            association.Close(0, _shard.Now);
        }

        _shard.Turn();
    }

    // Under the lock.
    private void Remove(Kept kept)
    {
        _removals.RemoveAll(removal => removal.IsCompleted);
        _removals.Add(Task.Run(() => RemoveAsync(kept)));
    }

    private async Task RemoveAsync(Kept kept)
    {
        try
        {
            await _store.RemoveAsync(kept.Id, kept.Generation, _end.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _shard.Tell(e); // It stays until the store forgets it by itself; its client does not use it any more.
        }
    }

    /// <summary>What is known of one association's copy in the store.</summary>
    internal sealed class Kept
    {
        internal Kept(byte[] id)
        {
            Id = id;
        }

        internal byte[] Id { get; }

        internal long Generation { get; set; }

        /// <summary>Whether the store is at work for it; then the next promise waits.</summary>
        internal bool IsBusy { get; set; }

        internal bool IsWanted { get; set; }

        internal bool IsOver { get; set; }
    }
}
