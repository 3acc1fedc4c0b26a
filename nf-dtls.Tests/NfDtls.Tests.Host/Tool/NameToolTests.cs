using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>nfdtls --alpn and --sni.</summary>
[TestClass]
public sealed class NameToolTests
{
    private const string Keys = "--psk 00112233445566778899aabbccddeeff --identity device";

    [TestMethod]
    public void Both_ends_agree_on_a_protocol_and_the_server_tells_whom_the_client_asks_for()
    {
        using ToolRun server = ToolRun.Server($"{Keys} --echo --alpn h2,coap --sni a.example,b.example", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --alpn coap --sni b.example", "hello\n", "hello\n").Ended(0);
        StringAssert.Contains(client.Output, "hello");
        StringAssert.Contains(client.Errors, "coap");
        Setup.Until(() => server.Errors.Contains("for b.example, speaks coap"), "the server tells it");
    }

    [TestMethod]
    public void A_server_refuses_another_name_and_another_protocol()
    {
        using ToolRun server = ToolRun.Server($"{Keys} --echo --alpn coap --sni a.example", out int port);
        using ToolRun unknown = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --sni b.example", "hello\n").Ended(3);
        StringAssert.Contains(unknown.Errors, "unrecognized_name");
        using ToolRun other = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --alpn h2", "hello\n").Ended(3);
        StringAssert.Contains(other.Errors, "no_application_protocol");
    }

    [TestMethod]
    public void What_is_no_name_is_wrong_usage()
    {
        foreach (string option in new[] { "--alpn a,,b", "--alpn a,a", "--sni 192.0.2.1", "--sni a..b", "--sni a,b" })
        {
            using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 9 {Keys} {option}").Ended(2);
            StringAssert.Contains(client.Errors, option.Split(' ')[0]);
        }
    }
}
