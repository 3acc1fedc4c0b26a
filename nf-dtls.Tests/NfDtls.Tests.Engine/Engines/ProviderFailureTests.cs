using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>A provider may fail at any of its calls: no entropy, no handle, a native error.</summary>
[TestClass]
public class ProviderFailureTests
{
    [TestMethod]
    [DataRow("TLS_PSK_WITH_AES_128_CCM_8", true, false)]
    [DataRow("TLS_PSK_WITH_AES_128_CCM_8", true, true)]
    [DataRow("TLS_PSK_WITH_AES_256_GCM_SHA384", true, false)]
    [DataRow("TLS_PSK_WITH_AES_256_GCM_SHA384", true, true)]
    [DataRow("TLS_PSK_WITH_AES_128_CBC_SHA256", true, false)]
    [DataRow("TLS_PSK_WITH_AES_128_CBC_SHA256", true, true)]
    [DataRow("TLS_PSK_WITH_AES_128_CBC_SHA256", false, false)]
    [DataRow("TLS_PSK_WITH_AES_128_CBC_SHA256", false, true)]
    public void A_provider_that_fails_at_any_call_costs_its_session_and_nothing_else(string suite, bool encryptThenMac, bool ofServer)
    {
        foreach (bool loses in new[] { false, true })
        {
            int calls = Make(suite, encryptThenMac, ofServer, loses).CountCalls();
            Assert.IsTrue(calls > 40, calls.ToString());
            for (int call = 1; call <= calls; call++)
            {
                Make(suite, encryptThenMac, ofServer, loses).Fail(call, false);
                Make(suite, encryptThenMac, ofServer, loses).Fail(call, true);
            }
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_provider_that_fails_while_an_endpoint_is_made_comes_out_of_its_constructor(bool isServer)
    {
        int calls = 0;
        for (int call = 0; call <= calls; call++)
        {
            DtlsOptions options = TestBed.Options(1);
            WatchedProvider provider = new WatchedProvider(options.Crypto);
            PacketPool pool = new PacketPool(4, 1472);
            InvalidCastException failure = new("native");
            int count = 0;
            options.Crypto = provider;
            options.Pool = pool;
            provider.Calling = (_, _) =>
            {
                count++;
                if (count == call)
                {
                    throw failure;
                }
            };
            if (call == 0)
            {
                Construct(options, isServer);
                calls = count;
                Assert.IsTrue(calls >= (isServer ? 6 : 2), calls.ToString());
                continue;
            }

            Assert.AreSame(failure, Assert.ThrowsExactly<InvalidCastException>(() => Construct(options, isServer)), call.ToString());
            Assert.AreEqual(pool.Count, pool.Available);
            provider.Calling = null;
            Construct(options, isServer);
        }
    }

    [TestMethod]
    public void An_old_cookie_holds_though_the_provider_fails_while_the_secret_changes_and_none_holds_longer()
    {
        // 100 s later the secret changes, and the one before it still holds; 60 s later it does not.
        int calls = 0;
        for (int call = 0; call <= calls; call++)
        {
            DtlsOptions options = TestBed.Options(2);
            WatchedProvider provider = new WatchedProvider(options.Crypto);
            options.Crypto = provider;
            DtlsServerEngine server = new DtlsServerEngine(options);
            ScriptedClient outdated = new ScriptedClient(server, TestBed.OtherAddress);
            outdated.SendHello();
            ScriptedClient client = new ScriptedClient(server, TestBed.Address) { Now = outdated.Now + 59_000 };
            client.SendHello();
            client.Now += 41_000;
            int count = 0;
            provider.Calling = (_, _) =>
            {
                count++;
                if (count == call)
                {
                    throw new InvalidOperationException("No entropy.");
                }
            };

            // Somebody else's hello makes it change.
            ScriptedClient other = new ScriptedClient(server, new byte[] { 9, 9, 9 }) { Now = client.Now };
            if (call == 0)
            {
                other.SendHello();
            }
            else
            {
                Assert.AreEqual("No entropy.", Assert.ThrowsExactly<InvalidOperationException>(other.SendHello).InnerException!.Message);
            }

            provider.Calling = null;
            calls = call == 0 ? count : calls;
            Assert.IsTrue(calls >= 3, calls.ToString());
            Assert.AreEqual(call == 0 ? 1 : 0, other.Answers, call.ToString());
            Assert.AreEqual(call == 0 ? 0 : 1, server.Statistics.Dropped(DropReason.NoBuffer), call.ToString());
            client.SendHello();
            Assert.AreEqual(1, server.HandshakeCount, "call " + call + ": the cookie should hold.");
            outdated.Now = client.Now + 60_000;
            outdated.SendHello();
            Assert.IsNull(outdated.Association, "call " + call + ": the cookie should not hold any more.");
        }
    }

    [TestMethod]
    public void A_failure_in_a_second_handshake_from_an_address_leaves_its_first_session()
    {
        int calls = 0;
        int kept = 0;
        for (int call = 0; call <= calls; call++)
        {
            DtlsOptions options = TestBed.Options(2);
            WatchedProvider provider = new WatchedProvider(options.Crypto);
            options.Crypto = provider;
            TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
            bed.Network.PartsMayFail = true;
            TestClient second = bed.Network.Add(new DtlsClientEngine(TestBed.Options(3)), TestBed.Address);
            int count = 0;
            provider.Calling = (name, _) =>
            {
                count++;
                if (count == call)
                {
                    throw new NotSupportedException("native");
                }
            };
            second.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => second.State != AssociationState.Connecting, 40_000);
            calls = call == 0 ? count : calls;
            provider.Calling = null;
            bed.Network.Remove(second);
            if (bed.Server.Statistics.HandshakesCompleted == 1)
            {
                Assert.AreNotEqual(AssociationState.Connected, second.State, "call " + call);
                bed.VerifyEcho();
                Assert.AreEqual(1, bed.Server.SessionCount, "call " + call);
                Assert.AreEqual(2, provider.KeyedContexts, "call " + call);
                kept++;
            }
            else
            {
                // It was the second's from the verified Finished on, whatever became of it then.
                Assert.AreEqual(second.State == AssociationState.Connected ? 1 : 0, bed.Server.SessionCount, "call " + call);
            }

            Assert.AreEqual(0, bed.Server.HandshakeCount, "call " + call);
            bed.VerifyPools();
        }

        Assert.IsTrue(kept > calls / 3, kept + " of " + calls);
    }

    [TestMethod]
    public void A_record_that_cannot_be_protected_is_told_by_Send_and_the_connection_goes_on()
    {
        foreach (bool ofPacket in new[] { false, true })
        {
            WatchedProvider provider = new WatchedProvider(TestBed.Options(1).Crypto);
            TestBed bed = Cbc(provider).Connect();
            Association client = bed.Client.Association;
            provider.Calling = (_, _) => throw new InvalidOperationException("No entropy.");
            Packet packet = bed.Client.Engine.Pool.Rent();
            packet.Append(TestBed.Bytes(20), 0, 20);
            DtlsException told = Assert.ThrowsExactly<DtlsException>(() =>
            {
                if (ofPacket)
                {
                    client.Send(packet, bed.Network.Now);
                }
                else
                {
                    client.Send(TestBed.Bytes(20), 0, 20, bed.Network.Now);
                }
            });
            Assert.AreEqual(DtlsError.NoEntropy, told.Error);
            Assert.IsInstanceOfType<InvalidOperationException>(told.InnerException!.InnerException);
            Assert.IsTrue(packet.IsRented);
            packet.Return();
            Assert.AreEqual(bed.Client.Engine.Pool.Count, bed.Client.Engine.Pool.Available);
            Assert.AreEqual(AssociationState.Connected, client.State);
            Assert.IsNull(bed.Client.Engine.TakeFailure(), "The caller knows already.");
            provider.Calling = null;
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void A_close_that_cannot_be_protected_ends_at_once_with_the_reason()
    {
        WatchedProvider provider = new WatchedProvider(TestBed.Options(1).Crypto);
        TestBed bed = Cbc(provider).Connect();
        provider.Calling = (_, _) => throw new InvalidOperationException("No entropy.");
        bed.Client.Association.Close(5000, bed.Network.Now);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.NoEntropy, bed.Client.Association.LastError);
        Assert.AreEqual(Alert.None, bed.Client.Association.AlertSent);
        Assert.AreEqual(0, provider.KeyedContexts);
        Assert.AreEqual(DtlsError.NoEntropy, ((DtlsException)bed.Client.Engine.TakeFailure()).Error);
        Assert.AreEqual(bed.Client.Engine.Pool.Count, bed.Client.Engine.Pool.Available);
    }

    [TestMethod]
    public void What_cannot_be_answered_under_protection_throws_nothing_and_ends_the_session()
    {
        // The answer to a close_notify, to a request to renegotiate, to a violation: each is an alert.
        Func<TestBed, byte[]>[] provocations =
        {
            bed => TestBed.Seal(bed.ServerAssociation!, ContentType.Alert, 1, 0),
            bed => TestBed.Seal(bed.ServerAssociation!, ContentType.Handshake, TestBed.Fragment(HandshakeType.HelloRequest, 0)),
            bed => TestBed.Seal(bed.ServerAssociation!, ContentType.Handshake, TestBed.Fragment(HandshakeType.ServerHelloDone, 7)),
        };
        DtlsError[] reasons = { DtlsError.SessionClosed, DtlsError.NoEntropy, DtlsError.UnexpectedMessage };
        for (int i = 0; i < provocations.Length; i++)
        {
            WatchedProvider provider = new WatchedProvider(TestBed.Options(1).Crypto);
            TestBed bed = Cbc(provider).Connect();
            byte[] datagram = provocations[i](bed);
            provider.Calling = (name, _) =>
            {
                if (name == "Random")
                {
                    throw new InvalidOperationException("No entropy.");
                }
            };
            bed.Client.Engine.HandleDatagram(datagram, 0, datagram.Length, bed.Network.Now);
            Assert.AreEqual(AssociationState.Closed, bed.Client.State, i.ToString());
            Assert.AreEqual(reasons[i], bed.Client.Association.LastError, i.ToString());
            Assert.AreEqual(0, provider.KeyedContexts, i.ToString());
            Assert.AreEqual(bed.Client.Engine.Pool.Count, bed.Client.Engine.Pool.Available, i.ToString());
            Assert.IsNotNull(bed.Client.Engine.TakeFailure(), i.ToString());
        }
    }

    [TestMethod]
    public void A_failure_is_told_once_and_the_first_of_several_is()
    {
        WatchedProvider provider = new WatchedProvider(TestBed.Options(1).Crypto);
        TestBed bed = Cbc(provider).Connect();
        byte[] record = TestBed.Seal(bed.ServerAssociation!, ContentType.ApplicationData, 1, 2, 3);
        provider.Calling = (name, _) => throw new NotSupportedException(name);
        bed.Client.Engine.HandleDatagram(record, 0, record.Length, bed.Network.Now);
        Assert.AreEqual(DtlsError.InternalError, bed.Client.Association.LastError);
        Assert.AreEqual("Open", bed.Client.Engine.TakeFailure().Message);
        Assert.IsNull(bed.Client.Engine.TakeFailure());
    }

    private static void Construct(DtlsOptions options, bool isServer)
    {
        _ = isServer ? (DtlsEngine)new DtlsServerEngine(options) : new DtlsClientEngine(options);
    }

    private static TestBed Cbc(WatchedProvider provider)
    {
        DtlsOptions client = TestBed.Options(1);
        DtlsOptions server = TestBed.Options(2);
        client.Suites = TestBed.Only(PskSuites.Aes128CbcSha256());
        server.Suites = TestBed.Only(PskSuites.Aes128CbcSha256());
        client.Crypto = provider;
        return new TestBed(client, server);
    }

    private static FailingRun Make(string suite, bool encryptThenMac, bool ofServer, bool loses)
    {
        DtlsOptions client = TestBed.Options(1);
        DtlsOptions server = TestBed.Options(2);
        client.Suites = TestBed.Only(HandshakeTests.Suite(suite));
        server.Suites = TestBed.Only(HandshakeTests.Suite(suite));
        DtlsOptions watched = ofServer ? server : client;
        WatchedProvider provider = new WatchedProvider(watched.Crypto);
        watched.Crypto = provider;
        TestBed bed = new TestBed(client, server);
        if (!encryptThenMac)
        {
            bed.Client.Engine.Extensions[1] = new SilentExtension(0xFE01);
        }

        return new FailingRun(bed, provider, ofServer, suite + (encryptThenMac ? string.Empty : " without encrypt_then_mac") + (ofServer ? ", server" : ", client") + (loses ? ", losses" : string.Empty), loses);
    }
}
