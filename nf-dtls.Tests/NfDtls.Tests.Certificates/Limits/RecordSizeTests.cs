using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Flights with certificates in records of a size that both ends agreed on.</summary>
[TestClass]
public class RecordSizeTests
{
    private const int Header = 13;

    [TestMethod]
    [DataRow(64, 1232)]
    [DataRow(64, 150)]
    [DataRow(100, 228)]
    [DataRow(512, 1232)]
    [DataRow(512, 300)]
    public void Certificates_of_both_ends_go_in_records_of_the_limit_whatever_the_datagrams_are(int limit, int mtu)
    {
        foreach (double loss in new[] { 0, 0.1 })
        {
            TestBed bed = Bed(mtu, 100 + (limit * 2), new RecordSizeLimit(limit), new RecordSizeLimit(limit));
            bed.Network.Drop = loss;
            bed.Network.Delay = loss;
            bed.Connect();
            bed.Network.Drop = 0;
            Assert.HasCount(4, bed.Client.Association.PeerCertificates);
            Assert.HasCount(4, bed.ServerAssociation!.PeerCertificates);
            List<int> contents = Contents(bed);
            Assert.AreEqual(Math.Min(limit, mtu - Header), contents.Max());
            Assert.IsTrue(contents.Count(content => content == contents.Max()) > 1);
            bed.VerifyEcho(new byte[Math.Min(limit, bed.Client.Association.MaxPayload)]);
        }
    }

    [TestMethod]
    public void Certificates_of_both_ends_go_in_fragments_of_512_bytes_where_a_client_asks_for_them()
    {
        TestBed bed = Bed(1400, 9, new MaxFragmentLength(512), new MaxFragmentLength());
        bed.Connect();
        Assert.AreEqual(512, Contents(bed).Max());
        bed.VerifyEcho(new byte[512]);
    }

    [TestMethod]
    public void Small_records_share_a_datagram()
    {
        TestBed bed = Bed(1232, 3, new RecordSizeLimit(64), new RecordSizeLimit(16384));
        bed.Connect();
        int records = 0;
        int datagrams = 0;
        foreach (Datagram datagram in bed.Network.Sent.Where(one => !one.ToServer && one.Bytes.Length > 900))
        {
            datagrams++;
            records += Records(datagram.Bytes).Count();
        }

        Assert.IsGreaterThan(0, datagrams);
        Assert.IsGreaterThan(12 * datagrams, records);
    }

    private static TestBed Bed(int mtu, int seed, Feature client, Feature server)
    {
        Identity device = Identity.Of(CaKeyKind.P256, 4);
        DtlsOptions clientOptions = Setup.Client(CertificateSuites.Modern(), Setup.Store(device, device));
        DtlsOptions serverOptions = Setup.Server(CertificateSuites.Modern(), Setup.Store(device, device), ClientCertificates.Require);
        clientOptions.Features = new[] { client };
        serverOptions.Features = new[] { server };
        clientOptions.Mtu = mtu;
        serverOptions.Mtu = mtu;
        return new TestBed(clientOptions, serverOptions, seed);
    }

    /// <summary>Lengths of the records in the clear, from the ServerHello on.</summary>
    private static List<int> Contents(TestBed bed)
    {
        List<int> contents = new();
        bool isAgreed = false;
        foreach (Datagram datagram in bed.Network.Sent)
        {
            foreach ((int at, int length) in Records(datagram.Bytes))
            {
                bool isClear = datagram.Bytes[at + 4] == 0 && datagram.Bytes[at] == ContentType.Handshake;
                isAgreed |= isClear && datagram.Bytes[at + Header] == HandshakeType.ServerHello;
                if (isAgreed && isClear && datagram.Bytes[at + Header] != HandshakeType.ClientHello)
                {
                    contents.Add(length);
                }
            }
        }

        return contents;
    }

    private static IEnumerable<(int At, int Length)> Records(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int length = (bytes[at + 11] << 8) | bytes[at + 12];
            yield return (at, length);
            at += Header + length;
        }
    }
}
