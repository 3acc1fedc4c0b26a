using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

/// <summary>What may come next, over every row, every flag and every message out of its place.</summary>
[TestClass]
public class HandshakeRulesTests
{
    private static readonly int[] s_types =
    {
        M.HelloRequest, M.ClientHello, M.ServerHello, M.HelloVerifyRequest, M.NewSessionTicket, M.Certificate, M.ServerKeyExchange,
        M.CertificateRequest, M.ServerHelloDone, M.CertificateVerify, M.ClientKeyExchange, M.Finished, M.ChangeCipherSpec, 99,
    };

    [TestMethod]
    public void A_version_that_is_not_in_the_table_is_not_found_there()
    {
        VersionTable table = new VersionTable().Add(new Dtls12());
        Assert.IsNull(table.Find(DtlsVersion.Dtls10));
        Assert.IsNull(table.Find(0xFEFC));
        Assert.AreSame(table.At(0), table.Find(DtlsVersion.Dtls12));
        Assert.ThrowsExactly<System.ArgumentException>(() => table.Add(new Dtls12()));
    }

    [TestMethod]
    public void A_row_says_its_message_and_whether_it_must_come_may_come_or_comes_again()
    {
        HandshakeRules rules = new HandshakeRules();
        rules.Require(M.ServerHello, 4, 2);
        rules.Allow(M.Certificate, 4, 0);
        rules.Repeat(M.HelloVerifyRequest, 0, 2);
        Assert.AreEqual(3, rules.Count);
        CollectionAssert.AreEqual(new[] { M.ServerHello, M.Certificate, M.HelloVerifyRequest }, new[] { rules.TypeAt(0), rules.TypeAt(1), rules.TypeAt(2) });
        foreach (int flags in new[] { 0, 1, 2, 4, 6 })
        {
            bool[] allowed = { flags == 4, (flags & 4) != 0, (flags & 2) == 0 };
            for (int row = 0; row < 3; row++)
            {
                Assert.AreEqual(allowed[row], rules.IsAllowed(row, flags), row + ", " + flags);
                Assert.AreEqual(row == 0 && allowed[0], rules.IsRequired(row, flags), row + ", " + flags);
                Assert.AreEqual(row == 2, rules.Repeats(row));
            }
        }
    }

    [TestMethod]
    public void The_messages_of_every_kind_of_handshake_are_let_through()
    {
        const int Psk = HandshakeFlags.ServerKeyExchangeOptional;
        const int Ecdhe = HandshakeFlags.ServerCertificate | HandshakeFlags.ServerKeyExchangeRequired;
        Passes(false, Psk, M.ServerHello, M.ServerHelloDone, M.ChangeCipherSpec, M.Finished);
        Passes(false, Psk, M.HelloVerifyRequest, M.HelloVerifyRequest, M.ServerHello, M.ServerKeyExchange, M.ServerHelloDone, M.ChangeCipherSpec, M.Finished);
        Passes(false, Ecdhe, M.ServerHello, M.Certificate, M.ServerKeyExchange, M.CertificateRequest, M.ServerHelloDone, M.ChangeCipherSpec, M.Finished);
        Passes(false, HandshakeFlags.ServerCertificate, M.ServerHello, M.Certificate, M.ServerHelloDone, M.ChangeCipherSpec, M.Finished);
        Passes(false, HandshakeFlags.Abbreviated | Psk, M.ServerHello, M.ChangeCipherSpec, M.Finished);
        Passes(false, HandshakeFlags.TicketExpected | Psk, M.ServerHello, M.ServerHelloDone, M.NewSessionTicket, M.ChangeCipherSpec, M.Finished);
        Passes(true, Psk, M.ClientHello, M.ClientKeyExchange, M.ChangeCipherSpec, M.Finished);
        const int Asked = HandshakeFlags.ClientCertificateRequested;
        Passes(true, Asked, M.ClientHello, M.Certificate, M.ClientKeyExchange, M.ChangeCipherSpec, M.Finished);
        Passes(true, Asked | HandshakeFlags.ClientCertificateSent, M.ClientHello, M.Certificate, M.ClientKeyExchange, M.CertificateVerify, M.ChangeCipherSpec, M.Finished);
        Passes(true, HandshakeFlags.Abbreviated, M.ClientHello, M.ChangeCipherSpec, M.Finished);
    }

