extern alias provisioning;

using System;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using provisioning::NfDtls.Samples.Provisioning;

namespace NfDtls.Tests.Samples.Provisioning;

/// <summary>Where a bootstrap server may send a device.</summary>
[TestClass]
public sealed class ServerUriTests
{
    [TestMethod]
    [DataRow("coaps://example.com", "example.com", 5684)]
    [DataRow("coaps://example.com/", "example.com", 5684)]
    [DataRow("CoapS://Example.com:1", "Example.com", 1)]
    [DataRow("coaps://10.0.0.1:65535/", "10.0.0.1", 65535)]
    [DataRow("coaps://my_host-2.lan:05684", "my_host-2.lan", 5684)]
    [DataRow("coaps://[2001:db8::1]", "2001:db8::1", 5684)]
    [DataRow("coaps://[::ffff:10.0.0.1]:7/", "::ffff:10.0.0.1", 7)]
    public void An_address_of_a_CoAPs_server_has_a_host_and_a_port(string text, string host, int port)
    {
        ServerUri uri = new();
        Assert.IsTrue(Read(uri, text));
        Assert.AreEqual(host, uri.Host);
        Assert.AreEqual(port, uri.Port);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("coaps://")]
    [DataRow("coaps:///")]
    [DataRow("coap://example.com")]
    [DataRow("https://example.com")]
    [DataRow("coaps://example.com:")]
    [DataRow("coaps://example.com:0")]
    [DataRow("coaps://example.com:65536")]
    [DataRow("coaps://example.com:999999")]
    [DataRow("coaps://example.com:56a4")]
    [DataRow("coaps://example.com:-1")]
    [DataRow("coaps://example.com/path")]
    [DataRow("coaps://example.com//")]
    [DataRow("coaps://user@example.com")]
    [DataRow("coaps://exam ple.com")]
    [DataRow("coaps://ex\u00E4mple.com")]
    [DataRow("coaps://exam\0ple.com")]
    [DataRow("coaps://[::1")]
    [DataRow("coaps://[]")]
    [DataRow("coaps://[::1]5684")]
    [DataRow("coaps://[fe80::1%eth0]")]
    [DataRow("coaps://::1")]
    [DataRow("coaps://example.com?x")]
    public void What_else_there_is_is_none(string text)
    {
        Assert.IsFalse(Read(new ServerUri(), text));
    }

    [TestMethod]
    public void The_longest_name_is_taken_and_a_longer_one_is_not()
    {
        string longest = "coaps://" + new string('h', ServerUri.MaxLength - "coaps://".Length);
        Assert.IsTrue(Read(new ServerUri(), longest));
        Assert.IsFalse(Read(new ServerUri(), longest + "h"));
    }

    private static bool Read(ServerUri uri, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes("##" + text + "##");
        return uri.Read(bytes, 2, bytes.Length - 4);
    }
}
