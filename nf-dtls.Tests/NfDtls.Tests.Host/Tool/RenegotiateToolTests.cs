using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>nfdtls --renegotiate: new keys within a connection.</summary>
[TestClass]
public sealed class RenegotiateToolTests
{
    private const string Keys = "--psk 000102030405060708090a0b0c0d0e0f --identity device";

    [TestMethod]
    public void A_client_renegotiates_once_it_is_connected_and_the_server_tells()
    {
        using ToolRun server = ToolRun.Server($"{Keys} --echo --renegotiate", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --renegotiate", "one line\n", "one line\n").Ended(0);
        StringAssert.Contains(client.Errors, "renegotiated: new keys");
        StringAssert.Contains(client.Output, "one line\n");
        Setup.Until(() => server.Errors.Contains(" renegotiated, "), "the server tells who renegotiated");
    }

    [TestMethod]
    public void A_server_that_may_not_refuses_and_the_lines_go_on()
    {
        using ToolRun server = ToolRun.Server($"{Keys} --echo", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --renegotiate", "one line\n", "one line\n").Ended(0);
        StringAssert.Contains(client.Errors, "does not renegotiate");
        StringAssert.Contains(client.Output, "one line\n");
    }
}
