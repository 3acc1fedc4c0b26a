using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>ClientHellos that a server cannot take: it says why, once, and keeps nothing.</summary>
[TestClass]
public class HelloTests
{
    private static readonly byte[] _null = [1, 0];
    private static readonly byte[] _ccm8 = [0, 2, 0xC0, 0xA8];

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.DecodeError))]
    public void A_hello_that_breaks_its_syntax_is_a_decode_error()
    {
        Refuses(Hello(0xFEFD, [0, 1, 0xC0], _null), DtlsError.DecodeError, Alert.DecodeError);
        Refuses(Hello(0xFEFD, _ccm8, []), DtlsError.DecodeError, Alert.DecodeError);
        Refuses(Hello(0xFEFD, _ccm8, [1, 0, 0, 9, 0, 23]), DtlsError.DecodeError, Alert.DecodeError);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.IllegalParameter))]
    public void A_hello_that_will_not_go_without_compression_has_an_illegal_parameter()
    {
        Refuses(Hello(0xFEFD, _ccm8, [1, 1]), DtlsError.IllegalParameter, Alert.IllegalParameter);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.ProtocolVersion))]
    public void A_hello_of_an_older_version_is_told_the_version()
    {
        Refuses(Hello(0xFEFF, _ccm8, _null), DtlsError.ProtocolVersion, Alert.ProtocolVersion);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.HandshakeFailure))]
    public void A_hello_without_a_suite_of_ours_is_a_handshake_failure()
    {
        Refuses(Hello(0xFEFD, [0, 2, 0x13, 0x01], _null), DtlsError.HandshakeFailure, Alert.HandshakeFailure);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.UnexpectedMessage))]
    public void A_Finished_in_the_place_of_the_key_exchange_is_unexpected()
    {
        byte[] finished = [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 1, 0, 24, 20, 0, 0, 12, 0, 1, 0, 0, 0, 0, 0, 12, .. new byte[12]];
        Refuses([.. Hello(0xFEFD, _ccm8, _null), .. finished], DtlsError.UnexpectedMessage, Alert.UnexpectedMessage);
    }

    /// <summary>Sends a hello to a server without cookies.</summary>
    private static void Refuses(byte[] datagram, DtlsError error, int alert)
    {
        DtlsOptions options = Setup.Options();
        options.CookieExchange = false;
        using EchoServer server = new EchoServer(options);
        using DtlsClient earlier = server.Connect();
        using Socket stranger = Check.SilentSocket();
        stranger.ReceiveTimeout = Setup.Patience;
        stranger.SendTo(datagram, server.EndPoint);
        byte[] answer = new byte[2000];
        EndPoint from = Setup.Loopback(0);
        int length = stranger.ReceiveFrom(answer, ref from);
        Assert.AreEqual(15, length, Convert.ToHexString(answer, 0, length));
        Assert.AreEqual(21, answer[0]);
        Assert.AreEqual(2, answer[13]);
        Assert.AreEqual(alert, answer[14]);
        Setup.Until(() => server.Errors.Count == 1, "Error");
        Assert.AreEqual(error, server.Errors.Single());
        Assert.AreEqual(1, server.Server.SessionCount);
        Check.Echo(earlier, "still here");
        Check.Whole(server.Server.Pool);
        Assert.AreEqual(0, stranger.Available);
    }

    private static byte[] Hello(int version, byte[] suites, byte[] rest)
    {
        byte[] body = [(byte)(version >> 8), (byte)version, .. new byte[32], 0, 0, .. suites, .. rest];
        byte length = (byte)body.Length;
        return [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(12 + length), 1, 0, 0, length, 0, 0, 0, 0, 0, 0, 0, length, .. body];
    }
}
