using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Extensions;
using NfDtls.Net;
using NfDtls.Tests.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>Sessions that begin at one node and are resumed at another: by tickets of one key ring, by ids in one cache.</summary>
[TestClass]
public sealed class SharedSessionTests
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("nfdtls-ring").FullName;

    [TestCleanup]
    public void Clean()
    {
        System.IO.Directory.Delete(_folder, true);
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task A_ticket_of_one_node_resumes_at_another_until_its_key_is_revoked(DtlsProtocols version)
    {
        using ServiceProvider first = Node();
        using ServiceProvider second = Node();
        using RingTicketKeys firstKeys = new(first.GetRequiredService<IKeyManager>());
        using RingTicketKeys secondKeys = new(second.GetRequiredService<IKeyManager>());
        await using DtlsListener here = await ListenAsync(version, new SessionResumption { Peers = new AnyPeer(), TicketKeys = firstKeys, StoreSize = 0 });
        await using DtlsListener there = await ListenAsync(version, new SessionResumption { Peers = new AnyPeer(), TicketKeys = secondKeys, StoreSize = 0 });
        ResumableSession session = await VisitAsync(here, version, null, false);
        session = await VisitAsync(there, version, session, true);

        IKeyManager manager = second.GetRequiredService<IKeyManager>();
        foreach (IKey key in manager.GetAllKeys())
        {
            manager.RevokeKey(key.KeyId, "Lost.");
        }

        secondKeys.Refresh();
        session = await VisitAsync(there, version, session, false);

        // The first node, which had not heard of it yet, takes the new one's tickets when it has.
        firstKeys.Refresh();
        await VisitAsync(here, version, session, true);
    }

    [TestMethod]
    public void A_new_key_of_the_ring_seals_and_the_one_before_opens()
    {
        using ServiceProvider node = Node();
        IKeyManager manager = node.GetRequiredService<IKeyManager>();
        using RingTicketKeys keys = new(manager);
        TicketKey? before = keys.GetCurrent(new NfDtls.Crypto.Host.HostProvider(), 0);
        Assert.IsNotNull(before);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        IKey added = manager.CreateNewKey(now, now.AddDays(90));
        keys.Refresh();
        TicketKey? current = keys.GetCurrent(new NfDtls.Crypto.Host.HostProvider(), 0);
        Assert.AreNotEqual(Name(manager.GetAllKeys().Single(key => key.KeyId != added.KeyId)), Name(added));
        Assert.IsNotNull(current);
        foreach (IKey key in manager.GetAllKeys())
        {
            Assert.IsNotNull(keys.Find(Convert.FromHexString(Name(key)), 0, 0));
        }

        Assert.AreSame(current, keys.Find(Convert.FromHexString(Name(added)), 0, 0));
        Assert.IsNull(keys.Find([1, 2, 3, 4], 0, 0));
    }

    [TestMethod]
    public async Task A_session_in_the_cache_is_resumed_at_another_node_and_is_no_secret_of_the_caches()
    {
        using ServiceProvider ring = Node();
        IDataProtectionProvider protection = ring.GetRequiredService<IDataProtectionProvider>();
        Recorder cache = new();
        await using CachedSessionStore first = new(cache, protection);
        await using CachedSessionStore second = new(cache, protection);
        await using DtlsListener here = await ListenAsync(DtlsProtocols.Dtls12, new SessionResumption { Peers = new AnyPeer(), Store = first, Tickets = false });
        await using DtlsListener there = await ListenAsync(DtlsProtocols.Dtls12, new SessionResumption { Peers = new AnyPeer(), Store = second, Tickets = false });
        ResumableSession session = await VisitAsync(here, DtlsProtocols.Dtls12, null, false);
        await Ends.UntilAsync(() => cache.Sets > 0, "the write");
        byte[] exported = session.Export();
        session = await VisitAsync(there, DtlsProtocols.Dtls12, session, true);
        Assert.IsFalse(cache.Holds(exported.AsSpan(exported.Length - 32, 16)), "A secret in the clear.");
        Assert.AreEqual(0L, first.Lost + second.Lost);

        // A node that cannot reach the cache, or may not read it, shakes hands in full.
        using ServiceProvider other = new ServiceCollection().AddDataProtection().UseEphemeralDataProtectionProvider().Services.BuildServiceProvider();
        await using CachedSessionStore stranger = new(cache, other.GetRequiredService<IDataProtectionProvider>());
        await using DtlsListener elsewhere = await ListenAsync(DtlsProtocols.Dtls12, new SessionResumption { Peers = new AnyPeer(), Store = stranger, Tickets = false });
        await VisitAsync(elsewhere, DtlsProtocols.Dtls12, session, false);
        cache.IsBroken = true;
        await VisitAsync(elsewhere, DtlsProtocols.Dtls12, session, false);
        await Ends.UntilAsync(() => stranger.Lost > 0, "what is lost, counted");
    }

    [TestMethod]
    public void A_key_of_the_ring_that_cannot_be_read_keeps_no_other_from_serving()
    {
        using ServiceProvider node = Node();
        IKeyManager manager = node.GetRequiredService<IKeyManager>();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        IKey good = manager.CreateNewKey(now.AddDays(-1), now.AddDays(90));
        IKey bad = manager.CreateNewKey(now, now.AddDays(90));
        using RingTicketKeys keys = new(new WithUnreadable(manager, bad.KeyId));
        Assert.AreEqual(1, keys.Unreadable);
        TicketKey? current = keys.GetCurrent(new NfDtls.Crypto.Host.HostProvider(), 0);
        Assert.IsNotNull(current);
        Assert.AreSame(current, keys.Find(Convert.FromHexString(Name(good)), 0, 0));
        Assert.IsNull(keys.Find(Convert.FromHexString(Name(bad)), 0, 0));

        // Where none can be read, there is a new one.
        using RingTicketKeys alone = new(new WithUnreadable(manager, bad.KeyId, good.KeyId));
        Assert.AreEqual(2, alone.Unreadable);
        Assert.IsNotNull(alone.GetCurrent(new NfDtls.Crypto.Host.HostProvider(), 0));
        keys.Refresh();
        Assert.AreEqual(1, keys.Unreadable);
        Assert.AreNotSame(current, keys.GetCurrent(new NfDtls.Crypto.Host.HostProvider(), 0), "The new one.");
    }

    [TestMethod]
    public async Task A_write_that_hangs_holds_up_no_other_and_those_that_are_left_end_together()
    {
        const int AtOnce = 4;
        using ServiceProvider ring = Node();
        Recorder cache = new() { AtOnce = AtOnce };
        CachedSessionStore store = new(cache, ring.GetRequiredService<IDataProtectionProvider>());
        for (byte i = 0; i < 200; i++)
        {
            store.Put([i], [1, 2, 3], 60, 0);
        }

        await store.DisposeAsync();
        Assert.AreEqual(200, cache.Sets + store.Lost);
        Assert.IsGreaterThanOrEqualTo(AtOnce, cache.Sets, "One waits for the other.");
    }

    private static string Name(IKey key)
    {
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(key.KeyId.ToByteArray()).AsSpan(0, TicketKey.NameLength));
    }

    private static async Task<DtlsListener> ListenAsync(DtlsProtocols version, SessionResumption resumption)
    {
        DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.EnabledProtocols = version;
            options.ConfigureEngine = engine => engine.Features = [.. engine.Features, resumption];
        });
        _ = Ends.EchoAsync(listener);
        return listener;
    }

    /// <summary>Connects, and returns the session that may be resumed next time.</summary>
    private static async Task<ResumableSession> VisitAsync(DtlsListener listener, DtlsProtocols version, ResumableSession? session, bool isResumed)
    {
        SessionResumption resumption = new() { Session = session == null ? null : ResumableSession.Import(session.Export()) };
        await using DtlsConnection client = await Ends.ConnectAsync(listener, options =>
        {
            options.EnabledProtocols = version;
            options.ConfigureEngine = engine => engine.Features = [.. engine.Features, resumption];
        });
        Assert.AreEqual(isResumed, client.IsResumed);
        await Ends.AssertEchoesAsync(client, "hello");
        byte[]? before = session?.Export();
        await Ends.UntilAsync(() => resumption.Session != null && (version == DtlsProtocols.Dtls12 || before == null || !resumption.Session.Export().AsSpan().SequenceEqual(before)), "the ticket");
        return ResumableSession.Import(resumption.Session!.Export());
    }

    private ServiceProvider Node()
    {
        return new ServiceCollection().AddDataProtection().SetApplicationName("fleet").PersistKeysToFileSystem(new System.IO.DirectoryInfo(_folder)).Services.BuildServiceProvider();
    }

    /// <summary>A cache in memory that tells what was put into it.</summary>
    private sealed class Recorder : IDistributedCache
    {
        private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));
        private readonly System.Collections.Concurrent.ConcurrentBag<byte[]> _all = [];
        private int _sets;

        internal volatile bool IsBroken;

        private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _waiting;

        /// <summary>So many writes go on when they have met.</summary>
        internal int AtOnce { get; init; }

        internal int Sets => Volatile.Read(ref _sets);

        internal bool Holds(ReadOnlySpan<byte> secret)
        {
            foreach (byte[] value in _all)
            {
                if (value.AsSpan().IndexOf(secret) >= 0)
                {
                    return true;
                }
            }

            return false;
        }

        public byte[]? Get(string key)
        {
            return IsBroken ? throw new TimeoutException() : _cache.Get(key);
        }

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            return Task.FromResult(Get(key));
        }

        public void Refresh(string key)
        {
            _cache.Refresh(key);
        }

        public Task RefreshAsync(string key, CancellationToken token = default)
        {
            return _cache.RefreshAsync(key, token);
        }

        public void Remove(string key)
        {
            _cache.Remove(key);
        }

        public Task RemoveAsync(string key, CancellationToken token = default)
        {
            return _cache.RemoveAsync(key, token);
        }

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
        {
            ObjectDisposedException.ThrowIf(IsBroken, this);
            _all.Add(value);
            _cache.Set(key, value, options);
            Interlocked.Increment(ref _sets);
        }

        public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            if (Interlocked.Increment(ref _waiting) == AtOnce)
            {
                _met.TrySetResult();
            }

            if (AtOnce > 0)
            {
                await _met.Task.WaitAsync(token);
            }

            Set(key, value, options);
        }
    }

    /// <summary>A ring of which this machine cannot decrypt some keys.</summary>
    internal sealed class WithUnreadable(IKeyManager ring, params Guid[] unreadable) : IKeyManager
    {
        /// <summary>All, and those to come.</summary>
        internal bool AreAll { get; set; }

        public IReadOnlyCollection<IKey> GetAllKeys()
        {
            return ring.GetAllKeys().Select(key => AreAll || unreadable.Contains(key.KeyId) ? new Unreadable(key) : key).ToList();
        }

        public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate)
        {
            return ring.CreateNewKey(activationDate, expirationDate);
        }

        public CancellationToken GetCacheExpirationToken()
        {
            return ring.GetCacheExpirationToken();
        }

        public void RevokeKey(Guid keyId, string? reason = null)
        {
            ring.RevokeKey(keyId, reason);
        }

        public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null)
        {
            ring.RevokeAllKeys(revocationDate, reason);
        }
    }

    private sealed class Unreadable(IKey key) : IKey
    {
        public DateTimeOffset ActivationDate => key.ActivationDate;

        public DateTimeOffset CreationDate => key.CreationDate;

        public DateTimeOffset ExpirationDate => key.ExpirationDate;

        public bool IsRevoked => key.IsRevoked;

        public Guid KeyId => key.KeyId;

        public IAuthenticatedEncryptorDescriptor Descriptor => throw new System.Security.Cryptography.CryptographicException("As the test has it.");

        public IAuthenticatedEncryptor? CreateEncryptor()
        {
            return null;
        }
    }
}
