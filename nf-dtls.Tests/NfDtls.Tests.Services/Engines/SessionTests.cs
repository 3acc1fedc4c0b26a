using System;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Services.Engines;

/// <summary>What happens to sessions by the application's word, by their silence, and by keys that change.</summary>
[TestClass]
public class SessionTests
{
    [TestMethod]
    public void A_client_that_is_accepted_at_once_connects()
    {
        Field field = Asking(out TestClient client, out ConnectRequest request);
        request.Accept();
        Assert.IsTrue(field.Network.Run(() => client.State == AssociationState.Connected, 10_000));
        field.Echo(client, "accepted");
    }

    [TestMethod]
    public void A_client_that_is_accepted_later_connects_then()
    {
        Field field = Asking(out TestClient client, out ConnectRequest request);
        field.Network.Run(20_000);
        Assert.AreEqual(AssociationState.Connecting, client.State);
        Assert.AreEqual(1, field.Server.SessionCount);
        request.Accept();
        Assert.IsTrue(field.Network.Run(() => client.State == AssociationState.Connected, 60_000));
        request.Refuse();
        field.Echo(client, "accepted later");
    }

    [TestMethod]
    public void A_client_that_is_refused_gets_no_session()
    {
        Field field = Asking(out TestClient client, out ConnectRequest request);
        Association session = field.Network.ServerEvents[0].Association;
        field.Network.AutoRelease = false;
        request.Refuse();
        Assert.IsTrue(field.Network.Run(() => session.State == AssociationState.Closed, 10_000));
        Assert.AreEqual(DtlsError.Refused, session.LastError);
        Assert.AreEqual(Alert.AccessDenied, session.AlertSent);
        Assert.AreEqual(0, field.Server.HandshakeCount);
        int alert = session.AlertSent;
        field.Server.Release(session);
        Assert.AreEqual(0, field.Server.SessionCount);
        Assert.IsTrue(field.Network.Run(() => client.State == AssociationState.Closed, 3_600_000), "The client tries for ever.");
        Assert.AreEqual(DtlsError.AlertReceived, client.Association.LastError);
        Assert.AreEqual(alert, client.Association.AlertReceived);
        Assert.AreEqual(field.Server.Pool.Count, field.Server.Pool.Available);
    }

    [TestMethod]
    public void The_place_of_a_client_that_nobody_answers_for_comes_back()
    {
        Field field = Asking(out TestClient client, out ConnectRequest request);
        client.Engine.Reset();
        field.Network.Remove(client);
        Assert.IsTrue(field.Network.Run(() => field.Server.SessionCount == 0, 100_000), "The place does not come back.");
        Assert.AreEqual(0, field.Server.HandshakeCount);
        request.Accept();
        field.Network.Run(10_000);
        Assert.AreEqual(0, field.Server.SessionCount);
        Assert.AreEqual(field.Server.Pool.Count, field.Server.Pool.Available);
    }

    [TestMethod]
    public void Running_sessions_keep_their_key_and_new_handshakes_see_what_changed()
    {
        DtlsOptions options = Setup.SeededOptions(1);
        Field field = new Field(options);
        TestClient old = field.Connect();
        Assert.IsTrue(options.Psk.Remove(Setup.Identity));
        field.Echo(old, "after the key was removed");
        TestClient late = field.Add();
        late.Engine.Connect(field.Network.Now);
        Assert.IsTrue(field.Network.Run(() => late.State == AssociationState.Closed, 60_000));
        Assert.AreEqual(DtlsError.AlertReceived, late.Association.LastError);
        Assert.AreEqual(Alert.UnknownPskIdentity, late.Association.AlertReceived);

        byte[] key = Encoding.ASCII.GetBytes("another key");
        options.Psk.Add(key, "sensor-2");
        DtlsOptions other = Setup.SeededOptions(2);
        other.Psk = new PskStore();
        other.Psk.Add(key, "sensor-2");
        field.Echo(field.Connect(field.Add(other)), "with the new key");
        options.Psk.Add(Setup.Key, Setup.Identity);
        field.Echo(field.Connect(late), "with the key that is back");
        field.Echo(old, "still here");
    }

