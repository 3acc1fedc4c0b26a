using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

[TestClass]
public class LikelyErrorTests
{
    [TestMethod]
    public void A_client_that_has_not_connected_yet_can_tell_a_wrong_key_from_a_server_that_is_not_there()
    {
        DtlsOptions wrong = Setup.Options();
        wrong.Psk = new PskStore();
        wrong.Psk.Add(Setup.Bytes("another key!!!!!"), Setup.Identity);
        using Socket silent = Check.SilentSocket();
        using DtlsClient client = new DtlsClient(wrong);
        Assert.AreEqual(DtlsError.None, client.LikelyError);
        Assert.IsFalse(client.Connect((IPEndPoint)silent.LocalEndPoint!, 0));
        Assert.AreEqual(DtlsError.Timeout, client.LikelyError);
        client.Close(0);
        using EchoServer server = new EchoServer();
        Assert.IsFalse(client.Connect(server.EndPoint, 0));
        Setup.Until(() => client.LikelyError == DtlsError.KeyMismatchSuspected, "the suspicion");
        Assert.AreEqual(DtlsError.None, client.LastError);
        client.Close(0);
        Assert.AreEqual(client.LastError, client.LikelyError);
        Check.Whole(client.Pool);
    }
}
