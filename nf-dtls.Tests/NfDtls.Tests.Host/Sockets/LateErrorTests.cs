using System;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Errors at the end of a handshake, and at the end of an epoch.</summary>
[TestClass]
public class LateErrorTests
{
    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.DecryptError))]
    public void A_client_whose_Finished_is_wrong_is_told_decrypt_error()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(Wrong("client finished"));
        DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.DecryptError, e.AlertReceived);
        Setup.Until(() => server.Errors.Count == 1, "Error");
        Assert.AreEqual(DtlsError.DecryptError, server.Errors.Single());
        Assert.IsTrue(server.Connected.IsEmpty);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.DecryptError))]
    public void A_server_whose_Finished_is_wrong_is_told_decrypt_error()
    {
        using EchoServer server = new EchoServer(Wrong("server finished"));
        using DtlsClient client = new DtlsClient(Setup.Options());
        DtlsException e = Setup.Fails(DtlsError.DecryptError, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.DecryptError, e.AlertSent);
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.AlertReceived, server.Disconnected.Single());
        DtlsException later = Setup.Fails(DtlsError.AlertReceived, () => server.Connected.Single().Send(new byte[1]));
        Assert.AreEqual(Alert.DecryptError, later.AlertReceived);
        Check.Whole(client.Pool);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    [TestProperty("Error", nameof(DtlsError.SequenceExhausted))]
    public void The_last_sequence_number_is_for_the_goodbye(bool atServer)
    {
        CapturingExtension ofServer = new CapturingExtension();
        CapturingExtension ofClient = new CapturingExtension();
        DtlsOptions options = Setup.Options();
        options.Extensions = [ofServer];
        using EchoServer server = new EchoServer(options);
        options = Setup.Options();
        options.Extensions = [ofClient];
        using DtlsClient client = server.Connect(options);
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        DtlsSession session = server.Connected.Single();
        Check.Echo(client, "hello");
        Association association = (atServer ? ofServer : ofClient).Association!;
        association.WriteEpoch.NextSequence = Epoch.LastSequence - 1;
        Check.Echo(client, "the last but one");
        Action send = atServer ? () => session.Send(new byte[1]) : () => client.Send(new byte[1]);
        DtlsException e = Setup.Fails(DtlsError.SequenceExhausted, send);
        Assert.AreEqual(Alert.CloseNotify, e.AlertSent);
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(atServer ? DtlsError.SequenceExhausted : DtlsError.SessionClosed, server.Disconnected.Single());
        e = Setup.Fails(atServer ? DtlsError.SessionClosed : DtlsError.SequenceExhausted, () => client.Receive(new byte[10], 0, Setup.Patience));
        Assert.AreEqual(Alert.CloseNotify, atServer ? e.AlertReceived : e.AlertSent);
        Check.Whole(server.Server.Pool);
        Check.Whole(client.Pool);
    }

    private static DtlsOptions Wrong(string label)
    {
        DtlsOptions options = Setup.Options();
        options.Crypto = new CompositeProvider([new WrongPrf(label), new HostProvider()]);
        return options;
    }

    /// <summary>A PRF whose output under one label is not what it should be.</summary>
    private sealed class WrongPrf : CryptoProvider
    {
        private readonly HostProvider _host = new HostProvider();
        private readonly byte[] _label;

        public WrongPrf(string label)
        {
            _label = Encoding.ASCII.GetBytes(label);
        }

        public override bool Supports(int algorithm) => algorithm == CryptoAlgorithm.Prf + CryptoAlgorithm.Sha256;

        public override void Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
        {
            _host.Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
            if (labelAndSeed.AsSpan(seedOffset, seedCount).StartsWith(_label))
            {
                destination[offset] ^= 1;
            }
        }
    }
}