    [TestMethod]
    public void A_client_takes_the_key_that_its_store_has_when_it_connects()
    {
        Field field = new Field(Setup.SeededOptions(1));
        DtlsOptions options = Setup.SeededOptions(2);
        options.Psk.Remove(Setup.Identity);
        options.Psk.Add(Setup.Key, "unknown");
        TestClient client = field.Add(options);
        client.Engine.Connect(field.Network.Now);
        Assert.IsTrue(field.Network.Run(() => client.State == AssociationState.Closed, 60_000));
        options.Psk.Remove("unknown");
        options.Psk.Add(Setup.Key, Setup.Identity);
        field.Echo(field.Connect(client), "with the other identity");
        options.Psk.Remove(Setup.Identity);
        field.Echo(client, "without any key");
    }

    [TestMethod]
    public void A_session_that_is_silent_for_too_long_ends_and_one_that_speaks_lives()
    {
        DtlsOptions options = Setup.SeededOptions(1);
        options.IdleTimeout = 5000;
        Field field = new Field(options);
        TestClient silent = field.Connect();
        TestClient speaking = field.Connect();
        Association session = field.SessionOf(silent);
        field.Network.AutoRelease = false;
        for (int i = 0; i < 10; i++)
        {
            field.Network.Run(1000);
            field.Echo(speaking, "here");
        }

        Assert.AreEqual(AssociationState.Closed, session.State);
        Assert.AreEqual(DtlsError.IdleTimeout, session.LastError);
        Assert.AreEqual(AssociationState.Closed, silent.State);
        field.Server.Release(session);
        Assert.AreEqual(1, field.Server.SessionCount);
    }

    [TestMethod]
    public void A_second_close_may_shorten_the_wait_of_the_first()
    {
        Field field = new Field(Setup.SeededOptions(1));
        TestClient client = field.Connect();
        field.Network.Drop = 1;
        client.Association.Close(-1, field.Network.Now);
        field.Network.Run(100_000);
        Assert.AreEqual(AssociationState.Closing, client.State);
        client.Association.Close(1000, field.Network.Now);
        Assert.IsTrue(field.Network.Run(() => client.State == AssociationState.Closed, 1000), "The close goes on.");
        Assert.AreEqual(DtlsError.CloseFail, client.Association.LastError);
    }

    [TestMethod]
    public void Forged_records_do_not_keep_a_session_alive()
    {
        DtlsOptions options = Setup.SeededOptions(1);
        options.IdleTimeout = 5000;
        Field field = new Field(options);
        TestClient client = field.Connect();
        byte[] forged = [23, 254, 253, 0, 1, 0, 0, 0, 0, 1, 0, 0, 24, .. new byte[24]];
        for (int i = 0; i < 10; i++)
        {
            forged[9]++;
            field.Network.Inject(true, client.Address, forged, 0);
            field.Network.Run(1000);
        }

        Assert.AreEqual(0, field.Server.SessionCount);
    }

    private static Field Asking(out TestClient client, out ConnectRequest request)
    {
        DtlsOptions options = Setup.SeededOptions(1);
        options.AskToConnect = true;
        Field field = new Field(options);
        TestClient asked = field.Add();
        asked.Engine.Connect(field.Network.Now);
        Assert.IsTrue(field.Network.Run(() => field.Network.ServerEvents.Any(e => (e.Events & AssociationEvents.Connecting) != 0), 10_000), "The application is not asked.");
        Association session = field.Network.ServerEvents[0].Association;
        request = session.ConnectRequest;
        Assert.IsNotNull(request);
        CollectionAssert.AreEqual(asked.Address, session.PeerAddress.AsSpan(0, session.PeerAddressLength).ToArray());
        Assert.AreEqual(1, field.Server.SessionCount);
        client = asked;
        return field;
    }
}