    [TestMethod]
    public void Every_other_sequence_of_messages_is_refused()
    {
        // All sequences that the tables accept are enumerated, for all flags that decide, and compared with a plain grammar.
        foreach (bool isServer in new[] { false, true })
        {
            for (int flags = 0; flags < 128; flags++)
            {
                HashSet<string> accepted = new();
                Enumerate(new Dtls12().CreateRules(isServer), 0, flags, string.Empty, 0, accepted);
                HashSet<string> expected = new();
                Grammar(isServer, flags, expected);
                Assert.IsTrue(accepted.SetEquals(expected), "server " + isServer + ", flags " + flags + ": " + string.Join(" | ", accepted) + " instead of " + string.Join(" | ", expected));
            }
        }
    }

    [TestMethod]
    public void Nothing_comes_behind_the_finished()
    {
        foreach (bool isServer in new[] { false, true })
        {
            HandshakeRules rules = new Dtls12().CreateRules(isServer);
            foreach (int type in s_types)
            {
                Assert.AreEqual(-1, rules.Next(rules.Count, type, 0));
            }
        }
    }

    private static void Passes(bool isServer, int flags, params int[] types)
    {
        HandshakeRules rules = new Dtls12().CreateRules(isServer);
        int row = 0;
        foreach (int type in types)
        {
            foreach (int other in s_types)
            {
                if (Array.IndexOf(types, other) < 0 && other != M.HelloVerifyRequest && other != M.ServerKeyExchange && other != M.CertificateRequest)
                {
                    Assert.AreEqual(-1, rules.Next(row, other, flags), other + " instead of " + type);
                }
            }

            row = rules.Next(row, type, flags);
            Assert.IsTrue(row >= 0, "message " + type + " is refused");
        }

        Assert.AreEqual(rules.Count, row);
    }

    private static void Enumerate(HandshakeRules rules, int row, int flags, string path, int depth, HashSet<string> accepted)
    {
        if (row == rules.Count)
        {
            accepted.Add(path.Trim());
            return;
        }

        foreach (int type in s_types)
        {
            int next = rules.Next(row, type, flags);
            if (next >= 0 && !(type == M.HelloVerifyRequest && depth > 0))
            {
                Enumerate(rules, next, flags, path + " " + type, depth + 1, accepted);
            }
        }
    }

    /// <summary>RFC 5246's figure 1 and RFC 6347's figure 1, written out.</summary>
    private static void Grammar(bool isServer, int flags, HashSet<string> sequences)
    {
        bool whole = (flags & HandshakeFlags.Abbreviated) == 0;
        List<string[]> parts = new();
        if (isServer)
        {
            parts.Add(new[] { " 1" });
            Add(parts, whole && (flags & HandshakeFlags.ClientCertificateRequested) != 0, " 11");
            Add(parts, whole, " 16");
            Add(parts, whole && (flags & HandshakeFlags.ClientCertificateSent) != 0, " 15");
        }
        else
        {
            parts.Add(whole ? new[] { string.Empty, " 3" } : new[] { string.Empty });
            parts.Add(new[] { " 2" });
            Add(parts, whole && (flags & HandshakeFlags.ServerCertificate) != 0, " 11");
            bool required = (flags & HandshakeFlags.ServerKeyExchangeRequired) != 0;
            Add(parts, whole && required, " 12");
            if (whole && !required && (flags & HandshakeFlags.ServerKeyExchangeOptional) != 0)
            {
                parts.Add(new[] { string.Empty, " 12" });
            }

            if (whole && (flags & HandshakeFlags.ServerCertificate) != 0)
            {
                parts.Add(new[] { string.Empty, " 13" });
            }

            Add(parts, whole, " 14");
            Add(parts, (flags & HandshakeFlags.TicketExpected) != 0, " 4");
        }

        parts.Add(new[] { " 256" });
        parts.Add(new[] { " 20" });
        Expand(parts, 0, string.Empty, sequences);
    }

    private static void Add(List<string[]> parts, bool there, string part)
    {
        if (there)
        {
            parts.Add(new[] { part });
        }
    }

    private static void Expand(List<string[]> parts, int index, string path, HashSet<string> sequences)
    {
        if (index == parts.Count)
        {
            sequences.Add(path.Trim());
            return;
        }

        foreach (string part in parts[index])
        {
            Expand(parts, index + 1, path + part, sequences);
        }
    }
}
