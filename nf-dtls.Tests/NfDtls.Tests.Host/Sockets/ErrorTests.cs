using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Errors that take a peer or a part of one's own that is out of the ordinary.</summary>
[TestClass]
public class ErrorTests
{
    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.InsufficientSecurity))]
    public void Without_the_extended_master_secret_that_it_requires_a_client_goes_no_further()
    {
        DtlsOptions options = Setup.HastyOptions();
        options.RequireExtendedMasterSecret = true;
        DtlsException e = Answer(options, ServerHello([]), DtlsError.InsufficientSecurity);
        Assert.AreEqual(Alert.InsufficientSecurity, e.AlertSent);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.UnsupportedExtension))]
    public void An_extension_that_was_not_asked_for_is_refused()
    {
        DtlsException e = Answer(Setup.HastyOptions(), ServerHello([0, 4, 0x12, 0x34, 0, 0]), DtlsError.UnsupportedExtension);
        Assert.AreEqual(Alert.UnsupportedExtension, e.AlertSent);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.HandshakeMessageTooLarge))]
    public void A_message_longer_than_the_options_allow_is_named_when_the_time_is_over()
    {
        byte[] hello = ServerHello([]);
        hello[14] = 1;
        AnswerInTime(hello, DtlsError.HandshakeMessageTooLarge);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.DatagramTooLarge))]
    public void Datagrams_longer_than_the_receive_buffer_are_named_when_the_time_is_over()
    {
        AnswerInTime(new byte[Setup.Options().ReceiveSize + 1], DtlsError.DatagramTooLarge);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.NoEntropy))]
    public void A_server_whose_entropy_runs_dry_fails_the_handshake_and_says_why()
    {
        DtlsOptions options = Setup.Options();
        DryProvider provider = new DryProvider();
        options.Crypto = provider;
        using EchoServer server = new EchoServer(options);
        using DtlsClient earlier = server.Connect();
        provider.IsDry = true;
        using DtlsClient client = new DtlsClient(Setup.HastyOptions());
        Assert.ThrowsExactly<DtlsException>(() => client.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => server.Errors.Contains(DtlsError.NoEntropy), "Error");
        Check.Echo(earlier, "still here");
        provider.IsDry = false;
        using DtlsClient later = server.Connect();
        Check.Echo(later, "hello");
    }

    private static byte[] ServerHello(byte[] extensions)
    {
        int length = 38 + extensions.Length;
        byte[] datagram = new byte[25 + length];
        new byte[] { 22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(12 + length), 2, 0, 0, (byte)length, 0, 0, 0, 0, 0, 0, 0, (byte)length, 0xFE, 0xFD }.CopyTo(datagram, 0);
        datagram[60] = 0xC0;
        datagram[61] = 0xA8;
        extensions.CopyTo(datagram, 63);
        return datagram;
    }

    // Where the machine was too slow to answer before the client gave up, the next one has twice the time.
    private static void AnswerInTime(byte[] datagram, DtlsError error)
    {
        DtlsOptions options = Setup.OptionsOfTries(2);
        while (Answer(options, datagram).Error is DtlsError other && other != error)
        {
            Assert.AreEqual(DtlsError.Timeout, other);
            options.RetransmitTimeout *= 2;
            Assert.IsLessThan(Setup.Patience, options.RetransmitTimeout);
        }
    }

    private static DtlsException Answer(DtlsOptions options, byte[] datagram, DtlsError error)
    {
        DtlsException e = Answer(options, datagram);
        Assert.AreEqual(error, e.Error, e.Message);
        return e;
    }

    private static DtlsException Answer(DtlsOptions options, byte[] datagram)
    {
        using Socket server = Check.SilentSocket();
        server.ReceiveTimeout = Setup.Patience;
        using DtlsClient client = new DtlsClient(options);
        IPEndPoint address = Setup.Loopback(((IPEndPoint)server.LocalEndPoint!).Port);
        Assert.IsFalse(client.Connect(address, 0));
        EndPoint peer = Setup.Loopback(0);
        byte[] received = new byte[2000];
        server.ReceiveFrom(received, ref peer);
        server.SendTo(datagram, peer);
        DtlsException e = Assert.ThrowsExactly<DtlsException>(() => client.Connect(address, Setup.Patience));
        Check.Whole(client.Pool);
        return e;
    }

    /// <summary>A provider whose random numbers fail when it is told so.</summary>
    private sealed class DryProvider : CryptoProvider
    {
        private readonly HostProvider _host = new HostProvider();

        public volatile bool IsDry;

        public override bool Supports(int algorithm) => _host.Supports(algorithm);

        public override HashContext CreateHash(int algorithm) => _host.CreateHash(algorithm);

        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength) => _host.CreateAead(algorithm, key, offset, tagLength);

        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac) => _host.CreateCbc(algorithm, keys, offset, encryptThenMac);

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
            => _host.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);

        public override void Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
            => _host.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);

        public override void Random(byte[] destination, int offset, int count)
        {
            if (IsDry)
            {
                throw new InvalidOperationException("There is no entropy.");
            }

            _host.Random(destination, offset, count);
        }
    }
}
