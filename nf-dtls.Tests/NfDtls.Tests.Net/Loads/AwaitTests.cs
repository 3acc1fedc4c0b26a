using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net.Loads;

/// <summary>Every call that waits, ended in every way: by its token, by the disposal of its own object, of the listener, of the peer.</summary>
[TestClass]
public sealed class AwaitTests
{
    private const string Cancelled = nameof(OperationCanceledException);
    private const string Disposed = nameof(ObjectDisposedException);
    private const string Closed = nameof(DtlsError.SessionClosed);
    private const string Done = "";

    // What waits; then what it ends in when its token, its own object, the listener, the peer is the end of it. Null: it goes on.
    private static readonly (string Call, Func<Scene, CancellationToken, Task> Begin, string ByToken, string? ByOwner, string? ByListener, string? ByPeer)[] Calls =
    [
        ("AcceptConnectionAsync", (scene, end) => scene.Listener.AcceptConnectionAsync(end).AsTask(), Cancelled, null, Disposed, null),
        ("ReceiveAsync", (scene, end) => scene.Client.ReceiveAsync(new byte[9], end).AsTask(), Cancelled, Disposed, Closed, Closed),
        ("ReceiveAsync", (scene, end) => scene.Turned().Client.ReceiveAsync(new byte[9], end).AsTask(), Cancelled, Disposed, Closed, Closed),
        ("ReadAllAsync", (scene, end) => ReadAllAsync(scene.Client, end), Cancelled, Done, Done, Done),
        ("ReadAllAsync", (scene, end) => ReadAllAsync(scene.Turned().Client, end), Cancelled, Done, Done, Done),
        ("CloseAsync", (scene, end) => scene.Shut().Client.CloseAsync(end).AsTask(), Cancelled, Done, null, null),
        ("CloseAsync", (scene, end) => scene.Shut().Turned().Client.CloseAsync(end).AsTask(), Cancelled, Done, Done, null),
        ("DrainAsync", (scene, end) => scene.Shut().Listener.DrainAsync(end).AsTask(), Cancelled, null, Done, null),
        ("Closed", (scene, end) => scene.Client.Closed.WaitAsync(end), Cancelled, Done, Done, Done),
        ("Closed", (scene, end) => scene.Turned().Client.Closed.WaitAsync(end), Cancelled, Done, Done, Done),
    ];

    // These do not wait, or are the subject of tests of their own.
    private static readonly string[] Others = ["SendAsync", "ListenAsync", "ConnectAsync"];

    [TestMethod]
    public async Task Every_call_that_waits_ends_as_it_says_whichever_end_comes()
    {
        using Unobserved unobserved = new();
        for (int i = 0; i < Calls.Length; i++)
        {
            await EndsAsync(i, Calls[i].ByToken, (_, source) => source.CancelAsync());
            await EndsAsync(i, Calls[i].ByOwner, (scene, _) => scene.Client.DisposeAsync().AsTask());
            await EndsAsync(i, Calls[i].ByListener, (scene, _) => scene.Listener.DisposeAsync().AsTask());
            await EndsAsync(i, Calls[i].ByPeer, (scene, _) => scene.Server.DisposeAsync().AsTask());
        }

        unobserved.AssertNone();
    }

