using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

/// <summary>The tables of both roles, walked by every sequence of messages.</summary>
[TestClass]
public class RuleTests
{
    private static readonly int[] Types =
    [
        HandshakeType.ClientHello, HandshakeType.ServerHello, HandshakeType13.EncryptedExtensions, HandshakeType.CertificateRequest,
        HandshakeType.Certificate, HandshakeType.CertificateVerify, HandshakeType.Finished, HandshakeType13.KeyUpdate, HandshakeType.NewSessionTicket,
        HandshakeType.ChangeCipherSpec,
    ];

    [TestMethod]
    public void A_client_takes_these_sequences_and_no_others()
    {
        Only(Rules13.Client(), 0, "2 8 20");
        Only(Rules13.Client(), HandshakeFlags.HelloRetried, "2 2 8 20");
        Only(Rules13.Client(), HandshakeFlags.ServerCertificate, "2 8 11 15 20", "2 8 13 11 15 20");
        Only(Rules13.Client(), HandshakeFlags.ServerCertificate | HandshakeFlags.HelloRetried, "2 2 8 11 15 20", "2 2 8 13 11 15 20");
    }

    [TestMethod]
    public void A_server_takes_these_sequences_and_no_others()
    {
        Only(Rules13.Server(), 0, "1 20");
        Only(Rules13.Server(), HandshakeFlags.ClientCertificateRequested, "1 11 20");
        Only(Rules13.Server(), HandshakeFlags.ClientCertificateRequested | HandshakeFlags.ClientCertificateSent, "1 11 15 20");
    }

    private static void Only(HandshakeRules rules, int flags, params string[] expected)
    {
        List<string> found = [];
        Walk(rules, flags, 0, "", found);
        found.Sort();
        System.Array.Sort(expected);
        Assert.AreEqual(string.Join(" | ", expected), string.Join(" | ", found));
    }

    private static void Walk(HandshakeRules rules, int flags, int row, string path, List<string> found)
    {
        foreach (int type in Types)
        {
            int next = rules.Next(row, type, flags);
            if (next < 0)
            {
                continue;
            }

            string longer = path.Length == 0 ? type.ToString() : path + " " + type;
            if (type == HandshakeType.Finished)
            {
                found.Add(longer);
            }

            Walk(rules, flags, next, longer, found);
        }
    }
}
