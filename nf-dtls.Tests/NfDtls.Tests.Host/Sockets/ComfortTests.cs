using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Sockets;
using NfDtls.X509;

namespace NfDtls.Tests.Host;

/// <summary>One name for one thing, and texts that say what a thing is.</summary>
[TestClass]
public sealed class ComfortTests
{
    [TestMethod]
    [DataRow(typeof(PskSuites))]
    [DataRow(typeof(CertificateSuites))]
    [DataRow(typeof(Suites13))]
    public void Every_family_of_suites_has_the_same_tables_and_each_is_a_part_of_all(Type family)
    {
        string[] all = Table(family, "All");
        string[] compatible = Table(family, "Compatible");
        string[] modern = Table(family, "Modern");
        string[] constrained = Table(family, "Constrained");
        CollectionAssert.IsSubsetOf(compatible, all);
        CollectionAssert.IsSubsetOf(modern, compatible);
        Assert.HasCount(1, constrained);
        CollectionAssert.IsSubsetOf(constrained, all);
        Assert.IsFalse(modern.Any(name => name.Contains("_CBC_", StringComparison.Ordinal)), string.Join(" ", modern));
        Assert.AreEqual(all.Length, all.Distinct().Count());
    }

    [TestMethod]
    public void A_client_and_a_session_tell_with_whom_and_in_which_suite()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient unconnected = new DtlsClient(Setup.Options());
        Assert.AreEqual("no server yet", unconnected.ToString());
        using DtlsClient client = server.Connect();
        Assert.AreEqual($"{server.EndPoint}, TLS_PSK_WITH_AES_128_CCM_8", client.ToString());
        Setup.Until(() => !server.Connected.IsEmpty, "the session");
        Assert.IsTrue(server.Connected.TryPeek(out DtlsSession? session));
        Assert.AreEqual($"127.0.0.1:{client.LocalPort}, TLS_PSK_WITH_AES_128_CCM_8", session.ToString());
    }

    private static string[] Table(Type family, string name)
    {
        MethodInfo? method = family.GetMethod(name, BindingFlags.Public | BindingFlags.Static, Type.EmptyTypes);
        Assert.IsNotNull(method, family.Name + "." + name);
        CipherSuiteTable table = (CipherSuiteTable)method.Invoke(null, null)!;
        List<string> names = [];
        for (int i = 0; i < table.Count; i++)
        {
            names.Add(table.At(i).Name);
        }

        return [.. names];
    }
}