    [TestMethod]
    public void Every_call_with_a_token_is_in_the_table()
    {
        string[] public_ = new[] { typeof(DtlsConnection), typeof(DtlsListener) }
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken)))
            .Select(method => method.Name).Distinct().Order().ToArray();
        CollectionAssert.AreEqual(Calls.Select(call => call.Call).Where(name => name != "Closed").Concat(Others).Distinct().Order().ToArray(), public_);
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12, false)]
    [DataRow(DtlsProtocols.Dtls12, true)]
    [DataRow(DtlsProtocols.Dtls13, false)]
    [DataRow(DtlsProtocols.Dtls13, true)]
    public async Task A_handshake_may_be_ended_behind_each_of_its_datagrams_by_either_end(DtlsProtocols version, bool certified)
    {
        using Unobserved unobserved = new();
        using Certified authority = new();
        using X509Certificate2 own = authority.Server();
        using X509Certificate2 device = authority.Client();
        foreach (string end in new[] { "cancel", "drain", "dispose" })
        {
            int passes = 0;
            while (!await RunsThroughAsync(passes, end, version, certified ? (authority.Root, own, device) : null))
            {
                passes++;
                Assert.IsLessThan(40, passes);
            }

            Assert.IsGreaterThan(3, passes, "datagrams of a handshake");
        }

        unobserved.AssertNone();
    }

    [TestMethod]
    public async Task A_handshake_that_waits_for_the_application_may_be_ended_by_either_end()
    {
        using Unobserved unobserved = new();
        foreach (bool isClients in new[] { false, true })
        {
            foreach (bool isCancelled in new[] { false, true })
            {
                TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
                TaskCompletionSource<byte[]?> never = new();
                DtlsListener listener = await Ends.ListenAsync(options => options.PskCallback = async (_, end) =>
                {
                    asked.TrySetResult();
                    return isClients ? Ends.Key : await never.Task.WaitAsync(end);
                });
                DtlsClientOptions options = Ends.ClientOptions(listener);
                options.Psk = isClients ? null : options.Psk;
                options.PskCallback = !isClients ? null : async (_, end) =>
                {
                    asked.TrySetResult();
                    await never.Task.WaitAsync(end);
                    return null;
                };
                using CancellationTokenSource source = new();
                Task<DtlsConnection> connecting = DtlsConnection.ConnectAsync(options, source.Token).AsTask();
                await asked.Task.WaitAsync(Ends.Patience);
                if (isCancelled)
                {
                    await source.CancelAsync();
                }

                await listener.DisposeAsync().AsTask().WaitAsync(Ends.Patience);
                if (!isCancelled)
                {
                    // A server that goes without a word leaves a client that has not been heard to its own patience.
                    await source.CancelAsync();
                }

                Assert.AreEqual(Cancelled, await HowAsync(connecting));
            }
        }

        unobserved.AssertNone();
    }

    private static async Task EndsAsync(int index, string? expected, Func<Scene, CancellationTokenSource, Task> end)
    {
        if (expected == null)
        {
            return;
        }

        Scene scene = await Scene.CreateAsync();
        using CancellationTokenSource source = new();
        Task task = Calls[index].Begin(scene, source.Token);
        Assert.IsFalse(task.IsCompleted, Calls[index].Call + " waits for nothing.");
        await end(scene, source).WaitAsync(Ends.Patience);
        Assert.AreEqual(expected, await HowAsync(task), Calls[index].Call + ", row " + index);
        await scene.DisposeAsync();
    }

    private static async Task<string> HowAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Ends.Patience);
            return Done;
        }
        catch (DtlsException e)
        {
            return e.Error.ToString();
        }
        catch (OperationCanceledException)
        {
            return Cancelled;
        }
        catch (ObjectDisposedException)
        {
            return Disposed;
        }
    }

    private static async Task ReadAllAsync(DtlsConnection connection, CancellationToken end)
    {
        await foreach (DtlsDatagram datagram in connection.ReadAllAsync(end))
        {
            datagram.Dispose();
        }
    }

    // Whether the handshake needs no more datagrams than that; else it is ended where it then stands.
    private static async Task<bool> RunsThroughAsync(int passes, string end, DtlsProtocols version, (X509Certificate2 Root, X509Certificate2 Own, X509Certificate2 Device)? certificates)
    {
        DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.EnabledProtocols = version;
            options.CloseTimeout = TimeSpan.FromMilliseconds(20);
            options.RetransmitTimeout = TimeSpan.FromMinutes(1);
            if (certificates is { } shown)
            {
                options.PskCallback = null;
                options.Certificates = [shown.Own];
                options.ClientCertificates = ClientCertificates.Require;
                options.TrustedCertificates = [shown.Root];
            }
        });
        await using Gate gate = new(listener.LocalEndPoint, passes);
        DtlsClientOptions options = Ends.ClientOptions(gate.EndPoint);
        options.EnabledProtocols = version;
        options.RetransmitTimeout = TimeSpan.FromMinutes(1);
        if (certificates is { } trusted)
        {
            options.Psk = null;
            options.TrustedCertificates = [trusted.Root];
            options.TargetHost = Certified.ServerName;
            options.Certificates = [trusted.Device];
        }

        using CancellationTokenSource source = new();
        Task<DtlsConnection> connecting = DtlsConnection.ConnectAsync(options, source.Token).AsTask();
        Task<DtlsConnection> accepting = listener.AcceptConnectionAsync().AsTask();
        await Ends.UntilAsync(() => gate.Holds || (connecting.IsCompleted && accepting.IsCompleted), "what is held, or the end of the handshake");
        bool isThrough = connecting.IsCompletedSuccessfully && accepting.IsCompletedSuccessfully;
        switch (end)
        {
            case "cancel":
                await source.CancelAsync();
                break;
            case "drain":
                await listener.DrainAsync().AsTask().WaitAsync(Ends.Patience);
                break;
            default:
                await listener.DisposeAsync().AsTask().WaitAsync(Ends.Patience);
                break;
        }

        gate.Open();
        if (!isThrough)
        {
            await source.CancelAsync();
        }

        string how = await HowAsync(connecting);
        if (how.Length == 0)
        {
            await (await connecting).DisposeAsync();
        }

        // Its handshake may end by the listener's word, where that passes before the token's.
        Assert.IsTrue(how is Done or Cancelled || end != "cancel", how);
        await listener.DisposeAsync().AsTask().WaitAsync(Ends.Patience);
        string accepted = await HowAsync(accepting);
        Assert.IsTrue(accepted is Done or Disposed, accepted);
        return isThrough;
    }

    /// <summary>A client and its server, with a gate between them.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private Gate? _gate;

        internal required DtlsListener Listener { get; init; }

        internal DtlsConnection Client { get; private set; } = null!;

        internal DtlsConnection Server { get; private set; } = null!;

        internal static async Task<Scene> CreateAsync()
        {
            Scene scene = new() { Listener = await Ends.ListenAsync() };
            scene._gate = new Gate(scene.Listener.LocalEndPoint, int.MaxValue);
            scene.Client = await DtlsConnection.ConnectAsync(Ends.ClientOptions(scene._gate.EndPoint)).AsTask().WaitAsync(Ends.Patience);
            scene.Server = await scene.Listener.AcceptConnectionAsync().AsTask().WaitAsync(Ends.Patience);
            return scene;
        }

        /// <summary>The same, and the one that the call is made on is the server's.</summary>
        internal Scene Turned()
        {
            (Client, Server) = (Server, Client);
            return this;
        }

        internal Scene Shut()
        {
            _gate!.Shut();
            return this;
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
            await Listener.DisposeAsync();
            await _gate!.DisposeAsync();
        }
    }
}
