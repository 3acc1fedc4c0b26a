using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Net;

/// <summary>Against openssl s_client and s_server.</summary>
[TestClass]
public sealed class OpenSslTests
{
    private static readonly string HexKey = System.Convert.ToHexString(Ends.Key);

    [TestMethod]
    public async Task S_client_is_accepted_by_its_key_and_hears_its_echo()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.Shards = 2);
        using PeerProgram peer = PeerProgram.Start(true, "openssl", "s_client", "-dtls1_2", "-quiet", "-connect", listener.LocalEndPoint.ToString(),
            "-psk_identity", Ends.Identity, "-psk", HexKey, "-cipher", "PSK-AES128-GCM-SHA256");
        await using DtlsConnection connection = await listener.AcceptConnectionAsync().AsTask().WaitAsync(Ends.Patience);
        Assert.AreEqual(Ends.Identity, Encoding.UTF8.GetString(connection.PskIdentity!.Value.Span));
        await Ends.AssertEchoesAsync(connection, "said by s_client\n");
        await connection.CloseAsync().AsTask().WaitAsync(Ends.Patience);
    }

    [TestMethod]
    public async Task S_server_is_reached_by_our_client()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PeerProgram.Start(true, "openssl", "s_server", "-dtls1_2", "-quiet", "-nocert", "-accept", port.ToString(CultureInfo.InvariantCulture),
            "-psk", HexKey, "-cipher", "PSK-CHACHA20-POLY1305");
        peer.WaitForPort(port);
        await using DtlsConnection client = await DtlsConnection.ConnectAsync(Ends.ClientOptions(new IPEndPoint(IPAddress.Loopback, port))).AsTask().WaitAsync(Ends.Patience);
        await Ends.AssertEchoesAsync(client, "said by us\n");
        await client.CloseAsync().AsTask().WaitAsync(Ends.Patience);
    }
}
